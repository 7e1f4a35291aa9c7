#!/usr/bin/python3
"""Runs that are stopped by a signal or killed, and go on: the same results bit for bit on as
many ranks, and to rounding on others.

Usage: restart_test.py SYMWAVE
"""
import csv
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1) if len(sys.argv) > 1 else "build/release/symwave"
STOPPED = 75
INCOMPLETE = 3

SOURCES = """
job: simulate
grid: {polarization: %s, cell: 0.04 um, size: [6 um, 5 um], pml: 0.8 um}
wavelength: [1.5 um, 1.55 um, 1.6 um]
materials: {air: {index: 1}, silicon: {model: Si}, glass: {index: 1.45}}
background: glass
shapes: [{type: circle, material: silicon, centre: [0, 0], radius: 1.2 um}]
sources: [{type: %s}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [4 um, 4 um]}
  - {type: dft, name: d, centre: [0, 0], size: [4 um, 4 um], wavelength: 1.55 um}
  - {type: probe, name: p, at: [0.5 um, 0.3 um], component: %s}
solver: {method: time_domain, precision: float64, stop: {%s}}
output: {checkpoint: {every: %s}}
"""
DIPOLE = "dipole, at: [0.2 um, 0.1 um], component: %s%s"

PORTS = """
job: simulate
grid: {polarization: Hz, cell: 0.05 um, size: [6 um, 4 um], pml: 1 um}
wavelength: {from: 1.5 um, to: 1.6 um, count: 3}
materials: {core: {index: 2.8}, clad: {index: 1.444}}
background: clad
shapes:
  - {type: box, material: core, centre: [0, 0], size: [20 um, 0.45 um]}
  - {type: box, material: core, centre: [0, 0.9 um], size: [2 um, 0.3 um]}
ports:
  - {name: in, at: [-2.5 um, 0], faces: +x, span: 3 um}
  - {name: out, at: [2.5 um, 0], faces: -x, span: 3 um}
monitors: [{type: flux, name: f, centre: [1.5 um, 0], size: [0, 2 um]}]
solver: {method: time_domain, precision: float64}
output: {checkpoint: {every: 0.2 s}}
"""

WAVELENGTHS = PORTS[:PORTS.index("monitors")].replace("count: 3", "count: 13") + """
solver: frequency_domain
output: {checkpoint: {every: 0.01 s}}
"""
# Two trainers of six steps an epoch, and a sweep over two errors.
CHIP = ["run", "inputs/iris_chip.yaml", "--no-report", *program.settings(
    grid__cell="0.1um", chip__core_length="3um", chip__ports=4, chip__core_width="6um",
    network__encoding__map="[0,1,2,3]", training__epochs=2, training__batch=20,
    training__trainers="[forward_mode, in_silico]", training__ignore_asymmetry="true",
    sweep__roughness="[10 nm]", sweep__offset_range="[0.3 rad]", sweep__epochs=2,
    output__fields="false")]
OFTEN = program.settings(output__checkpoint__every="1ms")
# Of rounding alone, and so of the number of ranks.
ROUNDING = ("residual", "power/balance_error")


def is_reciprocal(name, values):
    """Whether a run found nothing but rounding in its reciprocity, which no other run repeats."""
    return name.endswith("reciprocity_defect") and np.max(values) < 1e-12


def everything(folder):
    """Name -> values of all that a run has found, but for the times it took."""
    return {**program.datasets(folder), **program.fields(folder)}


