/* The small model in plain C: the practical limit.
 *
 * Specialised to this model: two segments, of which the second only trades offshore, three modes, one host.
 * Shares are kept as pull * gain + held * stay, so that a change at one venue costs the same among many as among few:
 * `gain` has gathered what relaxed towards the logit split since the last weekly reading, `stay` is what is left of
 * the shares held then. Parameters come as numbers on the standard input, outcomes go out as numbers, a line per run,
 * and at last the seconds that all runs took and the most kilobytes held.
 *
 *     small SEED FIRST COUNT < parameters
 */
#include <string.h>

#include "small.h"

enum { K = 2, M = 3, STRATEGIES = 5, RECORDS = 6, STEPS = 16, DAYS = 1095, EVERY = 219, WEEK = 7 };
enum { DOMESTIC, OTC, OFFSHORE, HYBRID, EXIT };
enum { REVIEW, THINK, LAUNCH, CLOSE, STEP, READ, RECORD };
static const unsigned char LEGS[STRATEGIES] = {1, 2, 4, 6, 0}; /* bit m: a venue in mode m */

typedef struct {
    double day, hazard[M], risk, reach[K][M], attention;
    int modes, reacts, announces_end, ends; /* modes: bit m */
} Step;

typedef struct {
    double brand_mean, brand_sd, taste[K][M], volume[K], switching[K], outside[K], risk[K];
    double liquidity, floor, prospect, hazard[M], earned[M], running[2][M], launch[2][M], loss[2][M];
    double mu[M], sigma[M], delay[M], take, horizon, temperature, constant, fresh, review, reaction, recovery;
    double loss_trigger, wind_down, unforced, notice_scale, wave, deadline;
} Numbers; /* nothing but doubles: read as an array */

typedef struct {
    double base[K], pull[K], held[K]; /* attraction at first and now; share kept since the last reading */
    double quality, notice, volume, mature, closing;
} Venue;

typedef struct {
    Venue venue[M];
    double lasting[STRATEGIES], running[M], launch[M], loss[M], scale, kept;
    unsigned char strategy, open, building, launching, pending; /* open, building: bit m */
} Firm;

static Numbers p;
static Step steps[STEPS];
static int firms_count, steps_count;

/* The state of a run. */
static Firm *firms;
static double since, total[K], gain[K], stay[K];
static double hazard[M], risk[M], reach[K][M], felt[K][M], ruin[M], life[M];
static int forbidden; /* bit m: known to be forbidden */
static long decisions, launches, closures;
static double shares[RECORDS][M + 1];

/* Demand. */
static inline void turn_over(int k, double part) {
    gain[k] = gain[k] * part + (1.0 - part) / total[k];
    stay[k] *= part;
}

static inline void relax(void) {
    if (now <= since) return;
    for (int k = 0; k < K; k++) turn_over(k, exp(-p.switching[k] * (now - since)));
    since = now;
}

static inline double share(const Venue *v, int k) { return v->pull[k] * gain[k] + v->held[k] * stay[k]; }

static inline void set_pull(Venue *v, int k, double pull) {
    double change = pull - v->pull[k];
    v->held[k] -= change * gain[k] / stay[k];
    v->pull[k] = pull;
    total[k] += change;
}

static inline void refresh(Venue *v, int m) {
    for (int k = 0; k < K; k++) set_pull(v, k, v->base[k] * v->quality * v->notice * felt[k][m]);
}

static void depart(Venue *v) {
    for (int k = 0; k < K; k++) {
        double leaving = p.wave * share(v, k);
        gain[k] += leaving / total[k];
        v->held[k] -= leaving / stay[k];
    }
}

static double volume_of(const Firm *f) {
    double volume = 0.0;
    for (int m = 0; m < M; m++)
        if (f->open >> m & 1)
            for (int k = 0; k < K; k++) volume += p.volume[k] * share(&f->venue[m], k);
    return volume;
}

static void close_venue(Firm *f, int m) {
    Venue *v = &f->venue[m];
    for (int k = 0; k < K; k++) set_pull(v, k, 0.0), v->held[k] = 0.0;
    f->open &= (unsigned char)~(1 << m);
    v->closing = INFINITY, v->notice = 1.0, v->volume = 0.0;
    closures++;
}

