"""wavelengths_test.py SYMWAVE: one set of commands is trained at several wavelengths, for one task or
one each: the same on any number of ranks, resumed, and as its chips say one by one."""
import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# Two guides beside a multimode section, and heaters in the middle.
DECK = f"""
job: train
grid: {{polarization: Ez, cell: 0.1 um, size: [8 um, 6 um], pml: 1 um}}
wavelength: [1.57 um, 1.53 um]
materials: {{core: {{index: 2.85}}, oxide: {{index: 1.444}}}}
background: oxide
shapes:
  - {{type: straight, material: core, from: [-9, 0.75], to: [9, 0.75], width: 0.4}}
  - {{type: straight, material: core, from: [-9, -0.75], to: [9, -0.75], width: 0.4}}
  - {{type: box, material: core, centre: [-2, 0], size: [1.5, 2.4]}}
  - {{type: box, material: core, centre: [2, 0], size: [1.5, 2.4]}}
ports:
  - {{name: in1, at: [-3.6, 0.75], faces: +x, span: 1.5}}
  - {{name: in2, at: [-3.6, -0.75], faces: +x, span: 1.5}}
  - {{name: out1, at: [3.6, 0.75], faces: -x, span: 1.5}}
  - {{name: out2, at: [3.6, -0.75], faces: -x, span: 1.5}}
elements:
  - {{name: upper, centre: [0, 0.75], size: [1.8, 0.4], switching: 0.6 um}}
  - {{name: lower, centre: [0, -0.75], size: [1.8, 0.4], switching: 0.6 um}}
fabrication: {{etch_bias: 4 nm}}
drive: {{gain_sigma: 0.05, offset_range: 1 rad, detection_noise: 0.002}}
data:
  - {{file: two.csv, columns: [x, y], label: class}}
  - {{file: three.csv}}
network:
  blocks: 2
  encoding: {{kind: phase, range: 2 rad}}
  reencoding: {{kind: phase, gain: 2 rad}}
  classes:
    - {{a: out1, b: out2}}
    - {{no: out2, yes: out1}}
training:
  trainers: [forward_mode, in_silico]
  epochs: 6
  optimizer: {{learning_rate: 0.1, schedule: constant}}
output: {{fields: false}}
"""


def history(folder):
    with open(folder / "history.csv", encoding="utf-8") as file:
        return [{key: value for key, value in row.items() if key not in ("trainer", "seconds")}
                for row in csv.DictReader(file)]


class Wavelengths(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        rows = [(0.1 * (k % 7), 0.1 * ((3 * k) % 8), k) for k in range(20)]
        self.write("two.csv", "x,y,class", [f"{x},{y},{'ab'[k % 2]}" for x, y, k in rows])
        self.write("three.csv", "x,y,answer",
                   [f"{y},{x},{'yes' if x > y else 'no'}" for x, y, _ in rows[:14]])
        (self.folder / "deck.yaml").write_text(DECK, encoding="utf-8")

    def write(self, name, head, lines):
        (self.folder / name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")

    def run_deck(self, name, ranks, *options):
        """(what it said, summary, folder)."""
        out = self.folder / name
        said = program.run(SYMWAVE, ranks, "run", self.folder / "deck.yaml", "--no-report", "--output",
                           out, *options)
        return said, program.summary(out), out

    def test_a_task_each(self):
        said, summary, one = self.run_deck("one", 1)
        self.assertIn("data at 1.53 um: 14 samples", said)
        _, _, two = self.run_deck("two", 2)
        for a, b in zip(history(one), history(two)):
            self.assertEqual(len(a), 12)
            np.testing.assert_allclose([float(v) for v in a.values()],
                                       [float(v) for v in b.values()], rtol=1e-8)
            self.assertAlmostEqual(float(a["loss"]), 0.5 * (float(a["loss_1.57um"]) +
                                                           float(a["loss_1.53um"])), 12)
        for trainer in ("forward_mode", "in_silico"):
            entry = summary[trainer]
            key = "deployed_test_accuracy" if trainer == "in_silico" else "test_accuracy"
            self.assertEqual([entry[f"wavelength_{k}"]["wavelength"] for k in (1, 2)], [1.57, 1.53])
            self.assertAlmostEqual(entry[key], 0.5 * sum(entry[f"wavelength_{k}"][key] for k in (1, 2)))
        with h5py.File(one / "results.h5", "r") as file:
            self.assertEqual(file["training/wavelength_2/classes"].asstr()[:].tolist(), ["no", "yes"])
            self.assertEqual(file["training/forward_mode/wavelength_2/confusion"][()].sum(), 5)
        self.run_deck("part", 2, "--set", "training.epochs=3")
        self.run_deck("part", 1, "--resume")
        for a, b in zip(history(one)[:6], [r for r in history(self.folder / "part")][:3]):
            np.testing.assert_allclose(float(a["loss"]), float(b["loss"]), rtol=1e-8)
        with h5py.File(self.folder / "part" / "results.h5", "r") as resumed, h5py.File(
                one / "results.h5", "r") as whole:
            for name in ("commands", "wavelength_1/loss", "wavelength_2/test_accuracy"):
                name = f"training/forward_mode/{name}"
                np.testing.assert_allclose(resumed[name][()], whole[name][()], rtol=1e-7, atol=1e-9)
        self.assertEqual(subprocess.run([SYMWAVE, "report", one], check=False, cwd=program.ROOT,
                                        stdout=subprocess.DEVNULL).returncode, 0)
        page = (one / "report.html").read_text(encoding="utf-8")
        self.assertIn("At each wavelength", page)
        self.assertNotIn("Not in these results", page)

    def test_a_list_of_one_is_that_one(self):
        task = program.settings(data="{file: two.csv}", network__classes="{a: out1, b: out2}")
        _, _, plain = self.run_deck("plain", 1, *task, "--set", "wavelength=1.53 um")
        _, _, listed = self.run_deck("listed", 1, "--set", "wavelength=[1.53 um]", *program.settings(
            data="[{file: two.csv}]", network__classes="[{a: out1, b: out2}]"))
        self.assertEqual(history(plain), history(listed))
        self.assertEqual(len(history(plain)[0]), 6)

    def test_the_plan_counts_wavelengths(self):
        def check(*options):
            return program.run(SYMWAVE, 1, "check", self.folder / "deck.yaml", *options)

        said = check()
        self.assertIn("2, solved for each of them; commands are radians at 1.57 um", said)
        self.assertRegex(said, r"wavelength 2 +1.53 um\n +data +14 samples")
        one = check(*program.settings(wavelength="1.57um", data="{file: two.csv}",
                                      network__classes="{a: out1, b: out2}"))
        factorizations = [int(text.split("factorizations ")[1].split()[0]) - 1 for text in (said, one)]
        self.assertEqual(factorizations[0], 2 * factorizations[1])
        self.assertIn("from the same runs", check(*program.settings(solver="time_domain")))
        self.assertIn("with runs for each of them", check(*program.settings(
            solver="time_domain", materials__core="{model: Si}")))


if __name__ == "__main__":
    unittest.main()