class Restart(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def deck(self, text):
        path = self.folder / "deck.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def run_deck(self, ranks, deck, name, *options):
        return program.run(SYMWAVE, ranks, "run", deck, "--output", self.folder / name,
                           "--no-report", *options)

    def stop(self, ranks, deck, name, number=signal.SIGUSR1):
        """Stops a run after its first checkpoint."""
        folder = self.folder / name
        code, said = program.run_and_signal(
            SYMWAVE, ranks, lambda: any((folder / "running").glob("checkpoint_*.h5")), number,
            "run", deck, "--output", folder, "--no-report")
        self.assertEqual(code, STOPPED, said)
        self.assertIn(f"stopped by {number.name}; go on with --output {folder} --resume", said)
        self.assertFalse((folder / "results.h5").exists())
        self.assertIn("stopped by", program.run(SYMWAVE, 1, "status", folder))
        return folder

    def compare(self, found, whole, tolerance):
        self.assertEqual(found.keys(), whole.keys())
        for name, wanted in whole.items():
            if tolerance and (name in ROUNDING or is_reciprocal(name, wanted)):
                continue
            if not tolerance or np.asarray(wanted).dtype.kind not in "fc":
                np.testing.assert_array_equal(found[name], wanted, err_msg=name)
                continue
            scale = np.nanmax(np.abs(wanted)) if np.size(wanted) else 0
            np.testing.assert_allclose(found[name], wanted, rtol=0, atol=tolerance * scale,
                                       err_msg=name)

    def check(self, text, others=(1, 4), tolerance=1e-9, same=0):
        """On 2 ranks, and on other numbers of them after the stop; `same`: tolerance on 2."""
        deck = self.deck(text)
        self.run_deck(2, deck, "whole")
        whole = everything(self.folder / "whole")
        for ranks in (2, *others):
            stopped = self.stop(2, deck, f"on_{ranks}")
            said = self.run_deck(ranks, deck, f"on_{ranks}", "--resume")
            self.assertEqual(said.count("resuming at "), 1, said)
            self.compare(everything(stopped), whole, same if ranks == 2 else tolerance)
            seconds = program.summary(stopped)["seconds"]
            self.assertGreater(seconds, 0)
            self.assertFalse(list(stopped.glob("checkpoint*")))
        return deck

    def test_a_pulse(self):
        self.check(SOURCES % ("Ez", DIPOLE % ("Ez", ""), "Ez", "max_time: 500 um, decay: 1e-12",
                              "0.1 s"))

    def test_a_continuous_wave(self):
        self.check(SOURCES % ("Hz", DIPOLE % ("Hz", ", waveform: {kind: cw, wavelength: 1.55 um}"),
                              "Hz", "max_time: 300 um", "0.1 s"), others=(1,))

    def test_a_device_with_ports_and_monitors(self):
        self.check(PORTS, others=(4,))

    def test_a_list_of_wavelengths(self):
        # Both ranks factorize the middle one together, in the order in which messages arrive.
        self.check(WAVELENGTHS, others=(1, 3), same=1e-8)
        # One factorization and two inputs each: solves before the stop count, and nothing is solved
        # twice.
        for name in ("whole", "on_2", "on_1", "on_3"):
            summary = program.summary(self.folder / name)
            self.assertEqual((summary["factorizations"], summary["solves"]), (13, 26), name)

    def test_killed(self):
        deck = self.deck(PORTS)
        self.run_deck(2, deck, "whole")
        folder = self.folder / "killed"
        program.run_and_kill(
            SYMWAVE, 2, lambda: any((folder / "running").glob("checkpoint_*.h5")),
            "run", deck, "--output", folder, "--no-report")
        self.run_deck(2, deck, "killed", "--resume")
        self.compare(everything(folder), everything(self.folder / "whole"), 0)

    def test_fields_that_could_not_be_written(self):
        deck = self.deck(SOURCES % ("Ez", DIPOLE % ("Ez", ""), "Ez", "max_time: 200 um", "0.05 s"))
        options = program.settings(output__fields="true")
        self.run_deck(1, deck, "whole", *options)
        out = self.folder / "out"
        failed = subprocess.run(
            program.command(SYMWAVE, 1, "run", deck, "--output", out, "--no-report", *options),
            cwd=program.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env={**program.environment(), "SYMWAVE_TEST_FAULT": "field_file/write:0:1:user"})
        self.assertEqual(failed.returncode, INCOMPLETE, failed.stdout)
        self.assertIs(program.summary(out)["complete"], False)
        # From its last checkpoint, not from the start.
        self.assertIn("resuming at ", self.run_deck(1, deck, "out", "--resume", *options))
        self.compare(everything(out), everything(self.folder / "whole"), 0)
        self.assertFalse(list(out.rglob("checkpoint*")))

    def test_another_deck(self):
        text = SOURCES % ("Ez", DIPOLE % ("Ez", ""), "Ez", "max_time: 500 um, decay: 1e-12", "0.1 s")
        deck = self.deck(text)
        self.stop(2, deck, "out")
        with self.assertRaises(AssertionError) as failure:
            self.run_deck(1, deck, "out", "--resume", "--set", "grid.pml=0.6 um")
        self.assertRegex(str(failure.exception), "made with grid.pml: .*0.8.*0.6")
        self.run_deck(1, deck, "out", "--resume", "--set", "title=another")

    def answer(self, deck, *options):
        return program.answer(SYMWAVE, 1, "run", deck, "--output", self.folder / "out",
                              "--no-report", *options)

    def test_complete_runs_and_requeue(self):
        deck = self.deck(SOURCES % ("Ez", DIPOLE % ("Ez", ""), "Ez", "max_time: 150 um", "10 min"))
        out = self.folder / "out"
        code, said = self.answer(deck, "--resume")
        self.assertEqual((code, out.exists()), (1, False), said)
        self.assertIn("there is no checkpoint in this folder", said)
        code, said = self.answer(deck, "--requeue")
        self.assertEqual((code, (out / "results.h5").exists()), (0, True), said)
        before = {path: path.read_bytes() for path in out.iterdir()}
        for option in ("--resume", "--requeue"):
            code, said = self.answer(deck, option)
            self.assertEqual(code, 0, said)
            self.assertIn("this run has ended; without --resume it is done again", said)
            code, said = self.answer(deck, option, "--set", "grid.pml=0.9um")
            self.assertEqual(code, 1, said)
            self.assertRegex(said, r"results\.h5: is of another run: .*grid\.pml")
        self.assertEqual({path: path.read_bytes() for path in out.iterdir()}, before)

    def test_two_runs_in_one_folder(self):
        deck = self.deck(SOURCES % ("Ez", DIPOLE % ("Ez", ""), "Ez", "max_time: 2000 um", "0.1 s"))
        out = self.folder / "out"
        first = subprocess.Popen(
            program.command(SYMWAVE, 1, "run", deck, "--output", out, "--no-report"),
            cwd=program.ROOT, env=program.environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 120
            while not any((out / "running").glob("checkpoint_*.h5")) and time.monotonic() < end:
                time.sleep(0.05)
            for options in ((), ("--resume",)):
                code, said = self.answer(deck, *options)
                self.assertEqual(code, 1, said)
                self.assertRegex(said, r"a run is at work in this folder, process \d+ on \S+ since")
            self.assertIsNone(first.poll(), "the first run goes on")
        finally:
            first.send_signal(signal.SIGUSR1)
            first.wait(60)
        self.assertEqual(first.returncode, STOPPED)
        # What would be refused is refused at once, and counts as no restart.
        code, said = self.answer(deck, "--resume", "--set", "grid.cell=0.05um")
        self.assertIn("grid.cell", said)
        status = program.run(SYMWAVE, 1, "status", out)
        self.assertIn("stopped by SIGUSR1", status)
        self.assertIn("restarts: 0", status)


class ChipTraining(unittest.TestCase):
    """Stops are aimed by a checkpoint after every step, each of which takes its time."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        program.run(SYMWAVE, 2, *CHIP, "--output", cls.folder / "whole")
        cls.whole = cls.everything(cls.folder / "whole")

    @staticmethod
    def everything(folder):
        found = {name: values for name, values in program.datasets(folder).items()
                 if not name.endswith("/seconds")}
        with open(folder / "history.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for column in set(row) - {"seconds", "trainer"}:
                    found.setdefault(f"{row['trainer']}/{column}", []).append(float(row[column]))
        return found

    def stop(self, name, ready):
        """Stops a run on 2 ranks by a signal; what its newest checkpoint says of the trainings."""
        self.stopped = self.folder / name
        with program.delayed("checkpoint.rename:0.1"):
            code, said = program.run_and_signal(
                SYMWAVE, 2, lambda: ready(self.stopped / "running"), signal.SIGUSR1, *CHIP,
                *OFTEN, "--output", self.stopped)
        self.assertEqual(code, STOPPED, said)
        newest = max((self.stopped / "running").glob("checkpoint_*.h5"))
        with h5py.File(newest, "r") as file:
            trainings = file["state/trainings"].values()
            return {group["name"][()].decode(): group["counts"][()] for group in trainings
                    if isinstance(group, h5py.Group)}

    def resume(self, ranks, tolerance):
        out = self.folder / f"{self.stopped.name}_{ranks}"
        shutil.copytree(self.stopped, out)
        said = program.run(SYMWAVE, ranks, *CHIP, "--output", out, "--resume")
        self.assertIn("resuming at ", said)
        found = self.everything(out)
        self.assertEqual(found.keys(), self.whole.keys())
        for name, wanted in self.whole.items():
            # The training itself goes on to the last bit. The first block, which is solved whole at
            # the end, is not: MUMPS adds what ranks send to each other as it arrives.
            rounding = 1e-9 if name.startswith("block/") else 0
            allowed = max(tolerance, rounding)
            if allowed and (name.endswith((*ROUNDING, "symmetry_defect"))
                            or is_reciprocal(name, wanted)):
                continue
            if allowed and np.size(wanted) and np.asarray(wanted).dtype.kind in "fc":
                np.testing.assert_allclose(found[name], wanted, rtol=0, err_msg=name,
                                           atol=allowed * np.max(np.abs(wanted)))
            else:
                np.testing.assert_array_equal(found[name], wanted, err_msg=name)
        return said

    def test_within_an_epoch(self):
        counts = self.stop("epoch", lambda running: (running / "checkpoint_000003.h5").exists())
        epoch, batch = counts["forward_mode"][:2]
        self.assertEqual((epoch, 0 < batch < 6), (0, True), "within the first epoch")
        self.assertIn("resuming at forward_mode, step", self.resume(2, 0))
        self.resume(1, 1e-7)

    def test_within_the_sweep(self):
        def ready(running):
            history = running / "history.csv"
            return history.exists() and "\noffset_range=0.3" in history.read_text("utf-8")
        counts = self.stop("sweep", ready)
        self.assertIn("offset_range=0.3 epochs=2 forward_mode", counts)
        # The points of the roughness are numbers now.
        self.assertEqual(len(counts), 3)
        self.assertIn("resuming at offset_range=0.3 epochs=2 forward_mode, step", self.resume(2, 0))

    def test_killed_while_a_checkpoint_is_written(self):
        self.stopped = self.folder / "killed"
        running = self.stopped / "running"
        with program.delayed("checkpoint.write:1.5"):
            program.run_and_kill(
                SYMWAVE, 2, lambda: (running / "checkpoint_000002.h5").exists()
                and any(running.glob("*.tmp")), *CHIP, *OFTEN, "--output", self.stopped)
        self.assertIn("resuming at forward_mode, step 2", self.resume(2, 0))


if __name__ == "__main__":
    unittest.main()
