"""resume_test.py SYMWAVE: a training that is killed and resumed ends like one that never stopped."""
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
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
    history = folder / "history.csv"
    return history.read_text(encoding="utf-8").count("\n") - 1 if history.is_file() else 0


class Resume(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def start_and_kill(self, folder, ranks, least):
        """Kills all ranks without warning once `least` epochs are in the history."""
        process = subprocess.Popen(program.command(SYMWAVE, ranks, *DECK, "--output", folder),
                                   cwd=program.ROOT, env=program.environment(),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(4000):
            if rows(folder) >= least or process.poll() is not None:
                break
            time.sleep(0.05)
        self.assertIsNone(process.poll(), "the run ended before it could be killed")
        subprocess.run(["pkill", "-KILL", "-f", str(folder)], check=False)
        process.send_signal(signal.SIGKILL)
        process.wait(30)

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
        stopped = self.folder / "stopped"
        self.start_and_kill(stopped, 2, 5)
        program.run(SYMWAVE, 1, *DECK, "--output", stopped, "--resume")
        whole = self.folder / "whole"
        program.run(SYMWAVE, 1, *DECK, "--output", whole)
        np.testing.assert_allclose(commands(stopped), commands(whole), rtol=0, atol=1e-9)

    def test_resume_without_a_checkpoint_says_so(self):
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 2, *DECK, "--output", self.folder / "empty", "--resume")
        self.assertIn("checkpoint", str(failure.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
