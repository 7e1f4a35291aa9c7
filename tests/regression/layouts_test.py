"""layouts_test.py SYMWAVE: decks whose shapes and ports come from a GDSII file, in 2D and 3D."""
import pathlib
import re
import struct
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
LAYOUTS = program.ROOT / "inputs/data/gds"

HEAD = """
job: simulate
grid: {{polarization: Hz, cell: 0.05 um, pml: 1 um{size}}}
wavelength: 1.55 um
materials: {{core: {{index: 2.85}}, clad: {{index: 1.444}}}}
background: clad
output: {{fields: false}}
{rest}
"""
# What inputs/data/gds/gf_mmi2x2.gds holds, about its centre.
DRAWN = """
shapes:
  - {type: box, material: core, centre: [0, 0], size: [5.5, 2.5]}
""" + "".join(f"""
  - {{type: taper, material: core, from: [{s * 2.75}, {y}], to: [{s * 12.75}, {y}],
     start_width: 1, end_width: 0.5}}
  - {{type: straight, material: core, from: [{s * 12.75}, {y}], to: [{s * 16.75}, {y}], width: 0.5}}
""" for s in (-1, 1) for y in (-0.625, 0.625)) + """
ports:
  - {name: o1, at: [-12.75, -0.625], faces: +x, span: 1.25}
  - {name: o2, at: [-12.75, 0.625], faces: +x, span: 1.25}
  - {name: o3, at: [12.75, 0.625], faces: -x, span: 1.25}
  - {name: o4, at: [12.75, -0.625], faces: -x, span: 1.25}
"""


def record(kind, data_type, data=b""):
    return struct.pack(">HBB", len(data) + 4, kind, data_type) + data


def layout(*elements):
    """A GDSII file of one cell TOP; database unit 1 nm."""
    name = record(6, 6, b"TOP\0")
    units = bytes.fromhex("3e4189374bc6a7f03944b82fa09b5a54")
    return (record(0, 2, b"\x02\x58") + record(1, 2, bytes(24)) + record(2, 6, b"L\0") + record(3, 5, units)
            + record(5, 2, bytes(24)) + name + b"".join(elements) + record(7, 0) + record(4, 0))


def polygon(points, layer=1):
    data = struct.pack(f">{2 * len(points)}i", *[c for p in points for c in p])
    return (record(8, 0) + record(0xd, 2, struct.pack(">h", layer)) + record(0xe, 2, b"\0\0")
            + record(0x10, 3, data) + record(0x11, 0))


def label(text, x, y, layer=7):
    return (record(0xc, 0) + record(0xd, 2, struct.pack(">h", layer)) + record(0x16, 2, b"\0\0")
            + record(0x10, 3, struct.pack(">2i", x, y)) + record(0x19, 6, text.encode())
            + record(0x11, 0))


GUIDE = polygon([(-2000, -250), (2000, -250), (2000, 250), (-2000, 250)])
ENDS = label("in", -2000, 0), label("east", 2000, 0)


