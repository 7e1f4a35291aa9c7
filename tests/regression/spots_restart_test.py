"""spots_restart_test.py SYMWAVE: foci and hidden objects that are stopped by a signal or killed, and
go on: the same results bit for bit on as many ranks, and to rounding on others."""
import csv
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
STOPPED = 75

SMALL = program.settings(bench__pixels=64, bench__distance="19.7mm", compute__precision="float64")
OFTEN = program.settings(output__checkpoint__every="0.1s")
FOCUS = ["run", "inputs/bench/scatter_focus.yaml", *SMALL, *program.settings(
    focus__positions=2, focus__width="160um", focus__rival_passes=200,
    scatter__screen__correlation="60um", focus__scan__points=9, focus__scan__width="192um",
    focus__scan__bars="[16um]", focus__scan__epochs=8, training__epochs=15,
    training__swarm__particles=10)]
# Few trainings, all of which take long.
LONG = [*FOCUS, *program.settings(
    focus__positions=1, focus__scan__points=2, focus__scan__epochs=120, training__epochs=120,
    training__trainers="[forward_mode]")]
HIDDEN = ["run", "inputs/bench/hidden_object.yaml", *SMALL, *program.settings(
    hidden_object__positions=4, hidden_object__width="160um", hidden_object__distance="19.7mm",
    hidden_object__spot_width="320um", hidden_object__frames=3, training__epochs=25,
    training__trainers="[forward_mode, reverse]")]


def checkpoints(folder):
    return sorted((folder / "running").glob("checkpoint*.h5"))


def finished(folder):
    """Trainings in the newest checkpoint of a focus; 0 where it is being replaced."""
    try:
        with h5py.File(checkpoints(folder)[-1], "r") as file:
            return len(file["state/finished/tasks"])
    except (IndexError, OSError):
        return 0


def rows(folder):
    return program.lines(folder / "running" / "history.csv") - 1


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
    for key in ("seconds", "peak_memory_bytes", "warnings"):  # a resumed run may have more to say
        del found[f"summary.{key}"]
    return found


