/* Random numbers, a calendar, and a look at the clock and at memory, for the small model. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Random numbers: xoshiro256++ (Blackman & Vigna 2019), seeded by splitmix64. */
static uint64_t rng[4];

static inline uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline double uniform(void) {
    uint64_t word = rotl(rng[0] + rng[3], 23) + rng[0], t = rng[1] << 17;
    rng[2] ^= rng[0], rng[3] ^= rng[1], rng[1] ^= rng[2], rng[0] ^= rng[3], rng[2] ^= t, rng[3] = rotl(rng[3], 45);
    return ((double)(word >> 11) + 0.5) * 0x1p-53;
}

static void seed_with(uint64_t seed, uint64_t replication) {
    uint64_t x = seed * 0x9E3779B97F4A7C15u + replication * 0xD1342543DE82EF95u;
    for (int i = 0; i < 4; i++) {
        uint64_t z = (x += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u, z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        rng[i] = z ^ (z >> 31);
    }
}

static inline double exponential(double mean) { return -mean * log(uniform()); }
static inline double gumbel(void) { return -log(-log(uniform())); }
static double normal(void) { return sqrt(-2.0 * log(uniform())) * cos(6.283185307179586 * uniform()); }

/* The calendar: a binary heap. Nothing after `last_day` is put down. */
typedef struct {
    double when;
    int kind, who;
} Event;

static Event *heap;
static int heap_size, heap_room;
static double now, last_day;

static void sift_down(Event event) {
    int i = 0, child;
    while ((child = 2 * i + 1) < heap_size) {
        if (child + 1 < heap_size && heap[child + 1].when < heap[child].when) child++;
        if (event.when <= heap[child].when) break;
        heap[i] = heap[child], i = child;
    }
    heap[i] = event;
}

static void ask(double delay, int kind, int who) {
    if (now + delay > last_day) return;
    if (heap_size == heap_room) heap = realloc(heap, sizeof(Event) * (size_t)(heap_room *= 2));
    Event event = {now + delay, kind, who};
    int i = heap_size++;
    while (i > 0 && event.when < heap[(i - 1) / 2].when) heap[i] = heap[(i - 1) / 2], i = (i - 1) / 2;
    heap[i] = event;
}

static void drop_first(void) {
    if (--heap_size > 0) sift_down(heap[heap_size]);
}

/* The most memory that the process held, in kilobytes; 0 where the system does not say. */
static long peak_kilobytes(void) {
    char line[256];
    long found = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &found) == 1) break;
    if (status) fclose(status);
    return found;
}

static double clock_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
