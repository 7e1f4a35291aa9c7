"""mie_test.py SYMWAVE [Short|Long]: spheres in a plane wave against Mie's series, rods against
cylindrical waves."""
import math
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import mie
import program

SYMWAVE = sys.argv.pop(1)

# A quarter of a sphere about the origin; E along y.
SPHERE = """
job: simulate
solver: {{method: time_domain, precision: float64, stop: {{decay: {decay}}}}}
grid: {{cell: {cell} um, size: [2.8 um, 2.8 um, 2.8 um], pml: 0.6 um, symmetry: [none, pec, pmc]}}
wavelength: {wavelengths}
materials: {{sphere: {{index: {index}}}, air: {{index: 1}}}}
background: air
shapes: [{{type: sphere, material: sphere, centre: [0, 0, 0], radius: {radius} um}}]
sources: [{{type: plane_wave, centre: [0, 0, 0], size: [1.6 um, 1.6 um, 1.6 um], direction: +x,
           polarization: [0, 1, 0]}}]
monitors:
  - {{type: flux, name: scattered, centre: [0, 0, 0], size: [2.4 um, 2.4 um, 2.4 um]}}
  - {{type: flux, name: total, centre: [0, 0, 0], size: [1.2 um, 1.2 um, 1.2 um]}}
output: {{fields: false}}
"""

# One period of a rod without ends.
ROD = """
job: simulate
solver: {{method: time_domain, precision: float64, stop: {{decay: 1e-7}}}}
grid: {{cell: {cell} um, size: {grid}, pml: 0.6 um, boundary: {boundary}}}
wavelength: [1.3, 1.7]
materials: {{rod: {{index: 2}}, air: {{index: 1}}}}
background: air
shapes: [{{type: cylinder, material: rod, centre: [0, 0, 0], axis: {axis}, radius: 0.37 um, length: 9 um}}]
sources: [{{type: plane_wave, centre: [0, 0, 0], size: {source}, direction: +x, polarization: {e}}}]
monitors: [{{type: flux, name: scattered, centre: [0, 0, 0], size: {box}}}]
output: {{fields: false}}
"""


