"""detection_test.py SYMWAVE: a drawn device with a group of heaters learns with every way of
detection, and what does not fit is refused by one sentence."""
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py

import program

SYMWAVE = sys.argv.pop(1)

HEIGHTS = [3.75, 2.25, 0.75, -0.75, -2.25, -3.75]
PORTS = "\n".join(
    f"  - {{name: {name}{k + 1}, at: [{x}, {y}], faces: {faces}, span: 1.5}}"
    for name, x, faces in (("in", -6.7, "+x"), ("out", 6.7, "-x")) for k, y in enumerate(HEIGHTS))
HEATERS = "\n".join(
    f"  - {{name: heater{k + 1}, {'group: wire, ' if k in (2, 4) else ''}centre: [0, {y}], "
    "size: [2, 0.8], switching: 0.8 um}" for k, y in enumerate(HEIGHTS))
DECK = f"""
job: train
grid: {{polarization: Ez, cell: 0.1 um, size: [15 um, 11 um], pml: 1 um}}
wavelength: 1.55 um
materials: {{core: {{index: 2.85}}, oxide: {{index: 1.444}}}}
background: oxide
shapes:
  - {{type: straight, material: core, from: [-10, -3.75], to: [10, -3.75], width: 0.4,
     repeat: {{count: [1, 6], pitch: [0, 1.5]}}}}
  - {{type: box, material: core, centre: [-3.5, 0], size: [4, 9]}}
  - {{type: box, material: core, centre: [3.5, 0], size: [4, 9]}}
ports:
{PORTS}
elements:
{HEATERS}
drive: {{offset_range: 3 rad, detection_noise: 0.002}}
data: {{file: {program.ROOT}/inputs/data/iris.csv}}
network:
  blocks: 2
  encoding: {{kind: phase, range: 2 rad, map: [-1, 0, 1, 2, 3, -1]}}
  reencoding: {{kind: phase, gain: 3 rad}}
  classes: {{setosa: [out1, out2], versicolor: out4, virginica: [out6]}}
training:
  trainers: [forward_mode]
  epochs: 40
  loss: {{kind: cross_entropy, gain: 4}}
  optimizer: {{learning_rate: 0.2}}
output: {{fields: false}}
"""
DIFFERENCE = ("{setosa: {plus: out1, minus: out2}, versicolor: {plus: [out3], minus: out4}, "
              "virginica: {plus: out5, minus: out6}}")
COHERENT = "{setosa: out2, versicolor: out4, virginica: out5}"
NAMED = {
    "intensity": ("intensity: setosa out1 out2, versicolor out4, virginica out6", ()),
    "difference": ("difference: setosa out1 -out2, versicolor out3 -out4, virginica out5 -out6",
                   program.settings(network__detection="difference", network__classes=DIFFERENCE)),
    "coherent": ("coherent: setosa out2, versicolor out4, virginica out5",
                 program.settings(network__detection="coherent", network__classes=COHERENT,
                                  network__detection_phase="20 deg")),
}

# Classes, further settings, and what is said.
REFUSED = [
    ("{setosa: ot1, versicolor: out2, virginica: out3}", {},
     "names ot1, which is no output of the network (did you mean out1?); outputs: out1, out2"),
    ("{setosa: in1, versicolor: out2, virginica: out3}", {},
     "names in1, which is no output of the network"),
    ("{setosa: out1, versicolour: out2, virginica: out3}", {},
     "names versicolour, which is no class of"),
    ("{setosa: out1, versicolour: out2, virginica: out3}", {},
     "(did you mean versicolor?); classes: setosa, versicolor, virginica"),
    ("{setosa: out1, virginica: out3}", {}, "has no port for the class versicolor of"),
    ("{setosa: [out1, out2], versicolor: out2, virginica: out3}", {},
     "names the port out2 twice, for setosa and for versicolor; its light goes to one detector"),
    (COHERENT, {"network__detection": "difference"},
     "network.classes.setosa has one detector, but detection: difference takes two: {plus: [PORT]"),
    (DIFFERENCE, {}, "network.classes.setosa has detectors plus and minus, which detection: "
     "difference reads; give a list of ports, or set network.detection: difference"),
    ("{setosa: [out1, out2], versicolor: out3, virginica: out4}",
     {"network__detection": "coherent"}, "setosa has 2 ports, but detection: coherent takes one"),
    ("{}", {"network__detection": "coherent"},
     "network.detection: coherent needs the ports of every class, network.classes: {CLASS: PORT}"),
    (COHERENT, {"network__detection_phase": "20 deg"},
     "network.detection_phase is that of the local oscillator, which only detection: coherent has"),
    ("{setosa: {plus: out1}, versicolor: out2, virginica: out3}", {}, "minus"),
]


class Detection(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.deck = pathlib.Path(self.folder.name) / "detection.yaml"
        self.deck.write_text(DECK, encoding="utf-8")

    def test_every_kind_learns(self):
        for kind, (text, options) in NAMED.items():
            with self.subTest(kind):
                plan = program.run(SYMWAVE, 1, "check", self.deck, *options)
                self.assertIn(text, plan)
                self.assertIn("commands       5 for the 6 elements of a block", plan)
                out = pathlib.Path(self.folder.name) / kind
                program.run(SYMWAVE, 2, "run", self.deck, "--no-report", "--output", out, *options)
                losses = [float(line.split(",")[2])
                          for line in (out / "history.csv").read_text().splitlines()[1:]]
                self.assertLess(losses[-1], 0.6 * losses[0])
                # One class for all would be 33 %.
                self.assertGreater(program.summary(out)["forward_mode"]["train_accuracy"], 0.7)
                with h5py.File(out / "results.h5") as file:
                    training = file["training"]
                    self.assertEqual(list(training["element_commands"]), [0, 1, 2, 3, 2, 4])
                    self.assertEqual([name.decode() for name in training["command_names"]],
                                     ["heater1", "heater2", "wire", "heater4", "heater6"])
                    self.assertEqual(training["forward_mode/commands"].shape, (2, 5))

    def test_what_does_not_fit_is_refused(self):
        def said(case):
            classes, others, _ = case
            done = subprocess.run([SYMWAVE, "check", self.deck, *program.settings(
                network__classes=classes, **others)], env=program.environment(), cwd=program.ROOT,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            return done.returncode, done.stdout

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for case, (code, text) in zip(REFUSED, pool.map(said, REFUSED)):
                with self.subTest(case):
                    self.assertNotEqual(code, 0)
                    self.assertEqual(text.count("error: "), 1, text)
                    self.assertNotIn("internal", text)
                    self.assertIn(case[2], text)


if __name__ == "__main__":
    unittest.main()
