"""mirrors_test.py SYMWAVE: half models of grid.symmetry against whole ones, and what is refused."""
import itertools
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# Cells that are not square, so that half and whole have the same nodes and neither is that of the
# frequency domain.
FLAT = """
job: simulate
solver: {{method: time_domain, precision: float64, stop: {{max_time: {time} um}}}}
grid: {{polarization: {polarization}, cell: [0.1 um, 0.1001 um], size: [3 um, 3.003 um], pml: 0.5 um,
       symmetry: [{symmetry}], boundary: [{boundary}]}}
wavelength: [0.9 um, 1 um, 1.1 um]
materials: {{glass: {{index: 1.5}}, water: {{index: 1.33}}, air: {{index: 1}}}}
background: air
shapes: [{shapes}]
sources: [{source}]
monitors: [{monitors}]
output: {{fields: false}}
"""
SOLID = """
job: simulate
solver: {{method: time_domain, precision: float64, stop: {{max_time: {time} um}}}}
grid: {{cell: 0.1 um, size: [1.6 um, 1.6 um, 1.6 um], pml: 0.4 um, symmetry: [{symmetry}],
       align: off}}
wavelength: [0.9 um, 1 um, 1.1 um]
materials: {{glass: {{index: 1.5}}, air: {{index: 1}}}}
background: air
layers: [{layers}]
shapes: [{shapes}]
sources: [{source}]
monitors: [{monitors}]
output: {{fields: false}}
"""
GUIDE = """
job: simulate
solver: {{method: time_domain, stop: {{decay: 1e-14, max_time: {time} um}}}}
grid: {{polarization: Hz, cell: 0.0625 um, size: [4 um, 3 um], pml: 1 um}}
wavelength: [1.5 um, 1.55 um, 1.6 um]
materials: {{core: {core}, oxide: {oxide}}}
background: oxide
shapes: [{{type: straight, material: core, from: [-9 um, 0], to: [9 um, 0], width: 0.45 um}}]
ports:
  - {{name: in, at: [-1.5 um, 0], faces: +x, span: 2.8 um}}
  - {{name: out, at: [1.5 um, 0], faces: -x, span: 2.8 um}}
output: {{fields: false}}
"""
DEFAULTS = {"time": 45, "polarization": "Ez", "boundary": "pml, pml", "shapes": "", "monitors": "",
            "source": "", "layers": "", "symmetry": "none, none"}
DIPOLE = "{{type: dipole, at: [{at}], component: {component}}}"


def dipole(at, component):
    return DIPOLE.format(at=at, component=component)


def wave(direction, centre, size, polarization=""):
    tail = f", polarization: [{polarization}]" if polarization else ""
    return (f"{{type: plane_wave, centre: [{centre}], size: [{size}], "
            f"direction: {direction}{tail}}}")


