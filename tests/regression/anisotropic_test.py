"""anisotropic_test.py SYMWAVE: media with an index for each axis against closed forms."""
import cmath
import math
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# One cell of a period across, a plate across z; E at 45 degrees.
PLATE = """
job: simulate
solver: {{method: time_domain, precision: float64, stop: {{decay: 1e-9}}}}
grid: {{cell: [0.05 um, 0.05 um, {cell} um], size: [0.05 um, 0.05 um, 6 um], pml: 1 um,
       boundary: [periodic, periodic, pml]}}
wavelength: 1 um
materials: {{plate: {{{plate}}}, air: {{index: 1}}}}
background: air
layers: [{{material: plate, z: [-1 um, {top} um]}}]
sources: [{{type: plane_wave, centre: [0, 0, -2 um], size: [0.05 um, 0.05 um, 0], direction: +z,
           polarization: [1, {tilt}, 0]}}]
monitors:
  - {{type: dft, name: behind, centre: [0, 0, 2 um], size: [0.05 um, 0.05 um, 0],
     components: [Ex, Ey]}}
"""

# A film of two micrometres' cladding, light along x.
SLAB = """
job: simulate
solver: {{method: time_domain, precision: float64}}
grid: {{polarization: {polarization}, cell: {cell} um, size: [3 um, 4 um], pml: 0.6 um}}
wavelength: 1.55 um
materials: {{film: {{index: [2.2, 2.0, 2.1]}}, clad: {{index: 1.45}}}}
background: clad
shapes: [{{type: box, material: film, centre: [0, 0], size: [9 um, 0.5 um]}}]
ports:
  - {{name: in, at: [-1 um, 0], faces: +x, span: 3.6 um}}
  - {{name: out, at: [1 um, 0], faces: -x, span: 3.6 um}}
output: {{fields: false}}
"""


def transmitted(index, thickness, wavelength):
    """Of a plate in vacuum, relative to the wave without it."""
    k = 2 * math.pi / wavelength
    r = (1 - index) / (1 + index)
    inside = cmath.exp(1j * k * index * thickness)
    return (1 - r * r) * inside / (1 - r * r * inside**2) * cmath.exp(-1j * k * thickness)


def slab_index(across, weight, clad_eps, clad_weight, thickness, wavelength):
    """Effective index of the even mode of kappa^2 = across(n) k^2 with the flux weights 1 / weight
    in the film and 1 / clad_weight beside it, by bisection."""
    k = 2 * math.pi / wavelength

    def mismatch(n):
        kappa = k * math.sqrt(across(n))
        gamma = k * math.sqrt(n * n - clad_eps)
        return kappa / weight * math.tan(kappa * thickness / 2) - gamma / clad_weight

    low, high = math.sqrt(clad_eps) + 1e-9, 2.5
    grid = [low + (high - low) * i / 20000 for i in range(20001) if across(
        low + (high - low) * i / 20000) > 0]
    best = None
    for a, b in zip(grid, grid[1:]):
        if mismatch(a) > 0 >= mismatch(b) and abs(mismatch(a)) < 50:
            best = (a, b)
    a, b = best
    for _ in range(80):
        middle = (a + b) / 2
        a, b = (middle, b) if mismatch(middle) > 0 else (a, middle)
    return a


class Anisotropic(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_text(self, name, text):
        deck = pathlib.Path(self.folder.name) / f"{name}.yaml"
        deck.write_text(text, encoding="utf-8")
        out = deck.with_suffix("")
        program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
        return out / "results.h5"

    def behind(self, plate, top, cell, tilt):
        path = self.run_text(f"plate_{cell}_{top}_{tilt}", PLATE.format(
            plate=plate, top=top, cell=cell, tilt=tilt))
        with h5py.File(path.with_name("field_behind.hdf"), "r") as file:
            fields = file["VTKHDF/PointData"]
            return [complex(np.ravel(fields[f"{name}_re"][()])[0],
                            np.ravel(fields[f"{name}_im"][()])[0]) for name in ("Ex", "Ey")]

    def test_a_half_wave_plate(self):
        # (1.75 - 1.5) 2 um = half a wavelength of 1 um.
        errors = []
        for cell in (0.04, 0.02):
            empty = self.behind("index: 1.0001", 1, cell, 1)
            there = self.behind("index: [1.5, 1.75, 1.6]", 1, cell, 1)
            for found, without, index in zip(there, empty, (1.5, 1.75)):
                errors.append(abs(found / without - transmitted(index, 2, 1)))
            turned = (there[1] / empty[1]) / (there[0] / empty[0])
            print(f"cell {cell} um: t off by {errors[-2]:.2e} along x, {errors[-1]:.2e} along y; "
                  f"phase between them {cmath.phase(turned):+.4f}")
        self.assertLess(max(errors[2:]), 0.05)
        self.assertLess(max(errors[2:]), max(errors[:2]) / 3)
        self.assertLess(abs(abs(cmath.phase(turned)) - math.pi), 0.03)

    def slab_mode(self, polarization, cell):
        path = self.run_text(f"slab_{polarization}_{cell}",
                             SLAB.format(polarization=polarization, cell=cell))
        with h5py.File(path, "r") as file:
            n = np.ravel(file["n_eff"][()])[0]
            power = abs(np.ravel(file["s_matrix"][()].reshape(-1, 2, 2)[0])[2])**2
        return complex(n).real, power

    def test_modes_of_a_birefringent_film(self):
        x, y, z = 2.2**2, 2.0**2, 2.1**2
        exact = {"Ez": slab_index(lambda n: z - n * n, 1, 1.45**2, 1, 0.5, 1.55),
                 "Hz": slab_index(lambda n: x * (1 - n * n / y), x, 1.45**2, 1.45**2, 0.5, 1.55)}
        for polarization, wanted in exact.items():
            coarse, _ = self.slab_mode(polarization, 0.05)
            fine, power = self.slab_mode(polarization, 0.025)
            print(f"{polarization}: n_eff {coarse:.6f}, {fine:.6f} of {wanted:.6f}")
            self.assertLess(abs(fine - wanted), 3e-3)
            self.assertLess(abs(fine - wanted), abs(coarse - wanted) / 3)
            self.assertAlmostEqual(power, 1, delta=2e-3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
