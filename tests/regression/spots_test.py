"""spots_test.py SYMWAVE: foci behind scatterers and the hidden object, in tiny form."""
import csv
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# A plane of 64 pixels, the focus of which is still 2.3 pixels wide (Fresnel number 25).
SMALL = program.settings(bench__pixels=64, bench__distance="19.7mm")
FOCUS = SMALL + program.settings(
    focus__positions=2, focus__width="160um", focus__rival_passes=200,
    scatter__screen__correlation="60um", focus__scan__points=9, focus__scan__width="192um",
    focus__scan__bars="[16um]", focus__scan__epochs=8, training__epochs=15,
    training__swarm__particles=10, compute__precision="float64")
HIDDEN = SMALL + program.settings(
    hidden_object__positions=4, hidden_object__width="160um", hidden_object__distance="19.7mm",
    hidden_object__spot_width="320um", hidden_object__frames=3, training__epochs=25,
    compute__precision="float64")


class Spots(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_deck(self, deck, ranks, *options):
        out = pathlib.Path(self.folder.name) / f"{deck}_{ranks}"
        text = program.run(SYMWAVE, ranks, "run", f"inputs/bench/{deck}.yaml", "--output", out,
                           *program.reporting(ranks == 1), *options)
        for name in ("results.h5", "summary.json", "history.csv"):
            self.assertTrue((out / name).is_file(), f"{name} is missing:\n{text}")
        self.assertEqual((out / "report.html").is_file(), ranks == 1, text)
        return out

    def arrays(self, out, *names):
        with h5py.File(out / "results.h5", "r") as file:
            return [file[name][()] for name in names]

    def test_focus_reaches_the_limit_and_does_not_depend_on_ranks(self):
        outs = [self.run_deck("scatter_focus", ranks, *FOCUS) for ranks in (1, 2)]
        numbers = program.summary(outs[0])
        trained, limit = numbers["forward_mode"], numbers["diffraction_limit_um"]
        self.assertLess(trained["widest_fwhm_um"], 1.1 * limit)
        self.assertEqual(trained["foci_at_limit"], trained["foci"])
        self.assertGreater(trained["share"], 3 * numbers["lens_scattered"]["share"])
        self.assertLess(numbers["swarm"]["share"], trained["share"])
        self.assertGreater(numbers["scan"]["ssim"], numbers["scan"]["ssim_without_learning"])
        for name in ("focus/trainers/forward_mode/frame", "focus/trainers/swarm/share",
                     "focus/scan/trained"):
            one, two = (self.arrays(out, name)[0] for out in outs)
            np.testing.assert_allclose(two, one, rtol=1e-6, atol=1e-6 * np.max(one), err_msg=name)
        with open(outs[0] / "history.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len([r for r in rows if r["trainer"] == "forward_mode"]), 4 * 15)
        # A data, two error and a calibration pass per step.
        self.assertEqual(max(int(r["passes"]) for r in rows if r["trainer"] == "forward_mode"), 60)
        page = (outs[0] / "report.html").read_text(encoding="utf-8")
        self.assertIn("Imaging through the scatterer", page)

    def test_focus_stops_early(self):
        # No fall of the loss is a gain: the second epoch is the last one.
        out = self.run_deck("scatter_focus", 1, *FOCUS, *program.settings(
            training__trainers="[forward_mode]", training__early_stop__patience=1,
            training__early_stop__smallest_gain=100))
        with open(out / "history.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 4 * 2)

    def test_hidden_object_is_read_after_training(self):
        outs = [self.run_deck("hidden_object", ranks, *HIDDEN) for ranks in (1, 2)]
        numbers = program.summary(outs[0])
        self.assertGreater(numbers["forward_mode"]["bit_accuracy"], 0.95)
        self.assertLess(numbers["untrained"]["bit_accuracy"], 0.85)
        self.assertGreater(numbers["forward_mode"]["ssim"], numbers["untrained"]["ssim"] + 0.3)
        self.assertEqual(numbers["forward_mode"]["passes"], 25 * (3 * 16 + 1))
        plan = program.run(SYMWAVE, 1, "check", "inputs/bench/hidden_object.yaml", *HIDDEN)
        self.assertIn(f"passes         {25 * (3 * 16 + 1)} launches", plan)
        # At 60 Hz: one launch per mask, 2 fields of a data pass and 1 of each of two error passes, 4
        # frames each.
        self.assertAlmostEqual(numbers["forward_mode"]["laboratory_training_seconds"],
                               25 * (49 + 4 * (4 * 16 + 1)) / 60)
        truth, = self.arrays(outs[0], "hidden_object/truth")
        # A cross, an angle and a ring, three frames each.
        np.testing.assert_array_equal(truth.sum(axis=(1, 2)), [5] * 6 + [8] * 3)
        one, two = (self.arrays(out, "hidden_object/trainers/forward_mode/frames")[0]
                    for out in outs)
        np.testing.assert_allclose(two, one, atol=1e-6)

    def refusal(self, deck, *options):
        with self.assertRaises(AssertionError) as failure:
            self.run_deck(deck, 1, *program.settings(**dict(options)))
        text = str(failure.exception)
        self.assertIn(f"inputs/bench/{deck}.yaml:", text)
        return text

    def test_bad_input_gets_a_sentence(self):
        for deck, key, value, sentence in (
                ("scatter_focus", "focus__width", "2mm", "leaves the plane"),
                ("scatter_focus", "focus__spot_radius", "3um", "finer than the pixels"),
                ("scatter_focus", "scatter__screen__rms", "0", "nothing to focus through"),
                ("scatter_focus", "bench__distance", "10mm", "finer than the sampling"),
                ("scatter_focus", "focus__scan__bars", "[3um]", "finer than the pixels"),
                ("hidden_object", "hidden_object__spot_width", "60um", "share pixels"),
                ("hidden_object", "hidden_object__wall__rms", "0", "no rough wall"),
                ("hidden_object", "training__trainers", "[in_silico]", "behind the hidden wall")):
            self.assertIn(sentence, self.refusal(deck, (key, value)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
