"""resume_test.py SYMWAVE: a training that is killed and resumed ends like one that never stopped."""
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
DECK = ["run", "inputs/iris_chip.yaml", *program.settings(
    grid__cell="0.1um", chip__core_length="4um", chip__ports=6, chip__core_width="9um",
    network__encoding__map="[-1,0,1,2,3,-1]", training__epochs=12, training__checkpoint_every=2,
    training__trainers="[forward_mode]", training__batch=60, output__fields="false",
    sweep__roughness="[]", sweep__offset_range="[]")]

def commands(folder):
    with h5py.File(folder / "results.h5", "r") as file:
        return file["training/forward_mode/commands"][()]


def rows(folder):
    """Of a run at work or stopped, else of one that has ended."""
    running = folder / "running"
    return program.lines((running if running.exists() else folder) / "history.csv") - 1


class Resume(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def start_and_kill(self, folder, ranks, least):
        program.run_and_kill(SYMWAVE, ranks, lambda: rows(folder) >= least, *DECK,
                             "--output", folder)

    def test_killed_and_resumed_equals_uninterrupted(self):
        whole = self.folder / "whole"
        program.run(SYMWAVE, 2, *DECK, "--output", whole)
        stopped = self.folder / "stopped"
        self.start_and_kill(stopped, 2, 5)
        self.assertFalse((stopped / "results.h5").exists(), "killed before the end")
        program.run(SYMWAVE, 2, *DECK, "--output", stopped, "--resume")
        np.testing.assert_array_equal(commands(stopped), commands(whole))
        self.assertEqual(rows(stopped), 12, "no epoch is lost or counted twice")

    def test_resumes_on_another_number_of_ranks(self):
        folder = self.folder / "stopped"
        self.start_and_kill(folder, 2, 5)
        # Without --resume the folder is the new run's, and the training is kept beside it.
        text = program.run(SYMWAVE, 1, *DECK, "--output", folder)
        aside = folder / "unfinished"
        self.assertIn(f"warning: {folder} held a training that has not ended; its checkpoint is now "
                      f"in {aside}: go on with it by --output {aside} --resume", text)
        self.assertEqual(rows(folder), 12)
        self.assertIn("resuming", program.run(SYMWAVE, 1, *DECK, "--output", aside, "--resume"))
        self.assertEqual(rows(aside), 12)
        np.testing.assert_allclose(commands(aside), commands(folder), rtol=0, atol=1e-9)

    def test_resume_without_a_checkpoint_says_so(self):
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 2, *DECK, "--output", self.folder / "empty", "--resume")
        self.assertIn("checkpoint", str(failure.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
