"""launch_test.py SYMWAVE: ports in time domain launch the mode of each wavelength: S is reciprocal
between different guides, and nothing goes backwards or into other modes, over the whole band."""
import pathlib
import re
import sys
import tempfile
import unittest

import h5py
import numpy as np
import program

SYMWAVE = sys.argv.pop(1)

DECK = """
job: simulate
solver: {{method: time_domain, precision: {precision}, stop: {{decay: 1.0e-10}}}}
grid: {{{polarization}cell: {cell}, size: {size}, pml: {pml}{ends}}}
wavelength: {wavelength}
materials: {{core: {{index: 2.8}}, lossy: {{index: [2.8, 0.002]}}, si: {{model: Si}}, ox: {{index: 1.44}}}}
background: ox
shapes:
{shapes}
ports:
{ports}
monitors: [{monitors}]
output: {{fields: false}}
"""
PLAIN = {"precision": "float64", "polarization": "polarization: Ez, ", "cell": "0.05 um",
         "size": "[6 um, 5 um]", "pml": "1 um", "ends": "", "monitors": "",
         "wavelength": "[1.4 um, 1.45 um, 1.55 um, 1.6 um, 1.7 um]"}
HZ = {"polarization": "polarization: Hz, "}


def listed(*lines):
    return "\n".join("  - {" + line + "}" for line in lines)


def straight(material, start, end, width, more=""):
    return f"type: straight, material: {material}, from: {start}, to: {end}, width: {width}{more}"


# A narrow dispersive guide against a wide lossy one, off their axes.
BUTT = {"shapes": listed(straight("si", "[-20, 0.3]", "[0, 0.3]", 0.3),
                         straight("lossy", "[0, 0]", "[20, 0]", 0.9)),
        "ports": listed("name: a, at: [-1.9, 0.3], faces: +x, span: 3",
                        "name: b, at: [1.9, 0], faces: -x, span: 3.6, modes: [0, 1]")}
# Along y and beside a metal wall.
WALL = {"size": "[5 um, 6 um]", "ends": ", boundary: [[pec, pec], [pml, pml]]",
        "wavelength": "[1.45 um, 1.55 um, 1.65 um]",
        "shapes": listed(straight("core", "[-2.2, -20]", "[-2.2, 0]", 0.4),
                         straight("core", "[-2.0, 0]", "[-2.0, 20]", 0.8)),
        "ports": listed("name: a, at: [-2.2, -1.9], faces: +y, span: 4",
                        "name: b, at: [-2.0, 1.9], faces: -y, span: 4, modes: [0, 1]")}
# Ports on all four sides, of guides of three widths.
CROSS = {"size": "[5 um, 5 um]", "pml": "1.2 um", "wavelength": "[1.5 um, 1.55 um, 1.6 um]",
         "shapes": listed(straight("core", "[-20, 0]", "[0, 0]", 0.4),
                          straight("core", "[0, 0]", "[20, 0]", 0.6),
                          straight("core", "[0, -20]", "[0, 20]", 0.5)),
         "ports": listed("name: w, at: [-2, 0], faces: +x, span: 3",
                         "name: e, at: [2, 0], faces: -x, span: 3",
                         "name: s, at: [0, -2], faces: +y, span: 3",
                         "name: n, at: [0, 2], faces: -y, span: 3")}
# The upper half of a step between guides, even modes 0 and 2 of the wide one.
HALF = {"size": "[5 um, 6 um]", "ends": ", symmetry: [none, pmc]",
        "wavelength": "[1.5 um, 1.55 um, 1.6 um]",
        "shapes": listed(straight("core", "[-20, 0]", "[0, 0]", 0.5),
                         straight("core", "[0, 0]", "[20, 0]", 1.4)),
        "ports": listed("name: a, at: [-1.6, 0], faces: +x, span: 4",
                        "name: b, at: [1.6, 0], faces: -x, span: 4, modes: [0, 1]")}
# One guide of two modes; light that leaves port a backwards crosses the plane behind it.
GUIDE = {"size": "[5 um, 6 um]", "pml": "1.2 um",
         "wavelength": "[1.4 um, 1.5 um, 1.55 um, 1.6 um, 1.7 um]",
         "shapes": listed(straight("core", "[-20, 0]", "[20, 0]", 0.8)),
         "ports": listed("name: a, at: [-0.6, 0], faces: +x, span: 4, modes: [0, 1]",
                         "name: b, at: [1.2, 0], faces: -x, span: 4, modes: [0, 1]"),
         "monitors": "{name: behind, type: flux, centre: [-1, 0], size: [0, 5.9]}"}
