"""resume_test.py SYMWAVE: a training that is killed and resumed ends like one that never stopped."""
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
DECK = ["run", "--no-report", "inputs/iris_chip.yaml", *program.settings(
    grid__cell="0.1um", chip__core_length="4um", chip__ports=6, chip__core_width="9um",
    network__encoding__map="[-1,0,1,2,3,-1]", training__epochs=12,
    training__trainers="[forward_mode]", training__batch=60, output__fields="false",
    sweep__roughness="[]", sweep__offset_range="[]")]

OFTEN = program.settings(output__checkpoint__every="20ms")


def commands(folder):
    with h5py.File(folder / "results.h5", "r") as file:
        return file["training/forward_mode/commands"][()]


def rows(folder):
    """Of a run at work or stopped, else of one that has ended."""
    running = folder / "running"
    return program.lines((running if running.exists() else folder) / "history.csv") - 1


def kept(folder):
    """Checkpoints of a run at work or stopped."""
    return sorted((folder / "running").glob("checkpoint_*.h5"))


class Resume(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_resumes_on_another_number_of_ranks(self):
        folder = self.folder / "stopped"
        program.run_and_kill(SYMWAVE, 2, lambda: rows(folder) >= 5 and kept(folder), *DECK,
                             *OFTEN, "--output", folder)
        # Without --resume the folder is the new run's, and the training is kept beside it.
        text = program.run(SYMWAVE, 1, *DECK, "--output", folder)
        aside = folder / "unfinished"
        self.assertIn(f"warning: {folder} held a run that has not ended; its checkpoint is now in "
                      f"{aside}: go on with it by --output {aside} --resume", text)
        self.assertEqual(rows(folder), 12)
        self.assertIn("resuming", program.run(SYMWAVE, 1, *DECK, "--output", aside, "--resume"))
        self.assertEqual(rows(aside), 12)
        np.testing.assert_allclose(commands(aside), commands(folder), rtol=0, atol=1e-9)

    def test_a_complete_training_takes_more_epochs(self):
        out = self.folder / "out"
        program.run(SYMWAVE, 1, *DECK, "--output", out, "--set", "training.epochs=3")
        self.assertEqual((rows(out), len(list(out.glob("checkpoint_*.h5")))), (3, 1))
        before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        first = program.summary(out)
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 1, *DECK, "--output", out, "--resume", "--set", "training.seed=9")
        self.assertIn("made with training.seed: 1, and the deck now says 9", str(failure.exception))
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 2, *DECK, "--output", out, "--resume", "--set", "training.epochs=2")
        self.assertIn("training.epochs: 2, but 'forward_mode' has been trained for 3 epochs already",
                      str(failure.exception))
        self.assertEqual({path: path.read_bytes() for path in out.rglob("*") if path.is_file()},
                         before, "a run that is refused leaves the folder as it was")
        for go_on in ("--resume", "--requeue"):
            text = program.run(SYMWAVE, 2, *DECK, "--output", out, go_on, *program.settings(
                training__epochs=3, title="another title", solver__block=1))
            self.assertIn(f"{out}: this run has ended", text)
        self.assertEqual({path: path.read_bytes() for path in out.rglob("*") if path.is_file()},
                         before, "a complete training is left as it is")
        text = program.run(SYMWAVE, 2, *DECK, "--output", out, "--resume", "--set",
                           "training.epochs=4")
        self.assertIn("warning: forward_mode: 3 epochs were planned when it began, now 4", text)
        self.assertEqual((rows(out), len(list(out.glob("checkpoint_*.h5")))), (4, 1))
        last = program.summary(out)
        self.assertGreater(last["seconds"], first["seconds"])
        self.assertGreater(last["solves"], first["solves"])
        self.assertEqual(last["passes"] * 3, first["passes"] * 4)
        status = program.run(SYMWAVE, 1, "status", out)
        self.assertRegex(status, rf"last checkpoint {out}/checkpoint_\d+\.h5, ")
        self.assertIn("restarts: 1", status)

    def test_resume_without_a_checkpoint_says_so(self):
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 2, *DECK, "--output", self.folder / "empty", "--resume")
        self.assertIn("checkpoint", str(failure.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
