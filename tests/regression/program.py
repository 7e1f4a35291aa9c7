"""Runs symwave under MPI for the regression tests."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time

import h5py

ROOT = pathlib.Path(__file__).resolve().parents[2]


def command(program, ranks, *arguments):
    """The command line of `symwave ARGUMENTS` on `ranks` ranks."""
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), program,
            *[str(a) for a in arguments]]


def environment():
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1"}


@contextlib.contextmanager
def variable(name, value):
    """In the environment of runs; it must not be there before."""
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def delayed(places):
    """Runs sleep at these places in the writing of files (SYMWAVE_TEST_DELAY, tests/README.md)."""
    return variable("SYMWAVE_TEST_DELAY", places)


def answer(program, ranks, *arguments, timeout=240):
    """Runs to the end; exit code and all that was said."""
    done = subprocess.run(command(program, ranks, *arguments), cwd=ROOT, env=environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=timeout, check=False)
    return done.returncode, done.stdout


def run(program, ranks, *arguments, timeout=240):
    """Runs to the end; raises with the whole output when the exit code is not 0."""
    code, said = answer(program, ranks, *arguments, timeout=timeout)
    if code != 0:
        raise AssertionError(f"exit code {code} of {arguments}:\n{said}")
    return said


def ranks_of(launcher):
    """The processes that a launcher has started."""
    children = subprocess.run(["pgrep", "-P", str(launcher.pid)], stdout=subprocess.PIPE, text=True,
                              check=False)
    return [int(pid) for pid in children.stdout.split()]


def run_and_kill(program, ranks, ready, *arguments, timeout=300):
    """Kills all ranks without warning once `ready()` is true; raises when the run ends before, and
    when it is no longer ready once they are dead. Beside other load two ranks of a factorization
    wait for each other: minutes."""
    process = subprocess.Popen(command(program, ranks, *arguments), cwd=ROOT, env=environment(),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + timeout
    while not ready() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    if process.poll() is not None:
        raise AssertionError("the run ended before it could be killed")
    # The launcher goes first, lest it end the others in good order.
    for pid in [process.pid, *ranks_of(process)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(30)
    if time.monotonic() >= end:
        raise AssertionError(f"not ready to be killed after {timeout} s")
    if not ready():
        raise AssertionError("killed too late")


def run_and_signal(program, ranks, ready, number, *arguments, timeout=120):
    """Sends a signal to the ranks once `ready()` is true; exit code and all that was said. SIGUSR1
    goes to the launcher, which passes it on; on other signals it would end the ranks by itself."""
    process = subprocess.Popen(command(program, ranks, *arguments), cwd=ROOT, env=environment(),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    end = time.monotonic() + timeout
    while not ready() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    if process.poll() is not None:
        raise AssertionError("the run ended before it got a signal:\n" + process.communicate()[0])
    for pid in [process.pid] if number == signal.SIGUSR1 else ranks_of(process):
        os.kill(pid, number)
    said = process.communicate(timeout=timeout)[0]
    return process.returncode, said


def lines(path):
    """How many a file has; 0 when there is none."""
    path = pathlib.Path(path)
    return path.read_text(encoding="utf-8").count("\n") if path.is_file() else 0


def reporting(report):
    """The option of `symwave run` for a report or none: its pictures take longer than most runs, so
    a test has it made where it reads it."""
    return () if report else ("--no-report",)


def settings(**values):
    """--set options from keywords, `__` for the dot: training__epochs=3."""
    options = []
    for key, value in values.items():
        options += ["--set", f"{key.replace('__', '.')}={value}"]
    return options


def summary(folder):
    return json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))


def fields(folder):
    """File and name -> values of all fields that a run has left for ParaView."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("field_*.hdf")):
        with h5py.File(path, "r") as file:
            for name, item in file["VTKHDF/PointData"].items():
                found[f"{path.name}/{name}"] = item[()]
    return found


def datasets(folder):
    """Name -> values of all that a run has found, but for the times it took."""
    found = {}
    with h5py.File(pathlib.Path(folder) / "results.h5", "r") as file:
        file.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(
            item, h5py.Dataset) and not name.startswith("meta/") else None)
    return found