/* Decisions. */
static void own_pulls(const Firm *f, double pulls[K][M], double rest[K]) {
    static double least = 0.0;
    if (least == 0.0) least = pow((p.prospect + p.floor) / (1.0 + p.floor), p.liquidity);
    for (int k = 0; k < K; k++) rest[k] = total[k];
    for (int m = 0; m < M; m++) {
        const Venue *v = &f->venue[m];
        double quality = f->open >> m & 1 ? fmax(v->quality, least) : 1.0;
        if (forbidden >> m & 1) quality = 0.0;
        for (int k = 0; k < K; k++) pulls[k][m] = v->base[k] * quality * felt[k][m], rest[k] -= v->pull[k];
    }
    for (int k = 0; k < K; k++) rest[k] = fmax(rest[k], p.outside[k]);
}

static void volumes(double pulls[K][M], const double rest[K], int legs, double volume[M]) {
    for (int m = 0; m < M; m++) volume[m] = 0.0;
    for (int k = 0; k < K; k++) {
        double all = rest[k];
        for (int m = 0; m < M; m++)
            if (legs >> m & 1) all += pulls[k][m];
        double each = p.volume[k] / all;
        for (int m = 0; m < M; m++)
            if (legs >> m & 1) volume[m] += each * pulls[k][m];
    }
}

/* The largest of value + max(lasting, fresh) error. The fresh errors' own contest is drawn as a whole: the largest of
 * shifted Gumbels is a Gumbel shifted by the log of the sum, and who wins it follows the logit. */
static int choose(const Firm *f) {
    double pulls[K][M], rest[K], volume[M], value[STRATEGIES], cost[M], chance[STRATEGIES], sum = 0.0;
    own_pulls(f, pulls, rest);
    for (int m = 0; m < M; m++)
        cost[m] = life[m] * f->running[m] + ruin[m] * f->loss[m] + (f->open >> m & 1 ? 0.0 : f->launch[m]);
    int best = EXIT;
    double top = -INFINITY, most = -INFINITY;
    for (int o = 0; o < STRATEGIES; o++) {
        chance[o] = 0.0;
        if (LEGS[o] & forbidden) continue;
        value[o] = 0.0;
        if (LEGS[o]) volumes(pulls, rest, LEGS[o], volume);
        for (int m = 0; m < M; m++)
            if (LEGS[o] >> m & 1) value[o] += life[m] * p.earned[m] * volume[m] - cost[m];
        value[o] /= f->scale;
        if (value[o] > most) most = value[o];
        if (value[o] + f->lasting[o] > top) top = value[o] + f->lasting[o], best = o;
    }
    for (int o = 0; o < STRATEGIES; o++)
        if (!(LEGS[o] & forbidden)) sum += chance[o] = exp(value[o] - most);
    if (most + log(sum * p.fresh) + gumbel() <= top) return best;
    double u = uniform() * sum;
    for (int o = 0; o < EXIT; o++)
        if ((u -= chance[o]) < 0.0) return o;
    return EXIT;
}

static void wind_down(Firm *f, int m) {
    Venue *v = &f->venue[m];
    if (!(f->open >> m & 1) || v->closing < INFINITY) return;
    int forced = forbidden >> m & 1;
    double days = forced ? p.wind_down * fmax(0.0, p.deadline - now) : p.unforced;
    v->closing = now + days;
    v->notice = -expm1(-days / p.notice_scale);
    refresh(v, m);
    if (forced) depart(v);
    ask(days, CLOSE, (int)(f - firms) * M + m);
}

static void want(Firm *f, int m) {
    Venue *v = &f->venue[m];
    if (f->open >> m & 1) {
        if (v->closing < INFINITY) v->closing = INFINITY, v->notice = 1.0, refresh(v, m);
        return;
    }
    f->building |= (unsigned char)(1 << m);
    f->launching++;
    ask(exp(p.mu[m] + p.sigma[m] * normal()) + p.delay[m], LAUNCH, (int)(f - firms) * M + m);
}

static void think(Firm *f, int review) {
    if (f->strategy == EXIT) return;
    if (f->launching) {
        if (review) return;
        f->pending = 1;
        relax();
        for (int m = 0; m < M; m++)
            if (forbidden >> m & 1) wind_down(f, m);
        return;
    }
    relax();
    decisions++;
    f->strategy = (unsigned char)choose(f);
    for (int m = 0; m < M; m++) {
        if (LEGS[f->strategy] >> m & 1) want(f, m);
        else wind_down(f, m);
    }
    f->kept = volume_of(f);
}

