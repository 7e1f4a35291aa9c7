"""Runs short decks of waves for the regression tests and reads their field files."""
import pathlib
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = None  # the program, set by the test script

HEAD = """
job: simulate
solver: {{method: time_domain, precision: {precision}}}
grid: {{{grid}, cell: {cell} um}}
wavelength: [{wavelengths}]
materials:
  air: {{index: 1}}
  glass: {{index: 1.5}}
  flint: {{poles: {{epsilon: 1.3, lorentz: [{{strength: 0.9, wavelength: 0.35 um}}]}}}}
background: {background}
"""


def index_of(material, wavelength):
    if material == "flint":
        return np.sqrt(1.3 + 0.9 / (1 - (0.35 / wavelength)**2))
    return {"air": 1.0, "glass": 1.5}[material]


class Deck(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, text):
        path = pathlib.Path(self.folder.name) / "deck.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def compute(self, text, *options, ranks=1):
        out = pathlib.Path(self.folder.name) / "out"
        program.run(SYMWAVE, ranks, "run", self.write(text), "--no-report", "--output", out, *options)
        return out

    def refused(self, text, *sentences, run=False):
        """By `check`, and by `run`, too."""
        out = pathlib.Path(self.folder.name) / "refused"
        for verb in (["check"], ["run", "--no-report", "--output", out])[:2 if run else 1]:
            with self.assertRaises(AssertionError) as caught:
                program.run(SYMWAVE, 1, verb[0], self.write(text), *verb[1:])
            for sentence in sentences:
                self.assertIn(sentence, str(caught.exception))

    def head(self, grid, cell, background="air", wavelengths=(0.9, 1.0, 1.1), precision="float64"):
        return HEAD.format(grid=grid, cell=cell, background=background, precision=precision,
                           wavelengths=", ".join(f"{w} um" for w in wavelengths))


def field(folder, name, wavelength):
    """Coordinates along x, y, z and the components [z, y, x] of a field file; `wavelength` None: of
    a monitor that has one."""
    suffix = f"_{wavelength:.4f}um" if wavelength else ""
    with h5py.File(pathlib.Path(folder) / f"field_{name}{suffix}.hdf") as file:
        group = file["VTKHDF"]
        data = group["PointData"]
        parts = {key[:-3]: data[key][()] + 1j * data[key[:-3] + "_im"][()]
                 for key in data if key.endswith("_re")}
        shape = next(iter(parts.values())).shape
        at = [group.attrs["Origin"][d] + group.attrs["Spacing"][d] * np.arange(shape[2 - d])
              for d in range(3)]
        if parts.keys() <= {"Ez", "Hx", "Hy"} or parts.keys() <= {"Hz", "Ex", "Ey"}:
            at[2] = np.zeros(shape[0])  # the plane is stored twice
    return at, parts