class Mirrors(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.number = itertools.count()

    def write(self, deck, values):
        path = pathlib.Path(self.folder.name) / f"deck{next(self.number)}.yaml"
        path.write_text(deck.format(**{**DEFAULTS, **values}), encoding="utf-8")
        return path

    def check(self, deck, **values):
        """Exit code and output of `check`, on one rank without a launcher."""
        path = self.write(deck, values)
        done = subprocess.run([SYMWAVE, "check", path], cwd=program.ROOT, text=True,
                              env=program.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60, check=False)
        return done.returncode, done.stdout

    def refused(self, *words, deck=FLAT, **values):
        code, text = self.check(deck, **values)
        self.assertNotEqual(code, 0, f"{values} is not refused:\n{text}")
        for word in words:
            self.assertIn(word, text)
        self.assertRegex(text, r"deck\d+\.yaml:\d+: ")

    def accepted(self, deck=FLAT, **values):
        code, text = self.check(deck, **values)
        self.assertEqual(code, 0, f"{values}:\n{text}")

    def results(self, deck, ranks=1, **values):
        path = self.write(deck, values)
        out = path.with_suffix("")
        program.run(SYMWAVE, ranks, "run", path, "--no-report", "--output", out)
        return h5py.File(out / "results.h5", "r")

    # The component that a plane of either kind on an axis does not hold at zero: of E the one along
    # the normal of a pec plane, within a pmc plane; of H the reverse. Those that are even are run in
    # the test of halves.
    def test_dipoles_whose_parity_is_not_that_of_the_plane_are_refused(self):
        for polarization, components in (("Ez", ("Ez", "Hx", "Hy")), ("Hz", ("Hz", "Ex", "Ey"))):
            for component, axis in itertools.product(components, (0, 1)):
                normal = "xyz".index(component[1]) == axis
                even = "pec" if normal == (component[0] == "E") else "pmc"
                odd = "pmc" if even == "pec" else "pec"
                planes = ["none", "none"]
                planes[axis] = odd
                self.refused(f"holds {component} at zero", f"write {even} for",
                             polarization=polarization, source=dipole("0, 0", component),
                             symmetry=", ".join(planes))

    def test_sources_beside_a_plane_or_across_it_are_refused(self):
        self.refused("beside the mirror plane y = 0", source=dipole("0, 0.5 um", "Ez"),
                     symmetry="none, pmc")
        self.refused("beside the mirror plane x = 0", source=dipole("-0.5 um, 0", "Ez"),
                     symmetry="pmc, none")
        self.refused("runs towards +x across", source=wave("+x", "0, 0", "1 um, 1 um"),
                     symmetry="pmc, none")
        self.refused("beside the mirror plane y = 0",
                     source=wave("+x", "0, 0.2 um", "1 um, 1 um"), symmetry="none, pmc")
        self.refused("stands in the mirror plane y = 0", "write pmc for y",
                     source=wave("-x", "0, 0", "1 um, 1 um"), symmetry="none, pec")
        self.refused("stands across the mirror plane x = 0", "write pec for x", polarization="Hz",
                     source=wave("+y", "0, 0", "1 um, 1 um"), symmetry="pmc, none")
        beam = "{type: gaussian_beam, centre: [-1 um, 0], size: [0, 2.4 um], waist: 0.8 um, " \
               "direction: [1, %s]}"
        self.refused("runs towards +y across", source=beam % "0.2", symmetry="none, pmc")
        self.refused("write pmc for y", source=beam % "0", symmetry="none, pec")
        inside = "0, 0, 0", "0.8 um, 0.8 um, 0.8 um"
        self.refused("one within it", deck=SOLID, symmetry="none, pec, none",
                     source=wave("+x", *inside, "0, 1, 1"))
        self.refused("write pec for z", deck=SOLID, symmetry="none, none, pmc",
                     source=wave("+x", *inside, "0, 0, 1"))
        self.refused("holds Ey at zero", deck=SOLID, symmetry="none, none, pec",
                     source=dipole("0, 0, 0", "Ey"))

    def test_walls_are_no_mirror_planes(self):
        wall = {"boundary": "[pec, pec], pml", "source": dipole("-1.5 um, 0", "Ez")}
        self.refused("holds Ez at zero", "grid.boundary", **wall)
        code, text = self.check(FLAT, boundary="[pec, pec], pml",
                                source=dipole("-1.3 um, 0.3 um", "Ez"))
        self.assertEqual(code, 0, text)
        self.assertNotIn("grid.boundary", text)
        code, text = self.check(FLAT, boundary="[pmc, pmc], pml",
                                source=dipole("-1.5 um, 0", "Ez"))
        self.assertEqual(code, 0, text)
        self.assertIn("half of what one in front of the wall radiates", text)

    def test_structures_that_are_not_their_own_image_are_refused_by_shape_and_line(self):
        source = dipole("0, 0", "Ez")
        dropped = "{type: circle, material: glass, centre: [0.2 um, -0.7 um], radius: 0.3 um}"
        for shapes, symmetry, name in (
                (dropped, "none, pmc", "shapes[0] (glass)"),
                (dropped, "pmc, none", "shapes[0] (glass)"),
                ("{type: circle, material: glass, centre: [0, 0], radius: 0.5 um}, "
                 "{type: box, material: water, centre: [0.3 um, 0.1 um], size: [0.2 um, 0.2 um]}",
                 "none, pmc", "shapes[1] (water)"),
                # Symmetric about x and about y in the quadrant that is computed, not beyond.
                ("{type: box, material: glass, centre: [-0.5 um, -0.5 um], size: [0.4 um, 0.4 um]}",
                 "pmc, pmc", "shapes[0] (glass)")):
            self.refused(name, "is not mirror-symmetric about", "write none for",
                         source=source, shapes=shapes, symmetry=symmetry)
        slab = "{material: glass, z: [%s]}"
        centred = {"deck": SOLID, "source": dipole("0, 0, 0", "Ex"), "symmetry": "none, none, pmc"}
        post = "{type: circle, material: glass, centre: [0, 0], radius: 0.3 um, " \
               "z: [-0.3 um, 0.3 um], sidewall: %d}"
        self.refused("layers[0] (glass)", layers=slab % "-1 um, -0.3 um", **centred)
        self.accepted(layers=slab % "-0.3 um, 0.3 um", shapes=post % 90, **centred)
        self.refused("shapes[0] (glass)", shapes=post % 70, **centred)

    def test_every_shape_and_its_image_are_symmetric(self):
        shapes = (
            "{{type: s_bend, material: glass, from: [-1 um, {s}0.2 um], to: [1 um, {s}0.9 um], "
            "width: 0.2 um}}",
            "{{type: polygon, material: glass, points: [[-1 um, {s}0.2 um], [1 um, {s}0.3 um], "
            "[0, {s}0.9 um]]}}",
            "{{type: taper, material: water, from: [-1 um, {s}1.1 um], to: [1 um, {s}1.2 um], "
            "start_width: 0.2 um, end_width: 0.4 um}}",
            "{{type: ring, material: glass, centre: [-1 um, {s}1.5 um], radius: 0.5 um, "
            "width: 0.2 um, start_angle: {a} deg, end_angle: {b} deg}}")
        above = [shape.format(s="", a=10, b=200) for shape in shapes]
        below = [shape.format(s="-", a=-200, b=-10) for shape in shapes]
        source = {"source": dipole("0, 0", "Ez"), "symmetry": "none, pmc"}
        self.accepted(shapes=", ".join(above + below), **source)
        for k in range(len(shapes)):
            one_missing = above + below[:k] + below[k + 1:]
            self.refused(f"shapes[{k}] (", "is not mirror-symmetric about y = 0",
                         shapes=", ".join(one_missing), **source)

    def test_monitors_across_a_plane_are_centred_on_it(self):
        source = {"source": dipole("0, 0", "Ez"), "symmetry": "none, pmc"}
        for kind in ("flux", "dft"):
            monitor = f"{{type: {kind}, name: m, centre: [0, %s um], size: [1 um, %s um]}}"
            self.refused("without being centred on it", monitors=monitor % (0.2, 1), **source)
            self.refused("that is not computed", monitors=monitor % (-0.8, 0.4), **source)
        self.refused("that is not computed", **source,
                     monitors="{type: probe, name: p, at: [0.3 um, -0.5 um], component: Ez}")

    # A rod and two boxes, all mirror-symmetric about both axes; everything that a monitor gives is
    # the same from the half and the quarter as from the whole, in float64 to rounding.
    def test_half_and_quarter_give_what_the_whole_gives(self):
        shapes = ("{type: circle, material: glass, centre: [0, 0], radius: 0.37 um}, " +
                  ", ".join(f"{{type: box, material: water, centre: [{x} um, {y} um], "
                            "size: [0.3 um, 0.44 um]}"
                            for x in (-0.83, 0.83) for y in (-0.71, 0.71)))
        monitors = ("{type: flux, name: box, centre: [0, 0], size: [2.6 um, 2.6 um]}, "
                    "{type: flux, name: beside, centre: [1.3 um, 0.6 um], size: [0, 0.8 um]}, "
                    "{type: flux, name: above, centre: [0, 1.3 um], size: [2 um, 0]}, "
                    "{type: probe, name: p, at: [0.6 um, 0.7 um], component: %s}")
        cases = (("Ez", dipole("0, 0", "Ez"), ("pmc, pmc",)),
                 ("Hz", dipole("0, 0", "Ex"), ("pec, pmc",)),
                 ("Hz", dipole("0, 0", "Hz"), ("none, pec",)),
                 ("Ez", wave("+x", "0, 0", "2.4 um, 2.4 um"), ("none, pmc",)))
        for polarization, source, planes in cases:
            values = {"polarization": polarization, "source": source, "shapes": shapes,
                      "monitors": monitors % polarization}
            with self.results(FLAT, **values) as whole:
                for symmetry in planes:
                    with self.results(FLAT, ranks=2, symmetry=symmetry, **values) as half:
                        self.same(half, whole, f"{source} {symmetry}")

    def test_an_eighth_in_3d_gives_what_the_whole_gives(self):
        values = {"source": dipole("0, 0, 0", "Ez"),
                  "shapes": "{type: box, material: glass, centre: [0, 0], size: [0.6 um, 0.4 um], "
                            "z: [-0.25 um, 0.25 um]}",
                  "monitors": "{type: flux, name: box, centre: [0, 0, 0], "
                              "size: [1.2 um, 1.2 um, 1.2 um]}, "
                              "{type: probe, name: p, at: [0.4 um, 0.4 um, 0.4 um], component: Ez}"}
        with self.results(SOLID, symmetry="none, none, none", **values) as whole, \
                self.results(SOLID, symmetry="pmc, pmc, pec", **values) as part:
            self.same(part, whole, "3D")

    # A guide on the plane; its even mode needs pmc in Ez.
    def test_ports_stand_on_the_plane_and_name_the_mode_that_is_left(self):
        values = {"core": "{index: 1.8}", "oxide": "{index: 1}", "time": 300}
        deck = GUIDE.replace("cell: 0.0625 um", "symmetry: [none, {symmetry}], cell: 0.1 um") \
            .replace("polarization: Hz", "polarization: Ez")
        with self.results(deck, symmetry="none", **values) as whole, \
                self.results(deck, ranks=2, symmetry="pmc", **values) as half:
            power = [np.abs(file["s_matrix"][()])**2 for file in (whole, half)]
            # The whole is laid out as for the frequency domain, half a cell beside the half.
            np.testing.assert_allclose(power[1], power[0], rtol=0, atol=1e-3)
            self.assertGreater(power[0][1, 1, 0], 0.98)
        code, text = self.check(deck, symmetry="pec", **{**values, "core": "{index: 3}"})
        self.assertEqual(code, 0, text)
        self.assertIn("its mode 0 (n_eff", text)
        self.assertIn("is mode 1 of the whole port", text)
        beside = deck.replace("from: [-9 um, 0], to: [9 um, 0]",
                              "from: [-9 um, 0.8 um], to: [9 um, 0.8 um]")
        beside = beside.replace("um, 0], faces", "um, 0.8 um], faces").replace("2.8 um}}", "1.2 um}}")
        self.refused("port in stands at y = 0.8 um beside the mirror plane", deck=beside,
                     symmetry="pmc", **values)
        self.refused("port in faces along x, across the mirror plane x = 0", symmetry="pmc",
                     deck=deck.replace("[none, {symmetry}]", "[{symmetry}, none]"), **values)

    # Guides whose permittivity is negative at 3 to 12 um, far outside the band, carried plasmons that
    # the PML amplified: the first grew by 1e13 after 17,000 steps, the second after 4,700, that of
    # the slab after 30,000. Straight guides pass all light.
    def test_guides_of_dispersive_media_pass_through_the_pml(self):
        slab = "{slab: {thickness: 220 nm, film: Si, below: SiO2, above: SiO2, mode: TE0}}"
        drude = "{poles: {epsilon: 2.1, drude: [{plasma: 1.517}]}}"
        for core, oxide, time in (("{model: Si3N4}", "{index: 1.444}", 500),
                                  ("{index: 2.83}", drude, 200),
                                  (slab, "{model: SiO2}", 600)):
            path = self.write(GUIDE, {"core": core, "oxide": oxide, "time": time})
            out = path.with_suffix("")
            program.run(SYMWAVE, 1, "run", path, "--no-report", "--output", out)
            summary = program.summary(out)
            power = summary["power"]["in"]
            # The windows cut 2e-4 off the mode of the nitride guide, with a constant index as well.
            self.assertAlmostEqual(power["out"], 1, delta=5e-4, msg=core)
            # Reflected by the damped poles of the PML: 3e-6 in the slab.
            self.assertLess(power["in"], 2e-5, core)
            # Light that grows has left the noise of float32, -130 dB, behind by then.
            self.assertLess(summary["energy_decay_db"], -100, core)

    def test_media_of_negative_permittivity_that_reach_the_pml_are_named(self):
        metal = "{poles: {epsilon: 1, drude: [{plasma: 20, damping: 0.1}]}}"
        for size, named in (("8 um", True), ("2 um", False)):
            deck = FLAT.replace("air: {{index: 1}}", "air: {{index: 1}}, metal: {metal}")
            code, text = self.check(
                deck, metal=metal, source=dipole("0, 0", "Ez"),
                shapes="{type: box, material: metal, centre: [0, -0.9 um], "
                       f"size: [{size}, 0.4 um]}}")
            self.assertEqual(code, 0, text)
            self.assertEqual("'metal' has a permittivity down to" in text, named, text)

    def same(self, half, whole, what):
        for name, flux in whole["flux"].items():
            np.testing.assert_allclose(half[f"flux/{name}/power"], flux["power"], rtol=1e-9,
                                       atol=1e-12, err_msg=f"{what}, flux {name}")
        record = whole["probe/p/value"][()]
        np.testing.assert_allclose(half["probe/p/value"][:len(record)], record, rtol=0,
                                   atol=1e-9 * np.abs(record).max(), err_msg=what)


if __name__ == "__main__":
    unittest.main()
