"""What the tests of submitted jobs share: a SLURM, a deck, the run that nothing interrupts."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "regression"))

import program  # noqa: E402 pylint: disable=wrong-import-position

PROGRAMS = [word for word in sys.argv[1:] if not word.startswith("-")]
SYMWAVE = str(pathlib.Path(PROGRAMS[0] if PROGRAMS else ROOT / "build/release/symwave").resolve())
# A checkpoint at every chance, of which each takes a while: the run is long and has little to do.
DECK = """
job: simulate
solver: {method: time_domain, stop: {max_time: 80 um}}
grid: {polarization: Ez, cell: 0.08 um, size: [5 um, 4 um], pml: 0.8 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 3}
materials: {glass: {index: 1.45}, core: {index: 2}}
background: glass
shapes: [{type: circle, material: core, centre: [0, 0], radius: 0.8 um}]
sources: [{type: dipole, at: [0.9 um, 0.1 um], component: Ez}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [4 um, 3 um]}
  - {type: dft, name: field, centre: [0, 0], size: [2 um, 2 um], wavelength: 1.55 um}
  - {type: probe, name: p, at: [0.5 um, 0.3 um], component: Ez}
output: {checkpoint: {every: 1 ms}}
"""
DELAY = "SYMWAVE_TEST_DELAY"


def everything(folder):
    return {**program.datasets(folder), **program.fields(folder)}


class Submitted(unittest.TestCase):
    """A cluster of two nodes, which ends with the class."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_slurm_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.runs = cls.folder / "runs"
        cls.runs.mkdir()
        cls.cluster = cluster.Cluster(cls.folder / "slurm", nodes=2)
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.environment.update(program.environment())
        cls.cluster.environment["PATH"] = cluster.search_path()
        cls.deck = cls.folder / "deck.yaml"
        cls.deck.write_text(DECK, encoding="utf-8")
        cls.begin()
        # mpirun does not take every name that a machine may have.
        cls.cluster.tell(*cls.cluster.named("localhost"), *program.command(
            SYMWAVE, 2, "run", cls.deck, "--output", cls.folder / "whole", "--no-report"))
        cls.expected = everything(cls.folder / "whole")

    @classmethod
    def begin(cls):
        """Jobs that work while the run is made that nothing interrupts."""

    @classmethod
    def answer(cls, name, *options, tasks=2, **environment):
        return cls.cluster.ask(SYMWAVE, "submit", cls.deck, "--tasks", tasks, "--output",
                               cls.runs / name, *options, **environment)

    @classmethod
    def submit(cls, name, time, seconds, nodes=1, tasks=2, **environment):
        """The number of the job; each checkpoint of it takes so many seconds."""
        code, said = cls.answer(name, "--time", time, "--nodes", nodes, tasks=tasks,
                                **{DELAY: f"checkpoint.rename:{seconds}", **environment})
        found = re.search(r"job (\d+) submitted", said)
        if code != 0 or not found:
            raise AssertionError(f"exit code {code}:\n{said}")
        return found.group(1)

    @classmethod
    def log(cls, name):
        path = cls.runs / name / "job.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @classmethod
    def wait_checkpoint(cls, name, count=1):
        running = cls.runs / name / "running"
        cluster.wait_for(f"checkpoint {count} of {name}", lambda: any(
            int(path.stem.rpartition("_")[2]) >= count for path in running.glob("checkpoint_*.h5")),
            30)

    def require_done(self, name, parts, timeout=60):
        """The log tells of so many parts of the run, and the results are those of one in one go."""
        cluster.wait_for(f"end of {name}", lambda: "done, see" in self.log(name), timeout)
        log = self.log(name)
        self.assertEqual(log.count("begins on"), parts, log)
        found = everything(self.runs / name)
        self.assertEqual(found.keys(), self.expected.keys())
        for key, value in self.expected.items():
            self.assertTrue(np.array_equal(found[key], value), f"{name}: {key} differs\n{log}")

    @classmethod
    def stop_batch(cls, number):
        """What SLURM does before the time limit."""
        cls.cluster.tell("scancel", "--batch", "--signal=USR1", number)

    def require_refused(self, sentence, *options, **environment):
        code, said = self.answer("refused/here", *options, **environment)
        self.assertEqual(code, 1, said)
        errors = [line for line in said.splitlines() if line.startswith("error: ")]
        self.assertEqual(len(errors), 1, said)
        self.assertIn(sentence, errors[0])
        self.assertFalse((self.runs / "refused").exists(), said)

    @classmethod
    def ranks(cls, name):
        """The processes of a run at work, on whichever node."""
        found = subprocess.run(["pgrep", "-f", f"^{SYMWAVE} run .*{cls.runs}/{name} "],
                               stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        assert len(found) == 2, found
        return found

    def states(self):
        """Run -> state, as `symwave status` of the folder of all runs has it."""
        text = self.cluster.tell(SYMWAVE, "status", "--json", self.runs)
        return {pathlib.Path(run["path"]).name: run["state"] for run in json.loads(text)["runs"]}

    def require_templates(self):
        """SLURM takes the templates, for as many nodes as this one has."""
        templates = sorted((ROOT / "jobs" / "slurm").glob("*.sbatch"))
        self.assertGreaterEqual(len(templates), 4)
        for path in templates:
            self.cluster.tell("sbatch", "--test-only", "--nodes=2", "--ntasks-per-node=8", path)