class Spots(unittest.TestCase):
    def start(self, ranks, *deck):
        """One run that ends."""
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.stopped = self.folder / "stopped"
        self.deck = [*deck, "--no-report"]
        program.run(SYMWAVE, ranks, *self.deck, "--output", self.folder / "whole")
        self.whole = everything(self.folder / "whole")

    def kill(self, ranks, ready):
        program.run_and_kill(SYMWAVE, ranks, ready, *self.deck, *OFTEN, "--output", self.stopped)
        self.assertFalse((self.stopped / "results.h5").exists(), "killed before the end")

    def signal(self, ranks, ready, number):
        code, said = program.run_and_signal(SYMWAVE, ranks, ready, number, *self.deck, *OFTEN,
                                            "--output", self.stopped)
        self.assertEqual(code, STOPPED, said)
        self.assertIn(f"stopped by {number.name}; go on with --output {self.stopped} --resume", said)
        self.assertFalse((self.stopped / "results.h5").exists(), "stopped before the end")
        return program.run(SYMWAVE, 1, "status", self.stopped)

    def resume(self, name, ranks, tolerance=0):
        """Resumes a copy of the stopped run; what was printed."""
        folder = self.folder / name
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
        def files():  # but for what the kill has cut off
            return sorted(path for path in self.stopped.rglob("*") if path.suffix != ".tmp")

        before = files()
        self.assertIn("made with training.seed: 1, and the deck now says 9",
                      self.refusal(self.stopped, *self.deck, "--set", "training.seed=9"))
        self.assertEqual(files(), before)

    def keeps_the_old_results(self, folder):
        """A new run in a used folder, without --resume: until it is complete nothing changes there,
        and then nothing is left of the old one."""
        def names():
            return {path.name for path in folder.iterdir()
                    if not re.fullmatch(r"checkpoint_\d{6,}\.h5", path.name)}

        made = names()
        (folder / "field_old.hdf").touch()
        old = {path.name: path.read_bytes() for path in folder.iterdir()}
        program.run_and_kill(SYMWAVE, 1, lambda: checkpoints(folder), *self.deck, *OFTEN,
                             "--output", folder)
        self.assertEqual({path.name: path.read_bytes() for path in folder.iterdir()
                          if path.is_file()}, old)
        program.run(SYMWAVE, 1, *self.deck, "--output", folder, "--resume")
        self.assertEqual(names(), made)

    def begun(self):
        """Finished epochs of the trainings that are not finished, in the newest checkpoint."""
        with h5py.File(checkpoints(self.stopped)[-1], "r") as file:
            self.assertEqual(file["meta/unit"][()].decode(), "pass")
            self.assertLess(file["meta/done"][()], file["meta/total"][()])
            return list(file["state/begun/done"])

    def test_focus_stops_within_a_training(self):
        self.start(2, *LONG)
        status = self.signal(2, lambda: checkpoints(self.stopped), signal.SIGTERM)
        self.assertRegex(status, r"focus: stopped by SIGTERM\nfoci  \d+/\d+ passes\b")
        epochs = self.begun()
        self.assertEqual(len(epochs), 2, "one of each group of ranks")
        self.assertTrue(all(0 < e < 120 for e in epochs), epochs)
        seconds = re.search(r"ran (.*) in all, restarts: 0", status)
        self.assertIsNotNone(seconds, status)
        # Nothing is summed over groups: the same on any number of them.
        for ranks in (2, 1, 3):
            self.resume(f"on_{ranks}", ranks)
        with open(self.folder / "on_2" / "history.csv", newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        self.assertEqual([int(row["epoch"]) for row in table], list(range(1, 121)))
        times = [float(row["training_seconds"]) for row in table]
        self.assertEqual(times, sorted(times), "seconds are counted on")

    def test_focus_on_planes_of_two_ranks(self):
        deck = [*LONG, *program.settings(compute__ranks_per_plane=2, training__epochs=80)]
        self.start(4, *deck)
        self.signal(4, lambda: checkpoints(self.stopped), signal.SIGUSR1)
        self.assertGreater(len(self.begun()), 0)
        self.resume("on_2", 2)

    def test_focus_is_killed(self):
        self.start(2, *FOCUS)
        self.kill(2, lambda: len(checkpoints(self.stopped)) > 1 and finished(self.stopped) > 0)
        self.refuses_other_decks()
        self.assertIn("no checkpoint in this folder", self.refusal(self.folder / "empty", *FOCUS))
        done = re.compile(r"resuming: (\d+) of (\d+) trainings")
        known, everyone = map(int, done.search(self.resume("two", 2)).groups())
        self.assertTrue(0 < known < everyone, f"{known} of {everyone}")
        # The newest checkpoint is cut off.
        newest = checkpoints(self.stopped)[-1]
        with open(newest, "r+b") as stream:
            stream.truncate(newest.stat().st_size // 2)
        text = self.resume("one", 1)
        self.assertRegex(text, r"warning: .*truncated.*going on from the checkpoint before it")
        self.assertLessEqual(int(done.search(text).group(1)), known)
        # The last checkpoint stays: where results are lost, nothing is left to train.
        again = (SYMWAVE, 1, *self.deck, "--output", self.folder / "two", "--resume")
        self.assertIn("this run has ended", program.run(*again))
        (self.folder / "two" / "summary.json").unlink()
        self.assertIn(f"{everyone} of {everyone}", program.run(*again))
        self.keeps_the_old_results(self.folder / "two")

    def test_focus_with_more_epochs(self):
        self.start(2, *LONG, *program.settings(training__epochs=90))
        self.deck = [*LONG, *program.settings(training__epochs=80), "--no-report"]
        self.signal(2, lambda: checkpoints(self.stopped), signal.SIGTERM)
        # Trainings of another length begin anew.
        self.deck = [*LONG, *program.settings(training__epochs=90), "--no-report"]
        self.resume("longer", 1)

    def test_hidden_object_is_killed(self):
        self.start(2, *HIDDEN)
        self.kill(2, lambda: checkpoints(self.stopped))
        self.refuses_other_decks()
        self.assertIn("made with", self.refusal(self.stopped, *FOCUS))
        self.resume("two", 2)
        # Sums over the groups of ranks in another order, float64.
        self.resume("one", 1, 1e-6)

    def test_hidden_object_stops(self):
        self.start(2, *HIDDEN)
        status = self.signal(2, lambda: rows(self.stopped) >= 5, signal.SIGTERM)
        self.assertIn("hidden_object: stopped by SIGTERM\nforward_mode  ", status)
        self.resume("two", 2)
        self.resume("three", 3, 1e-6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
