"""compose_test.py SYMWAVE: devices composed of parts that are solved once learn, from a layout in
two dimensions and in three, the same on any number of ranks; the whole device is close to them."""
import pathlib
import signal
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# The mesh of interferometers of inputs/, coarse.
MESH = program.settings(grid__cell="0.09um", training__epochs=40, output__fields="false")

# A guide beside another, each with a heater; the walls of hardware are inclined, rough and moved.
GUIDES_3D = """
job: train
solver: {method: time_domain, compose: %s, stop: {decay: 1e-10}}
grid: {cell: 0.09 um, size: [4.05 um, 3.69 um, 1.53 um], pml: 0.72 um}
wavelength: 1.55 um
materials: {core: {index: 2.848}, glass: {index: 1.444}}
background: glass
shapes:
  - {type: straight, material: core, from: [-4, 0.75], to: [4, 0.75], width: 0.5, z: [-0.15, 0.15]}
  - {type: straight, material: core, from: [-4, -0.75], to: [4, -0.75], width: 0.5, z: [-0.15, 0.15]}
ports:
  - {name: in1, at: [-1.6, 0.75, 0], faces: +x, span: [1.5, 1.5]}
  - {name: in2, at: [-1.6, -0.75, 0], faces: +x, span: [1.5, 1.5]}
  - {name: out1, at: [1.6, 0.75, 0], faces: -x, span: [1.5, 1.5]}
  - {name: out2, at: [1.6, -0.75, 0], faces: -x, span: [1.5, 1.5]}
elements:
  - {name: upper, centre: [0, 0.75], size: [2, 0.5], z: [-0.15, 0.15], switching: 0.9 um}
  - {name: lower, centre: [0, -0.75], size: [2, 0.5], z: [-0.15, 0.15], switching: 0.9 um}
fabrication: {thickness_bias: 3 nm, etch_bias: 3 nm, sidewall_bias: -3 deg, roughness: 3 nm, thickness_sigma: 2 nm}
drive: {offset_range: 0.3 rad}
data: {file: two.csv, test_fraction: 0.25}
network: {blocks: 1, encoding: {kind: amplitude}}
training: {trainers: [forward_mode, reverse], epochs: 2, ignore_asymmetry: true}
output: {fields: false}
"""


# Two guides apart from each other, long enough for cuts beside the heaters.
GUIDES_2D = """
job: train
solver: {compose: true, cuts: [-3 um, 3 um]}
grid: {cell: 0.1 um, size: [12 um, 8 um], pml: 1 um}
wavelength: 1.55 um
materials: {core: {index: 2.85}, glass: {index: 1.444}}
background: glass
shapes:
  - {type: straight, material: core, from: [-8, 1.5], to: [8, 1.5], width: 0.4}
  - {type: straight, material: core, from: [-8, -1.5], to: [8, -1.5], width: 0.4}
ports:
  - {name: in1, at: [-5, 1.5], faces: +x, span: 2}
  - {name: in2, at: [-5, -1.5], faces: +x, span: 2}
  - {name: out1, at: [5, 1.5], faces: -x, span: 2}
  - {name: out2, at: [5, -1.5], faces: -x, span: 2}
elements:
  - {name: upper, centre: [0, 1.5], size: [2, 0.4], switching: 0.5 um}
  - {name: lower, centre: [0, -1.5], size: [2, 0.4], switching: 0.5 um}
data: {file: two.csv, test_fraction: 0.25}
network: {blocks: 1, encoding: {kind: amplitude}}
training: {trainers: [forward_mode], epochs: 3}
output: {fields: false}
"""