/* What happens. */
static void on_launch(int who) {
    Firm *f = &firms[who / M];
    int m = who % M;
    Venue *v = &f->venue[m];
    relax();
    if (v->mature <= 0.0) {
        double pulls[K][M], rest[K], volume[M];
        own_pulls(f, pulls, rest);
        volumes(pulls, rest, f->open | 1 << m, volume);
        v->mature = volume[m];
    }
    f->open |= (unsigned char)(1 << m), f->building &= (unsigned char)~(1 << m);
    v->quality = pow(p.floor / (1.0 + p.floor), p.liquidity);
    refresh(v, m);
    launches++;
    if (--f->launching == 0 && f->pending) f->pending = 0, think(f, 0);
}

static void feel(void) {
    for (int m = 0; m < M; m++) {
        for (int k = 0; k < K; k++) felt[k][m] = reach[k][m] * exp(-p.risk[k] * risk[m]);
        ruin[m] = -expm1(-hazard[m] * p.horizon), life[m] = ruin[m] / hazard[m];
    }
}

static void on_step(const Step *s) {
    relax();
    for (int m = 0; m < M; m++) {
        hazard[m] *= s->hazard[m];
        if (s->modes >> m & 1) risk[m] += s->risk;
        for (int k = 0; k < K; k++) reach[k][m] *= s->reach[k][m];
    }
    if (s->announces_end) forbidden |= s->modes;
    feel();
    for (int n = 0; n < firms_count; n++) {
        Firm *f = &firms[n];
        for (int m = 0; m < M; m++)
            if (f->open >> m & 1) refresh(&f->venue[m], m);
    }
    if (s->attention > 0.0)
        for (int k = 0; k < K; k++) turn_over(k, 1.0 - s->attention);
    for (int n = 0; n < firms_count; n++) {
        Firm *f = &firms[n];
        for (int m = 0; s->ends && m < M; m++)
            if (f->open & s->modes & 1 << m) close_venue(f, m), ask(p.recovery, THINK, n);
        if (s->reacts && f->strategy != EXIT && (f->open | f->building) & s->modes)
            ask(exponential(p.reaction), THINK, n);
    }
}

/* The weekly reading; shares are written down afresh, and exchanges that lost too much think. */
static void on_read(void) {
    relax();
    double all[K] = {p.outside[0], p.outside[1]};
    for (int n = 0; n < firms_count; n++) {
        for (int m = 0; m < M; m++) {
            Venue *v = &firms[n].venue[m];
            if (!(firms[n].open >> m & 1)) continue;
            v->volume = 0.0;
            for (int k = 0; k < K; k++) v->held[k] = share(v, k), v->volume += p.volume[k] * v->held[k];
            double mature = v->mature;
            v->quality = exp(p.liquidity * log((v->volume + p.floor * mature) / ((1.0 + p.floor) * mature)));
            for (int k = 0; k < K; k++)
                all[k] += v->pull[k] = v->base[k] * v->quality * v->notice * felt[k][m];
        }
    }
    for (int k = 0; k < K; k++) gain[k] = 0.0, stay[k] = 1.0, total[k] = all[k];
    for (int n = 0; n < firms_count; n++) {
        Firm *f = &firms[n];
        double left = f->venue[0].volume + f->venue[1].volume + f->venue[2].volume;
        if (left < (1.0 - p.loss_trigger) * f->kept && !f->launching && f->strategy != EXIT) think(f, 0);
    }
    ask(WEEK, READ, 0);
}

static void on_record(int t) {
    relax();
    double *row = shares[t];
    for (int m = 0; m <= M; m++) row[m] = m == M;
    for (int n = 0; n < firms_count; n++)
        for (int m = 0; m < M; m++) {
            double part = share(&firms[n].venue[m], 0);
            row[m] += part, row[M] -= part;
        }
}

static void found(Firm *f) {
    memset(f, 0, sizeof *f);
    double brand = p.brand_mean + p.brand_sd * normal();
    for (int m = 0; m < M; m++) {
        f->venue[m].quality = f->venue[m].notice = 1.0, f->venue[m].closing = INFINITY;
        for (int k = 0; k < K; k++) f->venue[m].base[k] = exp(brand + p.taste[k][m]);
    }
    f->open = 1;
    for (int k = 0; k < K; k++) total[k] += f->venue[DOMESTIC].pull[k] = f->venue[DOMESTIC].base[k];
    for (int o = 0; o < STRATEGIES; o++) f->lasting[o] = gumbel() + log1p(-p.fresh);
}