# A step in 3D, along y.
STEP = {"precision": "float32", "polarization": "", "cell": "0.08 um",
        "size": "[3.2 um, 2.08 um, 3.2 um]", "pml": "0.8 um",
        "wavelength": "[1.45 um, 1.5 um, 1.55 um]",
        "shapes": listed(straight("core", "[0, -20]", "[0, 0]", 0.48, ", z: [-0.16, 0.16]"),
                         straight("core", "[0.16, 0]", "[0.16, 20]", 0.8, ", z: [-0.16, 0.16]")),
        "ports": listed("name: a, at: [0, -0.64, 0], faces: +y, span: [3.04, 3.04]",
                        "name: b, at: [0.16, 0.64, 0], faces: -y, span: [2.72, 3.04]")}


class Launch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def deck(self, *changes):
        values = dict(PLAIN)
        for change in changes:
            values.update(change)
        path = self.folder / "deck.yaml"
        path.write_text(DECK.format(**values), encoding="utf-8")
        return path

    def solve(self, *changes):
        """results.h5 and summary.json."""
        out = self.folder / "out"
        program.run(SYMWAVE, 2, "run", self.deck(*changes), "--output", out, "--no-report")
        return h5py.File(out / "results.h5"), program.summary(out)

    def assert_reciprocal(self, bound, *changes):
        results, summary = self.solve(*changes)
        self.assertLess(np.max(results["reciprocity_defect"][()]), bound)
        return summary.get("warnings", [])

    # With the profile of the carrier at all wavelengths 1e-4 to 2e-2. The PML sends back 1e-5 of
    # the amplitude, windows cut as much.
    def test_guides_of_other_media(self):
        self.assert_reciprocal(2e-5, BUTT)  # 9.9e-3 before
        self.assert_reciprocal(2e-5, BUTT, HZ)  # 1.9e-2

    def test_guides_beside_a_wall(self):
        self.assert_reciprocal(2e-5, WALL)  # 2.4e-2

    def test_all_sides(self):
        self.assert_reciprocal(2e-5, CROSS, HZ)

    def test_several_modes_in_half_a_model(self):
        self.assert_reciprocal(2e-5, HALF)  # 7.6e-3

    # What is left here is above the limit, and its cause is named: ten cells of PML.
    def test_three_dimensions(self):
        warnings = self.assert_reciprocal(5e-5, STEP)  # 2.4e-3
        for warning in warnings:
            if "not reciprocal" in warning:
                self.assertIn("comes back into the device from behind 'b'", warning)

    def assert_one_way(self, *changes):
        """No light behind the port that is driven, and none in its other mode."""
        results, _ = self.solve(GUIDE, *changes)
        for name in ("a", "a#1"):
            behind = results[f"input/{name}/flux/behind/power"][()]
            self.assertLess(np.max(np.abs(behind)), 1e-8)
        powers = np.abs(results["s_matrix"][()]) ** 2
        guided = np.kron([[0, 1], [1, 0]], np.eye(2))
        np.testing.assert_allclose(powers, np.broadcast_to(guided, powers.shape), atol=1e-6)

    # Before: 4e-5 (mode 0) and 1e-3 (mode 1) backwards at 1.4 and 1.7 um, 2e-3 with Hz.
    def test_one_way_at_the_ends_of_the_band(self):
        self.assert_one_way()
        self.assert_one_way(HZ)

    # One wavelength, some so near to each other that no polynomial goes through them, and more
    # than modes are solved for.
    def test_lists_of_wavelengths(self):
        for wavelengths in ("1.55 um",
                            "[1.5 um, 1.5001 um, 1.5002 um, 1.6 um]",
                            str([f"{1.4 + 0.02 * k:.2f} um" for k in range(14)])):
            self.assert_one_way({"wavelength": wavelengths.replace("'", "")})

    def test_memory_of_signals_stands_in_check(self):
        text = program.run(SYMWAVE, 1, "check", self.deck(STEP))
        share = float(re.search(r"sources and modes ([0-9.]+)", text).group(1))
        # 39 x 39 points of 4 components with 7 signals, 16 bytes and 4 numbers each beside 88 bytes;
        # two windows with six complex components at three wavelengths.
        cells = int(re.search(r"= (\d+) cells", text).group(1))
        window = (3.04 / 0.08 + 1) ** 2
        signals = 4 * window * (88 + 7 * (16 + 4 * 4))
        modes = 16 * 6 * 3 * (window + (2.72 / 0.08 + 1) * (3.04 / 0.08 + 1))
        self.assertAlmostEqual(share, (signals + modes) / cells, delta=0.1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
