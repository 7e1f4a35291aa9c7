"""Runs short decks of sources and monitors for the regression tests."""
import os
import pathlib
import tempfile
import unittest
import unittest.mock

import h5py

import program

SYMWAVE = None  # the program, set by the test script

HEAD = """
job: simulate
solver: {{method: time_domain, precision: float64}}
grid: {{{grid}, pml: 0.5 um}}
wavelength: [{wavelength}]
materials:
  air: {{index: 1}}
  glass: {{index: 1.5}}
  film: {{index: 2}}
  silver: {{poles: {{epsilon: 1, drude: [{{plasma: 20, damping: 0.1}}]}}}}
  smoke: {{index: [1, 0.1]}}
  thin: {{index: 1.1}}
output: {{fields: false}}
"""


class DeckTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        # Pictures of reports, which take most of the time, are left to report_test.py.
        stub = pathlib.Path(self.folder.name) / "matplotlib.py"
        stub.write_text('raise ImportError("no pictures here", name="matplotlib")\n',
                        encoding="utf-8")
        patch = unittest.mock.patch.dict(os.environ, {"PYTHONPATH": self.folder.name})
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, grid, body, wavelength="1 um"):
        deck = pathlib.Path(self.folder.name) / "deck.yaml"
        deck.write_text(HEAD.format(grid=grid, wavelength=wavelength) + body, encoding="utf-8")
        return deck

    def compute(self, grid, body, wavelength="1 um", options=()):
        out = pathlib.Path(self.folder.name) / "out"
        program.run(SYMWAVE, 2, "run", self.write(grid, body, wavelength), "--no-report", "--output",
                    out, *options)
        with h5py.File(out / "results.h5") as file:
            found = {}
            for above in ("far_field", "diffraction"):
                for name, group in file.get(above, {}).items():
                    found[name] = {key: value[()] for key, value in group.items()}
            for name, group in file.get("flux", {}).items():
                found[name] = {key: value[()] for key, value in group.items()}
            found["source"] = {key: value[()] for key, value in file.get("source", {}).items()}
        found["warnings"] = program.summary(out)["warnings"]
        return found

    def refused(self, grid, body, *sentences):
        with self.assertRaises(AssertionError) as caught:
            program.run(SYMWAVE, 1, "check", self.write(grid, body))
        for sentence in ("deck.yaml:", *sentences):
            self.assertIn(sentence, str(caught.exception))
