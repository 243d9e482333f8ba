"""Which worker runs a job makes no difference, and a worker that dies costs only its own job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.study.compare import described
from sim.study.jobs import plan as plan_module
from sim.study.jobs.job import WORKER_DIED, run_job
from sim.study.jobs.worker_pool import worker_pool
from sim.study.store.study_manifest import Request
from tests.study.faults import Deadly, Once

ROOT = Path(__file__).resolve().parents[2]
SMALL = 0.001
"""Seconds of a job: a few replications of the minimal scenario."""


@pytest.fixture(scope="module")
def minimal():
    return sim.load(ROOT / "configs" / "minimal.yaml", {"end": "2021-02-01"})


@pytest.fixture(scope="module")
def serial(minimal):
    return sim.compare(minimal, replications=20, seed=3)


@pytest.fixture(scope="module")
def jobs(minimal):
    plan = described(minimal, Request(("baseline",), None, ()), 3, "compiled", paths=True).plan
    with patch.object(plan_module, "_JOB_SECONDS", SMALL):
        return list(plan.jobs("baseline", 0, 10 * plan.job_size("baseline")))


def same(a, b):
    """Two studies to the last bit."""
    for policy in a.policies:
        for name in ("measures", "paths", "fired"):
            first, second = (np.asarray(getattr(study.results[policy], name)) for study in (a, b))
            np.testing.assert_array_equal(first, second, err_msg=f"{name} of {policy}")


@pytest.mark.parametrize("seconds", [1e-6, SMALL, 60.0])
@pytest.mark.parametrize("workers", [None, 2, 5])
def test_threads_and_sizes_of_jobs_change_no_bit(minimal, serial, seconds, workers):
    with patch.object(plan_module, "_JOB_SECONDS", seconds):
        same(serial, sim.compare(minimal, replications=20, seed=3, executor=workers))


def test_processes_of_the_reference_engine_change_no_bit(minimal, serial):
    """Six replications, for the reference engine is slow; replication r is the same in any number of them."""
    found = sim.compare(minimal, replications=6, seed=3, executor=2, engine="reference")
    for policy in serial.policies:
        np.testing.assert_array_equal(found.results[policy].measures, serial.results[policy].measures[:6])


def test_executors_that_are_handed_in_are_used_and_left_open(minimal, serial):
    with patch.object(plan_module, "_JOB_SECONDS", SMALL), ThreadPoolExecutor(3) as threads:
        same(serial, sim.compare(minimal, replications=20, seed=3, executor=threads))
        assert threads.submit(len, "open").result() == 4
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        same(serial, sim.compare(minimal, replications=20, seed=3, executor=processes))
        assert processes.submit(len, "open").result() == 4


@pytest.mark.slow
def test_a_dask_cluster_of_two_workers_changes_no_bit_and_one_may_die(minimal, serial, jobs, tmp_path):
    import dask
    import distributed

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
        patch.object(plan_module, "_JOB_SECONDS", SMALL),
    ):
        executor = client.get_executor(pure=False)
        same(serial, sim.compare(minimal, replications=20, seed=3, executor=executor))
        same(serial, sim.compare(minimal, replications=20, seed=3, executor=client, store=tmp_path / "study"))
        same(serial, sim.open(tmp_path / "study"))
        deadly = [replace(jobs[0], policy=Deadly("baseline")), *jobs[1:]]
        with worker_pool(executor, "compiled") as run_jobs, pytest.warns(RuntimeWarning, match="run again"):
            check_all_but_the_first(jobs, list(run_jobs(deadly)))


def test_a_process_that_dies_costs_only_its_own_job(jobs):
    deadly = [replace(jobs[0], policy=Deadly("baseline")), *jobs[1:]]
    assert len(jobs) == 10
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        worker_pool(pool, "compiled") as run_jobs,
        pytest.warns(RuntimeWarning, match="run again on this machine"),
    ):
        check_all_but_the_first(jobs, list(run_jobs(deadly)))


def check_all_but_the_first(jobs, results):
    by_first = {result.first: result for result in results}
    assert sorted(by_first) == [job.first for job in jobs]
    assert [failure.stage for failure in by_first[0].failures] == [WORKER_DIED] * jobs[0].count
    assert np.isnan(by_first[0].measures).all()
    for job in jobs[1:]:
        np.testing.assert_array_equal(by_first[job.first].measures, run_job(job).measures)
        assert by_first[job.first].failures == ()


def test_a_process_that_dies_once_costs_nothing(jobs, tmp_path):
    once = replace(jobs[0], policy=Once("baseline", tmp_path / "died"))
    with worker_pool(1, "reference") as run_jobs, pytest.warns(RuntimeWarning, match="run again"):
        (result,) = run_jobs([once])
    assert (tmp_path / "died").exists()
    assert result.failures == ()
    np.testing.assert_array_equal(result.measures, run_job(jobs[0]).measures)


class Halting(Executor):
    """One worker that runs three jobs and then nothing."""

    _max_workers = 1

    def __init__(self):
        self.futures: list[Future] = []

    def submit(self, task, job):
        self.futures.append(Future())
        if len(self.futures) <= 3:
            self.futures[-1].set_result(task(job))
        return self.futures[-1]


def test_few_jobs_are_queued_and_those_not_begun_are_cancelled(jobs):
    """One worker: at most two unfinished jobs, however many there are."""
    executor = Halting()
    with worker_pool(executor, "compiled") as run_jobs:
        results = run_jobs(jobs)
        for count in (1, 2, 3):
            next(results)
            assert len(executor.futures) <= count + 1
        results.close()
    assert [future.cancelled() for future in executor.futures] == [False, False, False, True]


@pytest.mark.parametrize(
    ("workers", "error"), [(0, ValueError), (-1, ValueError), ("two", TypeError), (True, TypeError)]
)
def test_what_cannot_work_is_refused(minimal, workers, error):
    with pytest.raises(error, match="worker"):
        sim.compare(minimal, replications=1, executor=workers)


def test_a_script_without_guard_may_use_processes(tmp_path):
    """Workers import the package, never `__main__`: a spawned one, and one is enough, would run the script again."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sim\nprint('begun')\n"
        f"world = sim.load({str(ROOT / 'configs' / 'minimal.yaml')!r}, {{'end': '2021-02-01'}})\n"
        "print(len(sim.compare(world, replications=2, executor=1, engine='reference').failures()))\n"
    )
    ended = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "begun\n0\n", "")


@pytest.mark.parametrize("moment", [0, 1, 4])
def test_ctrl_c_is_noticed_between_jobs_and_only_once(jobs, moment):
    """Whenever it comes, the results so far have been yielded, and afterwards Ctrl-C is Python's again."""
    usual, came = signal.getsignal(signal.SIGINT), []

    def interrupted():
        with worker_pool(2, "compiled") as run_jobs:
            for result in run_jobs(jobs):
                came.append(result.first)
                if len(came) == moment + 1:
                    signal.raise_signal(signal.SIGINT)
                    came.append("not raised at once")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert came[moment + 1] == "not raised at once"
    assert len(came) == moment + 2
    assert signal.getsignal(signal.SIGINT) is usual is signal.default_int_handler