class Composed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_deck(self, ranks, deck, *options):
        """(log, summary, folder)."""
        out = self.folder / f"{pathlib.Path(deck).stem}_{ranks}"
        said = program.run(SYMWAVE, ranks, "run", deck, "--no-report", "--output", out, *options)
        return said, program.summary(out), out

    def losses(self, out):
        return np.array([float(line.split(",")[2])
                         for line in (out / "history.csv").read_text().splitlines()[1:]])

    def test_a_mesh_of_a_layout(self):
        reference = None
        for ranks in (1, 2):
            _, summary, out = self.run_deck(ranks, "inputs/mzi_mesh.yaml", *MESH)
            self.assertLess(summary["composition_defect"], 0.06)
            self.assertGreater(summary["forward_mode"]["test_accuracy"], 0.8)
            losses = self.losses(out)
            if reference is None:
                reference = losses
            np.testing.assert_allclose(losses, reference, rtol=1e-8)
        self.assertLess(summary["reverse"]["symmetry_defect"], 1e-10)

    def test_errors_of_several_devices(self):
        """Wine by its principal components; heat leaves forward mode its gradient, offsets of masks do not."""
        _, summary, out = self.run_deck(1, "inputs/mzi_mesh.yaml", *MESH, *program.settings(
            data__file=program.ROOT / "inputs/data/wine.csv", data__components=4, network__classes="{}",
            data__only="[class_0, class_2]", training__epochs=60, training__optimizer__learning_rate=0.2,
            sweep="{crosstalk: [0.6], offset_range: [3 rad], epochs: 60, hardware: 2, reverse: true}"))
        with h5py.File(out / "results.h5") as file:
            sweep = {error: {name: values[()] for name, values in group.items()}
                     for error, group in file["sweep"].items()}
        np.testing.assert_array_equal(sweep["crosstalk"]["size"], [0, 0.6])
        for name in ("accuracy", "accuracy_deployed", "accuracy_reverse", "accuracy_spread"):
            self.assertEqual(sweep["crosstalk"][name][0], sweep["offset_range"][name][0], name)
        self.assertGreater(summary["forward_mode"]["test_accuracy"], 0.9)
        self.assertGreater(sweep["crosstalk"]["accuracy"].min(), 0.9)
        self.assertLess(sweep["offset_range"]["accuracy_deployed"][1], 0.6)
        # Heat keeps the mirror symmetry of two masks, offsets do not.
        self.assertGreater(sweep["crosstalk"]["gradient_cosine"][1], 0.999)
        self.assertLess(sweep["offset_range"]["gradient_cosine"][1], 0.9)

    def write_data(self):
        rows = [f"{0.1 * (k % 7)},{0.1 * ((3 * k) % 8) + 0.2 * (k % 2)},{'ab'[k % 2]}" for k in range(16)]
        (self.folder / "two.csv").write_text("x,y,class\n" + "\n".join(rows) + "\n", encoding="utf-8")

    def test_parts_apart_and_commands_from_elsewhere(self):
        self.write_data()
        deck = self.folder / "apart.yaml"
        deck.write_text(GUIDES_2D, encoding="utf-8")
        plan = program.run(SYMWAVE, 1, "check", deck)
        self.assertIn("8 parts of 1 block", plan)  # a guide in each of four columns
        said, first, out = self.run_deck(1, deck)
        self.assertLess(first["composition_defect"], 3e-3, said)
        self.assertLess(first["composition_defect_at_rest"], 3e-3)
        # The four columns are images of each other in pairs, and the guides are alike: of launches
        # into 8 parts with 2 ports each, those into 2 parts remain; one more into the whole.
        self.assertLessEqual(first["solves"], 8 + 1 + 4, said)
        results = out / "results.h5"
        said, second, out = self.run_deck(2, deck, "--set", f"training.deploy=[{results}]",
                                          "--set", "training.seed=2")
        deployed = second["deployed"][0]
        self.assertEqual(deployed["trainer"], "forward_mode")
        self.assertLess(deployed["hardware"]["distance"], 1e-10)
        self.assertEqual(deployed["hardware"]["test_accuracy"], first["forward_mode"]["test_accuracy"])
        with h5py.File(results) as there, h5py.File(out / "results.h5") as here:
            np.testing.assert_allclose(here["deployed/0/hardware/transmission"][()],
                                       there["training/forward_mode/transmission"][()], atol=1e-10)

        other = self.folder / "other.yaml"
        other.write_text(GUIDES_2D.replace("name: lower,", "name: lower, changes: loss,"),
                         encoding="utf-8")
        code, said = program.answer(SYMWAVE, 1, "check", other, "--set",
                                    f"training.deploy=[{results}]")
        self.assertEqual(code, 1)
        self.assertIn("are others than those here", said)

    def test_killed_and_stopped_while_parts_are_solved(self):
        """Those that are finished are not solved again; the results are those of a whole run."""
        self.write_data()
        deck = self.folder / "rough.yaml"
        deck.write_text(GUIDES_2D.replace("{compose: true", "{method: time_domain, compose: true")
                        .replace("{index: 2.85}", "{slab: {thickness: 220 nm, film: Si, "
                                                  "below: SiO2, above: SiO2}}")
                        + "fabrication: {roughness: 2 nm, thickness_sigma: 1 nm}\n", encoding="utf-8")
        ignore = program.settings(training__ignore_asymmetry="true")
        _, whole, out = self.run_deck(2, deck, *ignore)
        losses = self.losses(out)
        killed = self.folder / "killed"

        def parts():
            try:
                newest = sorted((killed / "running").glob("checkpoint*.h5"))[-1]
                with h5py.File(newest) as file:
                    return len(file["state/parts/residuals"])
            except (IndexError, KeyError, OSError):
                return 0

        arguments = ["run", deck, *ignore, "--no-report", "--output", killed]
        often = ["--set", "output.checkpoint.every=0.01s"]
        program.run_and_kill(SYMWAVE, 1, lambda: parts() >= 2, *arguments, *often)
        self.assertFalse((killed / "results.h5").exists())
        code, said = program.run_and_signal(SYMWAVE, 2, lambda: parts() >= 4, signal.SIGTERM,
                                            *arguments, *often, "--resume")
        self.assertEqual(code, 75, said)
        self.assertIn("stopped by SIGTERM; go on with --output", said)
        said = program.run(SYMWAVE, 2, *arguments, "--resume")
        self.assertIn("resuming", said)
        np.testing.assert_allclose(self.losses(killed), losses, rtol=1e-9)
        again = program.summary(killed)
        self.assertEqual(again["solves"], whole["solves"], "launches before are counted")

    def test_three_dimensions(self):
        self.write_data()
        losses = {}
        for compose, ranks, fields in (("true", 1, False), ("true", 2, True), ("false", 2, False)):
            deck = self.folder / f"guides_{compose}.yaml"
            deck.write_text(GUIDES_3D % compose, encoding="utf-8")
            said, summary, out = self.run_deck(ranks, deck,
                                               *program.settings(output__fields=str(fields).lower()))
            losses[compose, ranks] = self.losses(out)
            with h5py.File(out / "results.h5") as file:
                # A composed block is solved with all its ports for its fields alone.
                self.assertEqual("block/s_matrix" in file, fields or compose == "false")
                self.assertEqual("view" in file, fields or compose == "false")
            name = "composition_defect" if compose == "true" else "condensation_defect"
            self.assertLess(summary[name], 0.03, said)
            self.assertLess(summary["amplitude_left"], 1e-4)
        np.testing.assert_allclose(losses["true", 2], losses["true", 1], rtol=1e-6)
        # Forward mode and reverse, epochs of each; the guides are straight, so that all but the
        # roughness is symmetric.
        forward, reverse = np.split(losses["true", 1], 2)
        np.testing.assert_allclose(forward, reverse, rtol=0.01)
        np.testing.assert_allclose(losses["false", 2], losses["true", 2], rtol=0.02)


if __name__ == "__main__":
    unittest.main(verbosity=2)