class Spheres(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def solve(self, index, radius, cell, wavelengths, decay=1e-7):
        """Size parameters and (scattering, extinction) of run and series at each of them."""
        name = f"sphere_{cell}".replace(".", "_")
        deck = pathlib.Path(self.folder.name) / f"{name}.yaml"
        deck.write_text(SPHERE.format(index=index, radius=radius, cell=cell, decay=decay,
                                      wavelengths=list(wavelengths)), encoding="utf-8")
        out = deck.with_suffix("")
        program.run(SYMWAVE, 2, "run", deck, "--no-report", "--output", out, timeout=1500)
        with h5py.File(out / "results.h5", "r") as file:
            area = math.pi * radius**2
            scattered = file["flux/scattered/cross_section"][()] / area
            absorbed = -file["flux/total/cross_section"][()] / area
            found = file["wavelength"][()]
        constant = complex(*index) if isinstance(index, list) else complex(index)
        sizes = 2 * math.pi * radius / found
        exact = np.array([mie.efficiencies(size, constant) for size in sizes])
        return sizes, np.stack([scattered, scattered + absorbed], axis=1), exact

    def errors(self, index, radius, cells, wavelengths):
        errors = []
        for cell in cells:
            sizes, found, exact = self.solve(index, radius, cell, wavelengths)
            errors.append(np.abs(found / exact - 1))
            for size, own, wanted, error in zip(sizes, found, exact, errors[-1]):
                print(f"n {index}, {radius / cell:.1f} cells per radius, size {size:.3f}: Q_sca "
                      f"{own[0]:.5f} of {wanted[0]:.5f} ({error[0]:.1e}), Q_ext {own[1]:.5f} of "
                      f"{wanted[1]:.5f} ({error[1]:.1e})", flush=True)
        return np.array(errors)


class Short(Spheres):
    def test_a_glass_sphere_scatters_as_mie_says(self):
        errors = self.errors(1.5, 0.5, [0.1, 0.05], [1.0, 1.4, 2.0])
        self.assertLess(np.max(errors[1]), 0.02)
        self.assertLess(np.max(errors[1]), np.max(errors[0]) / 2.5)

    def test_the_deck_of_the_inputs(self):
        out = pathlib.Path(self.folder.name) / "sphere_3d"
        program.run(SYMWAVE, 2, "run", "inputs/sphere_3d.yaml", "--no-report", "--output", out)
        with h5py.File(out / "results.h5", "r") as file:
            found = file["flux/scattered/cross_section"][()] / (math.pi * 0.25)
            absorbed = file["flux/absorbed/cross_section"][()]
            wavelengths = file["wavelength"][()]
        exact = [mie.efficiencies(math.pi / wavelength, 1.5)[0] for wavelength in wavelengths]
        print("Q_sca", found, "of", np.array(exact), flush=True)
        self.assertLess(np.max(np.abs(found / exact - 1)), 0.025)
        self.assertLess(np.max(np.abs(absorbed)), 1e-3)

    def rod(self, axis, along, cell):
        """Scattering efficiency by wavelength, E along the rod or across it."""
        period = 2 * cell
        across = {"y": "z", "z": "y"}[axis]

        def on_axes(first, of_axis, of_other):
            values = {"x": first, axis: of_axis, across: of_other}
            return f"[{values['x']}, {values['y']}, {values['z']}]"

        deck = pathlib.Path(self.folder.name) / "rod.yaml"
        deck.write_text(ROD.format(
            cell=cell, axis=axis, grid=on_axes(2.8, period, 2.8), source=on_axes(1.6, period, 1.6),
            box=on_axes(2.4, period, 2.4), boundary=on_axes("pml", "periodic", "pml"),
            e=on_axes(0, int(along), int(not along))), encoding="utf-8")
        out = deck.with_suffix("")
        program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
        with h5py.File(out / "results.h5", "r") as file:
            sizes = 2 * math.pi * 0.37 / file["wavelength"][()]
            return sizes, file["flux/scattered/cross_section"][()] / (0.74 * period)

    # Along z its outline is exact, along y it is a body; E across it meets (1/eps)_xy of the one and
    # (1/eps)_xz, which is not coupled, of the other.
    def test_a_rod_along_y_is_that_along_z_and_of_the_series(self):
        for along, apart in ((True, 1e-5), (False, 0.01)):
            errors = []
            for cell in (0.06, 0.03):
                sizes, z = self.rod("z", along, cell)
                _, y = self.rod("y", along, cell)
                exact = np.array([mie.rod_efficiency(size, 2, "Ez" if along else "Hz")
                                  for size in sizes])
                errors.append([np.max(np.abs(q / exact - 1)) for q in (z, y)])
                print(f"rod, E {'along' if along else 'across'}, cells of {cell} um: "
                      f"{errors[-1][0]:.1e} along z, {errors[-1][1]:.1e} along y, apart by "
                      f"{np.max(np.abs(y / z - 1)):.1e}", flush=True)
            self.assertLess(np.max(np.abs(y / z - 1)), apart)
            self.assertLess(max(errors[1]), 0.01)
            self.assertLess(max(errors[1]), max(errors[0]) / 2.5)

    def test_an_absorbing_sphere(self):
        errors = self.errors([1.5, 0.1], 0.5, [0.05], [1.2])
        self.assertLess(np.max(errors), 0.02)


# The element (1/eps)_xy is coupled, (1/eps)_xz and (1/eps)_yz are not: of second order where the index
# changes little, of first where it changes much.
class Long(Spheres):
    def order_of(self, errors, cells):
        norms = np.sqrt(np.mean(errors[:, :, 0]**2, axis=1))
        orders = [math.log(norms[k] / norms[k + 1]) / math.log(cells[k] / cells[k + 1])
                  for k in range(len(cells) - 1)]
        print("rms errors", norms, "orders", orders, flush=True)
        return norms, orders

    def test_glass_converges(self):
        cells = [0.1, 0.05, 0.025]
        norms, orders = self.order_of(self.errors(1.5, 0.5, cells, [0.8, 1.0, 1.4, 2.0]), cells)
        self.assertLess(norms[-1], 5e-3)
        self.assertGreater(min(orders), 1.6)

    def test_silicon_converges(self):
        cells = [0.05, 0.04, 0.025]
        norms, orders = self.order_of(self.errors(3.5, 0.3, cells, [1.9, 2.4, 3.0]), cells)
        self.assertLess(norms[-1], 5e-2)
        self.assertGreater(min(orders), 0.9)


if __name__ == "__main__":
    unittest.main(verbosity=2)
