"""resume_test.py SYMWAVE: a training that is killed and resumed ends like one that never stopped."""
import csv
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
DECK = ["run", "--no-report", "inputs/iris_chip.yaml", *program.settings(
    grid__cell="0.1um", chip__core_length="4um", chip__ports=6, chip__core_width="9um",
    network__encoding__map="[-1,0,1,2,3,-1]", training__epochs=12, training__checkpoint_every=2,
    training__trainers="[forward_mode]", training__batch=60, output__fields="false",
    sweep__roughness="[]", sweep__offset_range="[]")]

SMALL = program.settings(bench__pixels=64, bench__distance="19.7mm", compute__precision="float64")
FOCUS = ["run", "--no-report", "inputs/bench/scatter_focus.yaml", *SMALL, *program.settings(
    focus__positions=2, focus__width="160um", focus__rival_passes=200,
    scatter__screen__correlation="60um", focus__scan__points=17, focus__scan__width="192um",
    focus__scan__bars="[16um]", focus__scan__epochs=8, training__epochs=15,
    training__swarm__particles=10)]
HIDDEN = ["run", "--no-report", "inputs/bench/hidden_object.yaml", *SMALL, *program.settings(
    hidden_object__positions=4, hidden_object__width="160um", hidden_object__distance="19.7mm",
    hidden_object__spot_width="320um", hidden_object__frames=3, training__epochs=25,
    training__checkpoint_every=2, training__trainers="[forward_mode, reverse]")]


def commands(folder):
    with h5py.File(folder / "results.h5", "r") as file:
        return file["training/forward_mode/commands"][()]


def rows(folder):
    """Of a run at work or stopped, else of one that has ended."""
    running = folder / "running"
    return program.lines((running if running.exists() else folder) / "history.csv") - 1


def finished_trainings(folder):
    """Of a focus, in the files of all groups of ranks."""
    count = 0
    for path in (folder / "running").glob("checkpoint_*.h5"):
        with h5py.File(path, "r") as file:
            count += len(file["numbers"])
    return count


def flat(name, value):
    """(name, number or text) of everything in a summary."""
    if not isinstance(value, dict):
        return [(name, value)]
    return [pair for key, entry in value.items() for pair in flat(f"{name}.{key}", entry)]


def everything(folder):
    """Name -> values of all that a run has found, but for the times it took."""
    found = program.datasets(folder)
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for column, value in row.items():
                if not column.endswith("seconds"):
                    found.setdefault(f"history.{column}", []).append(
                        value if column == "trainer" else float(value))
    found.update(flat("summary", program.summary(folder)))
    del found["summary.seconds"], found["summary.warnings"]  # a resumed run may have more to say
    return found


class Spots(unittest.TestCase):
    """Jobs that bring light into spots: one run that ends and one that is killed, on 2 ranks."""

    def start(self, ready, *deck):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.deck = deck
        program.run(SYMWAVE, 2, *deck, "--output", self.folder / "whole")
        self.whole = everything(self.folder / "whole")
        self.stopped = self.folder / "stopped"
        program.run_and_kill(SYMWAVE, 2, lambda: ready(self.stopped), *deck,
                             "--output", self.stopped)
        self.assertFalse((self.stopped / "results.h5").exists(), "killed before the end")

    def resume(self, name, ranks, tolerance):
        """Resumes a copy of the killed run; what was printed."""
        folder = self.folder / name
        if not folder.exists():
            shutil.copytree(self.stopped, folder)
        text = program.run(SYMWAVE, ranks, *self.deck, "--output", folder, "--resume")
        self.assertIn("resuming", text)
        found = everything(folder)
        self.assertEqual(found.keys(), self.whole.keys())
        for key, wanted in self.whole.items():
            value = found[key]
            if tolerance and np.asarray(wanted).dtype.kind == "f":
                np.testing.assert_allclose(value, wanted, rtol=tolerance, err_msg=key,
                                           atol=tolerance * np.max(np.abs(wanted)))
            else:
                np.testing.assert_array_equal(value, wanted, err_msg=key)
        return text

    def refusal(self, folder, *deck):
        with self.assertRaises(AssertionError) as failure:
            program.run(SYMWAVE, 1, *deck, "--output", folder, "--resume")
        return str(failure.exception)

    def refuses_other_decks(self):
        before = sorted(self.stopped.rglob("*"))
        self.assertIn("made with training.seed: 1, and the deck now says 9",
                      self.refusal(self.stopped, *self.deck, "--set", "training.seed=9"))
        self.assertEqual(sorted(self.stopped.rglob("*")), before)

    def keeps_the_old_results(self, folder):
        """A new run in a used folder, without --resume: until it is complete nothing changes there,
        and then nothing is left of the old one."""
        (folder / "checkpoint_7.h5").touch()
        old = {path.name: path.read_bytes() for path in folder.iterdir()}
        program.run_and_kill(SYMWAVE, 1, lambda: finished_trainings(folder) > 0, *self.deck,
                             "--output", folder)
        self.assertEqual({path.name: path.read_bytes() for path in folder.iterdir()
                          if path.is_file()}, old)
        program.run(SYMWAVE, 1, *self.deck, "--output", folder, "--resume")
        self.assertEqual({path.name for path in folder.iterdir()}, set(old) - {"checkpoint_7.h5"})

    def test_focus(self):
        self.start(lambda folder: finished_trainings(folder) > 2, *FOCUS)
        self.refuses_other_decks()
        self.assertIn("no checkpoint in this folder", self.refusal(self.folder / "empty", *FOCUS))
        done = re.compile(r"resuming: (\d+) of (\d+) trainings")
        finished, everyone = map(int, done.search(self.resume("two", 2, 0)).groups())
        self.assertTrue(0 < finished < everyone, f"{finished} of {everyone}")
        # On another number of ranks nothing is summed in another order. The file of one group is cut
        # off: a warning, and its trainings are repeated.
        shutil.copytree(self.stopped, self.folder / "one")
        file = self.folder / "one" / "running" / "checkpoint_1.h5"
        with open(file, "r+b") as stream:
            stream.truncate(file.stat().st_size // 2)
        text = self.resume("one", 1, 0)
        self.assertRegex(text, r"warning: .*checkpoint_1\.h5: .*truncated.*are done again")
        self.assertLess(int(done.search(text).group(1)), finished)
        # At the end everything stands in one file, with which nothing is left to do.
        self.assertEqual([path.name for path in (self.folder / "two").glob("checkpoint*")],
                         ["checkpoint.h5"])
        self.assertIn(f"{everyone} of {everyone}", self.resume("two", 1, 0))
        self.keeps_the_old_results(self.folder / "two")

    def test_hidden_object(self):
        self.start(lambda folder: rows(folder) >= 5, *HIDDEN)
        self.refuses_other_decks()
        self.assertIn("checkpoint.h5: this is no symwave focus checkpoint",
                      self.refusal(self.stopped, *FOCUS))
        self.resume("two", 2, 0)
        # Sums over the groups of ranks in another order, float64.
        self.resume("one", 1, 1e-6)


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