static void begin(void) {
    now = since = 0.0, last_day = DAYS, heap_size = 0, forbidden = 0, decisions = launches = closures = 0;
    for (int k = 0; k < K; k++) total[k] = p.outside[k], stay[k] = 1.0;
    for (int m = 0; m < M; m++) {
        hazard[m] = p.hazard[m], risk[m] = 0.0;
        for (int k = 0; k < K; k++) reach[k][m] = 1.0;
    }
    feel();
    for (int n = 0; n < firms_count; n++) found(&firms[n]);
    for (int k = 0; k < K; k++) gain[k] = 1.0 / total[k];
    for (int n = 0; n < firms_count; n++) {
        Firm *f = &firms[n];
        Venue *v = &f->venue[DOMESTIC];
        f->kept = v->volume = v->mature = volume_of(f);
        double revenue = p.take * f->kept;
        f->scale = p.temperature * (p.horizon * revenue + p.constant);
        for (int m = 0; m < M; m++) {
            f->running[m] = p.running[0][m] + p.running[1][m] * revenue;
            f->launch[m] = p.launch[0][m] + p.launch[1][m] * revenue;
            f->loss[m] = p.loss[0][m] + p.loss[1][m] * revenue;
        }
        ask(exponential(p.review), REVIEW, n);
    }
    for (int n = 0; n < steps_count; n++) ask(steps[n].day, STEP, n);
    for (int t = 0; t < RECORDS; t++) ask(t * EVERY, RECORD, t);
    ask(WEEK, READ, 0);
}

static void run(void) {
    begin();
    while (heap_size > 0) {
        Event event = heap[0];
        if ((now = event.when) > last_day) return;
        if (event.kind == REVIEW && firms[event.who].strategy != EXIT) {
            event.when = now + exponential(p.review); /* the next review takes the place of this one */
            sift_down(event);
        } else {
            drop_first();
        }
        Firm *f = &firms[event.who / M];
        switch (event.kind) {
            case REVIEW: think(&firms[event.who], 1); break;
            case THINK: think(&firms[event.who], 0); break;
            case LAUNCH: on_launch(event.who); break;
            case CLOSE:
                if (f->venue[event.who % M].closing == now) relax(), close_venue(f, event.who % M);
                break;
            case STEP: on_step(&steps[event.who]); break;
            case READ: on_read(); break;
            default: on_record(event.who);
        }
    }
}

static double number(void) {
    double value;
    if (scanf("%lf", &value) != 1) fprintf(stderr, "too few parameters\n"), exit(2);
    return value;
}

static void read_parameters(void) {
    firms_count = (int)number(), steps_count = (int)number();
    if (steps_count > STEPS) fprintf(stderr, "too many steps\n"), exit(2);
    for (size_t i = 0; i < sizeof p / sizeof(double); i++) ((double *)&p)[i] = number();
    for (int n = 0; n < steps_count; n++) {
        Step *s = &steps[n];
        s->day = number(), s->risk = number(), s->attention = number();
        s->modes = (int)number(), s->reacts = (int)number(), s->announces_end = (int)number(), s->ends = (int)number();
        for (int m = 0; m < M; m++) s->hazard[m] = number();
        for (int k = 0; k < K; k++)
            for (int m = 0; m < M; m++) s->reach[k][m] = number();
    }
}

static void report(void) {
    int counts[STRATEGIES] = {0};
    for (int n = 0; n < firms_count; n++) counts[firms[n].strategy]++;
    for (int t = 0; t < RECORDS; t++)
        for (int m = 0; m <= M; m++) printf("%.17g ", shares[t][m]);
    for (int o = 0; o < STRATEGIES; o++) printf("%d ", counts[o]);
    printf("%ld %ld %ld\n", decisions, launches, closures);
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: small SEED FIRST COUNT < parameters\n"), 2;
    read_parameters();
    firms = malloc(sizeof(Firm) * (size_t)firms_count);
    heap = malloc(sizeof(Event) * (size_t)(heap_room = 2 * firms_count + 64));
    double seconds = 0.0;
    for (uint64_t r = strtoull(argv[2], NULL, 10), last = r + strtoull(argv[3], NULL, 10); r < last; r++) {
        double began = clock_seconds();
        seed_with(strtoull(argv[1], NULL, 10), r);
        run();
        seconds += clock_seconds() - began;
        report();
    }
    printf("%.9f %ld\n", seconds, peak_kilobytes());
    return 0;
}
