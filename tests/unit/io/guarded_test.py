"""How a program ends when all, one or none of its ranks fail: guarded_test.py MPIEXEC PROBE."""

import concurrent.futures
import subprocess
import sys
import time

MPIEXEC, PROBE = sys.argv[1:3]


def run(mode):
    start = time.monotonic()
    command = [MPIEXEC, "--oversubscribe", "-n", "3", PROBE, mode]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    return done.returncode, errors, "MPI_ABORT was invoked" in done.stderr, time.monotonic() - start


def expect(mode, code, error, aborts=False):
    """`aborts`: where it may; the launcher does not always say that it did."""
    returned, errors, aborted, seconds = run(mode)
    ok = returned == code and len(errors) == (1 if error else 0)
    ok = ok and (not error or error in errors[0]) and (aborts or not aborted)
    ok = ok and seconds < 10
    print(f"{'ok' if ok else 'FAILED'}: {mode or 'none'}: exit {returned}, {errors}, {seconds:.1f} s")
    return ok


results = [
    expect("", 0, ""),
    expect("code", 7, ""),
    expect("all", 1, "error: everybody fails"),
    expect("internal", 1, "internal error"),
    expect("petsc", 1, "PETSc error"),
    expect("one", 1, "rank 1 fails at the end"),
    expect("mpi", 1, "invalid rank", aborts=True),
    expect("thread", 1, "a thread fails", aborts=True),
    expect("destructor", 1, "rank 1 gets stuck in a destructor", aborts=True),
    expect("exit", 1, "by a call of exit()", aborts=True),
]
ABORTING = {"stuck": "rank 1 fails, the others wait", "two": "ranks fail, the first one waits",
            "memory": "out of memory", "group": "rank 1 fails, its group waits"}
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results += pool.map(lambda case: expect(case[0], 1, case[1], aborts=True), ABORTING.items())
sys.exit(0 if all(results) else 1)
