"""Runs whose frames are looked at: their decks, made small, and where their files lie."""
import pathlib
import shutil
import tempfile
import unittest

import h5py

from program import run, settings

COARSE = ["--no-report", "--set", "grid.cell=0.1um"]
TIME = ["--set", "solver.method=time_domain", "--set", "solver.stop.decay=1e-3"]

CHIP = ["--no-report", *settings(
    grid__cell="0.1um", chip__core_length="4um", chip__ports=6, chip__core_width="9um",
    network__encoding__map="[-1,0,1,2,3,-1]", training__epochs=2, training__batch=60,
    training__trainers="[forward_mode]", sweep__roughness="[]", sweep__offset_range="[]",
    output__fields="{what: [Ez_abs, trainable], when: every 1 epochs}")]
BENCH = ["--no-report", *settings(
    training__epochs=2, training__trainers="[forward_mode]", data__train_samples=20,
    data__test_samples=10, output__fields="{when: every 1 epoch}")]


def plane(path):
    """The arrays of a plane, [y][x]."""
    with h5py.File(path) as file:
        return {name: data[0] for name, data in file["VTKHDF/PointData"].items()}


class FrameRuns(unittest.TestCase):
    """`program` is set by the test that is run."""
    program = ""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_frames_"))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_deck(self, deck, name, ranks, *arguments):
        out = self.folder / name
        run(self.program, ranks, "run", deck, "--output", out, *arguments)
        return out
