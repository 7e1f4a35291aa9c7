"""Runs symwave under MPI for the regression tests."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def command(program, ranks, *arguments):
    """The command line of `symwave ARGUMENTS` on `ranks` ranks."""
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks), program,
            *[str(a) for a in arguments]]


def environment():
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_mpi_yield_when_idle": "1"}


def run(program, ranks, *arguments, timeout=240):
    """Runs to the end; raises with the whole output when the exit code is not 0."""
    done = subprocess.run(command(program, ranks, *arguments), cwd=ROOT, env=environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=timeout, check=False)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode} of {arguments}:\n{done.stdout}")
    return done.stdout


def settings(**values):
    """--set options from keywords, `__` for the dot: training__epochs=3."""
    options = []
    for key, value in values.items():
        options += ["--set", f"{key.replace('__', '.')}={value}"]
    return options


def summary(folder):
    return json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))
