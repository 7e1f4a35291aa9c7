"""outputs_test.py SYMWAVE: every file, dataset and key of summary.json that runs write stands in
the reference of io/README.md."""
import json
import pathlib
import re
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

COARSE = program.settings(grid__cell="0.1 um")
CHIP = COARSE + program.settings(
    chip__core_length="4um", chip__ports=4, chip__core_width="6um", training__epochs=2,
    network__encoding__map="[0,1,2,3]", sweep__roughness="[20 nm]", sweep__offset_range="[]",
    sweep__epochs=1)
BENCH = program.settings(bench__pixels=64, training__epochs=1)
SPOTS = BENCH + program.settings(
    bench__distance="19.7mm", focus__positions=2, focus__width="160um", focus__rival_passes=20,
    scatter__screen__correlation="60um", focus__scan__points=9, focus__scan__width="192um",
    focus__scan__bars="[16um]", focus__scan__epochs=1, training__swarm__particles=10)
# A dispersive guide with a flux monitor while a port is driven.
MONITORED = """
job: simulate
solver: {method: time_domain, stop: {decay: 1e-3}}
grid: {polarization: Ez, cell: 0.1 um, size: [6 um, 4 um], pml: 1 um}
wavelength: 1.55 um
materials: {core: {model: Si}, oxide: {model: SiO2}}
background: oxide
shapes: [{type: straight, material: core, from: [-9, 0], to: [9, 0], width: 0.3}]
ports: [{name: in, at: [-2, 0], faces: +x, span: 2.5}]
monitors: [{type: flux, name: out, centre: [1, 0], size: [0, 2.5]}]
output: {fields: false}
"""

RUNS = {
    "guide": ("inputs/waveguide.yaml", *COARSE),
    "guide in time": ("inputs/waveguide.yaml", *COARSE, *program.settings(solver="time_domain")),
    "rod": ("inputs/scattering_2d.yaml", *COARSE),
    "rod in frequency": ("inputs/scattering_2d.yaml", *COARSE, *program.settings(
        solver__method="frequency_domain", wavelength="1.5 um")),
    "grating": ("inputs/bloch_grating.yaml", *program.settings(wavelength="[1.5 um, 1.6 um]")),
    "chip": ("inputs/iris_chip.yaml", *CHIP),
    "bench": ("inputs/bench/low_light.yaml", *BENCH, *program.settings(
        data__train_samples=10, data__test_samples=4, sweep__photons="[10]")),
    "foci": ("inputs/bench/scatter_focus.yaml", *SPOTS),
}


def reference():
    """The section of io/README.md."""
    text = (program.ROOT / "io/README.md").read_text(encoding="utf-8")
    return text[text.index("## What a run writes"):text.index("## Which file to open")]


def pattern(path):
    """Of a path with placeholders in capital letters."""
    path = re.escape(path.removeprefix("/"))
    path = path.replace("WHO", ".+")
    return re.compile(re.sub(r"(?<=[/_])[A-Z]{2,}(?=/|$|_|\\\.)", "[^/]+", "/" + path)[1:] + "$")


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        text = reference()
        tables = text[text.index("### results.h5"):text.index("### summary.json")]
        cls.datasets = [pattern(path) for path in re.findall(r"`(/[^`]+)`", tables)]
        cls.files = [re.compile(re.sub(r"\d{6}", r"\\d{6}", pattern(name).pattern))
                     for name in re.findall(r"`([^`/]+\.[a-z0-9]+)`", text)]
        keys = text[text.index("### summary.json"):text.index("### history.csv")]
        cls.keys = set(re.findall(r"`([a-z_]+)`", keys))

    def check(self, folder):
        with h5py.File(folder / "results.h5", "r") as file:
            names = []
            file.visititems(lambda name, item: names.append(name)
                            if isinstance(item, h5py.Dataset) else None)
        for name in names:
            self.assertTrue(any(p.match(name) for p in self.datasets), f"/{name} of results.h5")
        trainers = {"forward_mode", "in_silico", "reverse", "physics_aware", "swarm"}
        for key in json.loads((folder / "summary.json").read_text(encoding="utf-8")):
            self.assertIn(key, self.keys | trainers, "key of summary.json")
        for path in folder.iterdir():
            self.assertTrue(any(p.match(path.name) for p in self.files), f"file {path.name}")

    def test_what_runs_write_is_in_the_reference(self):
        with tempfile.TemporaryDirectory() as temporary:
            deck = pathlib.Path(temporary) / "monitored.yaml"
            deck.write_text(MONITORED, encoding="utf-8")
            for number, (name, run) in enumerate({**RUNS, "monitors": (deck,)}.items()):
                with self.subTest(name):
                    folder = pathlib.Path(temporary) / f"run{number}"
                    program.run(SYMWAVE, 1, "run", *run, "--no-report", "--output", folder)
                    self.check(folder)

    def test_elements_of_a_drawn_device(self):
        """Six heaters on the mirror plane, each 0.8 um from the middle of the next guide."""
        with tempfile.TemporaryDirectory(prefix="symwave_outputs_") as folder:
            folder = pathlib.Path(folder)
            program.run(SYMWAVE, 1, "run", "inputs/drawn_chip.yaml", "--no-report", "--output", folder,
                        *COARSE, *program.settings(training__epochs=1, network__blocks=1,
                                                   training__trainers="[forward_mode]"))
            self.check(folder)
            with h5py.File(folder / "results.h5") as file:
                training = file["training"]
                self.assertEqual(list(training["element_images"]), list(range(6)))
                self.assertEqual(set(training["element_changes"].asstr()), {"phase"})
                np.testing.assert_allclose(training["element_outlines"][4:8], [
                    [1, 0, -1.5, 1.4], [1, 0, 1.5, 1.4], [1, 0, 1.5, 2.2], [1, 0, -1.5, 2.2]])
                shares = training["crosstalk"][:]
        np.testing.assert_allclose(np.diagonal(shares), 1, atol=1e-6)
        np.testing.assert_allclose(np.diagonal(shares, 1), np.exp(-(0.8 / 0.33) ** 2 / 2), rtol=1e-5)
        np.testing.assert_allclose(shares, shares.T, atol=1e-12)

    def test_a_name_that_is_not_there_is_found(self):
        for missing in ("flux/a/powers", "s_matrices", "training/x/y/loss"):
            self.assertFalse(any(p.match(missing) for p in self.datasets), missing)


if __name__ == "__main__":
    unittest.main()