class Layouts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def deck(self, rest, name="deck", size=""):
        path = self.folder / f"{name}.yaml"
        path.write_text(HEAD.format(rest=rest, size=size), encoding="utf-8")
        return path

    def scattering(self, deck, ranks=1):
        out = deck.with_suffix("")
        program.run(SYMWAVE, ranks, "run", deck, "--no-report", "--output", out)
        with h5py.File(out / "results.h5", "r") as file:
            return file["s_matrix"][0], file["meta/resolved_deck"][()].decode()

    def said_of(self, rest, content=None, size=""):
        """What `check` says of a deck with a layout of its own."""
        if content is not None:
            (self.folder / "t.gds").write_bytes(content)
        return program.answer(SYMWAVE, 1, "check", self.deck(rest, size=size))

    def assert_refused(self, sentence, *arguments, **named):
        code, said = self.said_of(*arguments, **named)
        self.assertEqual(code, 1, said)
        self.assertIn(sentence, " ".join(said.split()))
        self.assertEqual(said.count("error:"), 1, said)

    def test_a_layout_and_its_drawing_scatter_alike(self):
        file = LAYOUTS / "gf_mmi2x2.gds"
        read = self.deck(f"layout: {{file: {file}, layers: {{1/0: core}}, ports: auto}}", "read")
        s, resolved = self.scattering(read, ranks=2)
        drawn, _ = self.scattering(self.deck(DRAWN, "drawn", ", size: [27.5, 4.5]"))
        # The continuation of a taper is taken 1e-6 um before its end, 5e-8 um too wide.
        np.testing.assert_allclose(s, drawn, rtol=0, atol=1e-7)
        # The resolved deck is a deck for the same results.
        again = self.folder / "again.yaml"
        again.write_text(resolved, encoding="utf-8")
        np.testing.assert_allclose(self.scattering(again)[0], s, rtol=0, atol=1e-11)

    def test_ports_come_from_labels_and_face_their_guides(self):
        _, said = self.said_of("layout: {file: t.gds, layers: {1/0: core}, ports: {layer: 7/0}}",
                               layout(GUIDE, *ENDS))
        self.assertIn("port modes     2", said)
        self.assertIn("the origin of the deck is (0, 0) um of the file", said)
        s, _ = self.scattering(self.folder / "deck.yaml")
        self.assertGreater(abs(s[0, 1]), 1 - 1e-4)  # the guide goes on through the PML
        self.assertLess(abs(s[0, 0]), 1e-3)

    def test_windows_cut_guides_that_go_on(self):
        rest = ("layout: {file: t.gds, layers: {1/0: core}, window: [-1, -1.5, 1, 1.5], margin: 0.3, "
                "ports: auto}")
        code, said = self.said_of(rest, layout(GUIDE))
        self.assertEqual(code, 0, said)
        s, _ = self.scattering(self.folder / "deck.yaml")
        self.assertGreater(abs(s[0, 1]), 1 - 1e-4)

    def test_ports_are_sought_on_all_layers(self):
        """A rib on its slab, whose end is wider; a heater that ends inside."""
        slab = polygon([(-2000, -700), (2000, -700), (2000, 700), (-2000, 700)], layer=2)
        heater = polygon([(-1000, 900), (1000, 900), (1000, 1100), (-1000, 1100)], layer=3)
        for layers in ("{2/0: core, 1/0: core, 3/0: core}", "{3/0: core, 1/0: core, 2/0: core}"):
            code, said = self.said_of(f"layout: {{file: t.gds, layers: {layers}, ports: auto}}",
                                      layout(GUIDE, slab, heater))
            self.assertEqual(code, 0, said)
            said = " ".join(said.split())
            self.assertIn("port modes 2", said)
            self.assertIn("layer 3/0 ends at (-1, 1) um of the file, 1 um before the edge: no port", said)

    def test_ends_of_guides_are_found_or_named(self):
        """1 nm or half a micrometre short, aslant, through a corner of the window."""
        auto = "layout: {file: t.gds, layers: {1/0: core}, ports: auto%s}"

        def beside(end):
            return polygon([(-2000, 1750), (end, 1750), (end, 2250), (-2000, 2250)])

        for end, ports, sentence in ((1999, 4, ""), (1500, 3, "0.5 um before the edge: no port there; draw")):
            said = self.said_of(auto % "", layout(GUIDE, beside(end)))[1]
            self.assertIn(f"port modes     {ports}", said)
            self.assertEqual("before the edge" in said, bool(sentence), said)
            self.assertIn(sentence, " ".join(said.split()))
        branch = polygon([(0, 0), (1732, 1000), (1482, 1433), (-250, 433)])
        said = " ".join(self.said_of(auto % "", layout(GUIDE, branch))[1].split())
        self.assertIn("of the file at 30 degrees from the x axis: ports: auto has no port there", said)
        window = ", window: [-1, -1, 1, 0.1], margin: 0.3"
        crossing = polygon([(-250, -3000), (250, -3000), (250, 3000), (-250, 3000)])
        said = " ".join(self.said_of(auto % window, layout(GUIDE, crossing))[1].split())
        self.assertIn("leaves the window through a corner, at x = 1 um, y = -0.25 to 0.1 um", said)

    def test_labels_name_ports_once(self):
        rest = "layout: {file: t.gds, layers: {1/0: core}, ports: {layer: 7/0}}"
        _, said = self.said_of(rest, layout(GUIDE, label("a b", -2000, 0), label("a b", 2000, 0)))
        said = " ".join(said.split())
        for part in ('the port at (-2, 0) um of the file, labelled "a b", is a_b_1', "is a_b_2", "port modes 2"):
            self.assertIn(part, said)
        self.assert_refused("port again stands where port in of", rest, layout(GUIDE, *ENDS, label("again", -2000, 0)))
        self.assert_refused("the port in of the deck has the name of the one that layout.ports finds at (-2, 0)",
                            rest + "\nports: [{name: in, at: [0, 0], faces: +x, span: 1}]", layout(GUIDE, *ENDS))

    def test_two_dimensions_cut_the_stack_where_they_are(self):
        """The background is the plane at height 0, outlines are those of an inclined wall there."""
        stack = ("stack: [{material: core, z: -1, thickness: 2, order: -1}, "
                 "{layer: 1/0, material: clad, z: -0.11, thickness: 0.22, sidewall: 60}]")
        rest = f"layout: {{file: t.gds, {stack}, origin: [0, 0, 0.05]}}"
        rest += "\nsources: [{type: dipole, at: [0, 0], component: Hz}]"
        code, said = self.said_of(rest, layout(GUIDE), size=", size: [6, 3]")
        said = " ".join(said.split())
        self.assertEqual(code, 0, said)
        self.assertIn("the plane of core holds the height 0 at which a two-dimensional deck cuts", said)
        self.assertIn("straight walls at -0.221132, 0.221132 um", said)  # 0.25 - 0.05 / tan(60 degrees)
        self.assert_refused("layer 1/0 of the stack is 220 um thick; lengths without a unit are in um",
                            rest.replace("thickness: 0.22", "thickness: 220"), layout(GUIDE))

    def test_an_origin_beside_the_window_is_said_to_enlarge_the_grid(self):
        _, said = self.said_of("layout: {file: t.gds, layers: {1/0: core}, ports: auto, origin: [-2, 0]}",
                               layout(GUIDE))
        self.assertIn("along x it has 10 um, of which the window fills 6 um", " ".join(said.split()))

    def test_heights_are_counted_from_the_middle_of_the_stack(self):
        stack = "stack: [{{layer: 1/0, material: core, z: {z}, thickness: 0.22}}]"
        rest = "solver: time_domain\nlayout: {{file: t.gds, {stack}, ports: auto{more}}}"
        sizes = []
        for z, more in ((-0.11, ""), (0, ""), (0, ", origin: [0, 0, 0]")):
            (self.folder / "t.gds").write_bytes(layout(GUIDE))
            deck = self.deck(rest.format(stack=stack.format(z=z), more=more))
            code, said = program.answer(SYMWAVE, 1, "check", deck, "--set", "grid.cell=0.1 um")
            self.assertEqual(code, 0, said)
            sizes.append(re.search(r"x (\d+) = ", said)[1])
            self.assertEqual("at the height 0.11 um of the stack" in said, z == 0 and not more, said)
        self.assertEqual(sizes[0], sizes[1])
        self.assertGreater(int(sizes[2]), int(sizes[1]))

    def test_a_window_has_a_centre_and_a_size(self):
        rest = ("layout: {{file: t.gds, layers: {{1/0: core}}, window: {window}, margin: 0.3, "
                "ports: auto}}")
        corners, centred = (self.said_of(rest.format(window=window), layout(GUIDE))[1] for window in
                            ("[-0.5, -1, 1.5, 2]", "{centre: [0.5, 0.5], size: [2 um, 3]}"))
        self.assertIn("the origin of the deck is (0.5, 0.5) um of the file", centred)
        grid = re.compile(r"grid .*cells")
        self.assertEqual(grid.search(corners)[0], grid.search(centred)[0])
        self.assert_refused("window.size", rest.format(window="{centre: [0, 0]}"), layout(GUIDE))

    def test_stacks_make_three_dimensions(self):
        code, said = program.answer(SYMWAVE, 1, "check", "inputs/gds_ybranch_3d.yaml")
        self.assertEqual(code, 0, said)
        for part in ("port modes     3", "opt1", "opt2", "opt3", "faces of layers at -0.11, 0.11 um"):
            self.assertIn(part, said)

    def test_what_is_not_understood_is_a_sentence(self):
        two = "layout: {file: t.gds, layers: {1/0: core}, ports: {layer: 7/0}}"
        aslant = polygon([(0, 0), (4000, 4000), (3646, 4354), (-354, 354)])
        for sentence, arguments in {
                "cannot read the layout: No such file": ("layout: {file: none.gds, layers: {1/0: core}}",),
                'cell TOP has no polygon on the layers 2/0; layers with polygons: 1/0':
                    ("layout: {file: t.gds, layers: {2/0: core}}", layout(GUIDE)),
                "holds no polygon on the layers 1/0; those of cell TOP reach from x":
                    ("layout: {file: t.gds, layers: {1/0: core}, window: [70, 0, 80, 10]}", layout(GUIDE)),
                'has no cell "TIP" (did you mean TOP?)':
                    ("layout: {file: t.gds, cell: TIP, layers: {1/0: core}}", layout(GUIDE)),
                '"1-0" is not a layer of a GDSII file': ("layout: {file: t.gds, layers: {1-0: core}}",),
                'layout names the material "cor", which the deck does not define (did you mean core?)':
                    ("layout: {file: t.gds, layers: {1/0: cor}}", layout(GUIDE)),
                "is narrower than 1 nm; is its database unit, 0.001 um, the right one?":
                    (two, layout(polygon([(0, 0), (900, 0), (900, 1), (0, 1)]))),
                "cell TOP has no label on layer 7/0": (two, layout(GUIDE)),
                "port far (label in cell TOP on layer 7/0, at (0, 0.8) um of":
                    (two, layout(GUIDE, *ENDS, label("far ", 0, 800))),
                "stands in the middle of a guide, which goes on to both sides":
                    (two, layout(GUIDE, *ENDS, label("mid ", 0, 0))),
                "leaves its device at -135 degrees from the x axis":
                    (two, layout(aslant, label("asl ", -177, 177))),
                "layout must have exactly one of the keys layers, stack": ("layout: {file: t.gds}", layout(GUIDE)),
                "a chip draws its own shapes; remove layout":
                    ("chip: {}\nlayout: {file: t.gds, layers: {1/0: core}}", layout(GUIDE)),
        }.items():
            with self.subTest(sentence):
                self.assert_refused(sentence, *arguments)
        self.assert_refused("layout.layers has no heights, which three dimensions need",
                            "solver: time_domain\nlayout: {file: t.gds, layers: {1/0: core}}",
                            layout(GUIDE), size=", size: [6, 3, 2]")

    def test_repairs_and_unused_layers_are_reported(self):
        dot = polygon([(0, 500), (300, 500), (300, 501), (0, 501)])
        flat = polygon([(0, 600), (100, 600), (200, 600)])
        _, said = self.said_of("layout: {file: t.gds, layers: {1/0: core, 3/0: core}, ports: auto}",
                               layout(GUIDE, dot, flat, polygon([(0, 0), (9, 0), (9, 9)], layer=5)))
        said = " ".join(said.split())
        for part in ("1 slivers of at most 1 nm are left out; the first: cell TOP, layer 1/0",
                     "1 polygons without area are left out", "layer 3/0 (core) has no polygon",
                     "layers with polygons that the deck does not use: 5/0"):
            self.assertIn(part, said)

    def test_show_draws_without_solving(self):
        for name in ("gds_mmi_2d", "beam_coupler", "iris_chip", "gds_ybranch_3d"):
            picture = self.folder / f"{name}.svg"
            program.run(SYMWAVE, 1, "show", f"inputs/{name}.yaml", "--output", picture)
            self.assertIn("<svg", picture.read_text(encoding="utf-8"))
            self.assertGreater(picture.stat().st_size, 20000)
        code, said = program.answer(SYMWAVE, 2, "show", "inputs/coupler.yaml", "--output", "a.jpg")
        self.assertEqual(code, 1)
        self.assertIn("a picture ends in .png, .svg or .pdf", said)

    def test_info_lists_a_layout(self):
        said = program.run(SYMWAVE, 1, "info", LAYOUTS / "ebeam_y_1550.gds")
        for part in ("top cell ebeam_y_1550", "14.600929000", "-7.4 to 7.4", "opt2, opt3, opt1"):
            self.assertIn(part, said)


if __name__ == "__main__":
    unittest.main()
