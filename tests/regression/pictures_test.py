"""Pictures of every kind of run against its fields, on one rank and on two.

    pictures_test.py SYMWAVE [-v]
"""
import pathlib
import sys
import unittest

import h5py
import numpy as np
from matplotlib import image

from frame_runs import BENCH, CHIP, COARSE, TIME, FrameRuns, plane
from program import settings

# io/insitu/colour_scale.cpp.
COOL_TO_WARM = [[59, 76, 192], [98, 130, 234], [141, 176, 254], [184, 208, 249], [221, 221, 221],
                [245, 196, 173], [244, 154, 123], [222, 96, 77], [180, 4, 38]]
VIRIDIS = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129],
           [92, 200, 99], [170, 220, 50], [253, 231, 37]]


def inside(path):
    """The pixels of the plane, lowest row first. Pictures narrower than 600 pixels:
    PictureLayout in io/insitu/plane_picture.cpp; where the plane is narrow it ends at its frame."""
    pixels = image.imread(path)[..., :3]
    right = 47 + np.flatnonzero((pixels[26, 48:] == 0).all(axis=1))[0]
    return pixels[pixels.shape[0] - 24:25:-1, 48:right + 1]


def places_of(path, signed):
    """On the scale of colours, from 0 to 1, and which pixels are an outline."""
    pixels = 255 * inside(path)
    table = np.array(COOL_TO_WARM if signed else VIRIDIS, float)
    fine = np.array([np.interp(np.linspace(0, 8, 1025), np.arange(9), table[:, k])
                     for k in range(3)]).T
    flat = pixels.reshape(-1, 3)
    nearest = (flat ** 2).sum(1)[:, None] - 2 * flat @ fine.T + (fine ** 2).sum(1)
    places = nearest.argmin(axis=1).reshape(pixels.shape[:2]) / 1024
    return places, (abs(pixels - 96) < 1).all(axis=2)


def along(values, axis, points, at):
    """Linear between points along an axis."""
    return np.apply_along_axis(lambda line: np.interp(at, points, line), axis, values)


def at_pixels(values, shape, points=None):
    """At the centres of pixels that fill the plane [y][x], whose points are equally spaced unless
    they are given."""
    for axis in (0, 1):
        places = np.arange(values.shape[axis]) if points is None else points[axis]
        at = places[0] + (np.arange(shape[axis]) + 0.5) / shape[axis] * (places[-1] - places[0])
        values = along(values, axis, places, at)
    return values


class Pictures(FrameRuns):
    def check_picture(self, path, values, signed, points=None, largest=None):
        """Every pixel of the plane has the colour of the field [y][x] at its place, but the outlines;
        of the first frame of a mesh, whose scale is its own, or that of all its planes."""
        found, outline = places_of(path, signed)
        expected = at_pixels(values, found.shape, points)
        largest = largest or abs(expected).max()
        power = 10 ** np.floor(np.log10(largest))
        scale = next(step * power for step in (1, 2, 5, 10) if step * power >= largest)
        expected = (expected / scale + 1) / 2 if signed else expected / scale
        self.assertLess(outline.mean(), 0.1, path.name)
        # 8 bits of a colour are 1/200 of the scale or less.
        self.assertLess(abs(found - expected)[~outline].max(), 0.01, path.name)
        peak = np.unravel_index(np.where(outline, 0, expected).argmax(), found.shape)
        self.assertGreater(found[peak], found[~outline].max() - 0.01, path.name)

    def check_symmetric(self, path):
        """About the centre line; a tie of the outline may fall to one side."""
        pixels = inside(path)
        off = abs(pixels - pixels[::-1]).max(axis=2) > 2 / 255
        self.assertLess(off.mean(), 0.02, path.name)

    def compare_ranks(self, deck, arguments, expected):
        """Pictures of one rank and of two are the same to rounding, so that there is no seam; the
        output of two ranks."""
        one, two = (self.run_deck(f"inputs/{deck}", f"ranks{ranks}", ranks, *arguments)
                    for ranks in (1, 2))
        names = sorted(path.name for path in (one / "insitu").glob("*.png"))
        self.assertIn(expected, names)
        self.assertEqual(names, sorted(path.name for path in (two / "insitu").glob("*.png")))
        for name in names:
            pixels = [image.imread(out / "insitu" / name) for out in (one, two)]
            self.assertLess(abs(pixels[0] - pixels[1]).max(), 3 / 255, name)
        return two

    def test_pictures_in_time(self):
        out = self.compare_ranks("waveguide.yaml", [*COARSE, *TIME, *settings(
            output__fields="{what: [Ez, ports], when: every 300 steps}",
            insitu="{png: {width: 300}, every: 300 steps, fields: [Ez, permittivity]}")],
            "field_in_Ez_000300.png")
        shown = plane(out / "field_in_000300.hdf")
        picture = out / "insitu/field_in_Ez_000300.png"
        self.check_picture(picture, shown["Ez"], signed=True)
        self.check_symmetric(picture)
        # Of the line of each port its number.
        self.assertEqual(set(np.unique(shown["ports"])), {0, 1, 2})
        self.assertEqual(len(set(np.nonzero(shown["ports"] == 2)[1])), 1)

    def test_pictures_of_a_volume(self):
        out = self.compare_ranks("soi_strip_3d.yaml", [*TIME, "--no-report", *settings(
            grid__cell="[0.1um, 0.1um, 0.088um]", wavelength__count=2, solver__stop__decay="1e-2",
            output__fields="{what: [Ey], when: every 600 steps, precision: float64}",
            insitu="{png: {width: 300}, every: 600 steps, fields: [Ey, permittivity]}")],
            "field_in_Ey_xz_000600.png")
        with h5py.File(out / "field_in_000600.h5") as file:  # cells are fitted to the layers
            self.assertEqual(file["fields/Ey"].dtype, np.float64)
            values = file["fields/Ey"][()]
            points = [file[f"coordinates/{axis}"][()] for axis in "zyx"]
        planes = {}
        for axis, tag in enumerate(("xy", "xz", "yz")):
            middle = [0.5 * (points[axis][0] + points[axis][-1])]
            cut = along(values, axis, points[axis], middle).squeeze(axis)
            planes[tag] = cut, points[:axis] + points[axis + 1:]
        largest = max(abs(at_pixels(cut, (100, 100), at)).max() for cut, at in planes.values())
        for tag, (cut, at) in planes.items():
            self.check_picture(out / f"insitu/field_in_Ey_{tag}_000600.png", cut, True, at, largest)
        self.check_symmetric(out / "insitu/field_in_Ey_xz_000600.png")

    def test_pictures_of_wavelengths(self):
        out = self.compare_ranks("coupler.yaml", [*COARSE, *settings(
            output__fields="{what: [Ez_re], when: every 1 wavelengths}", wavelength__count=2,
            insitu="{png: {width: 300}, every: 1 wavelengths, fields: [Ez_re, permittivity]}")],
            "field_in_top_Ez_re_000001.png")
        self.check_picture(out / "insitu/field_in_top_Ez_re_000001.png",
                           plane(out / "field_in_top_000001.hdf")["Ez_re"], signed=True)

    def test_pictures_of_a_chip(self):
        out = self.compare_ranks("iris_chip.yaml", [*CHIP, *settings(
            training__epochs=1, network__blocks=1, chip__core_length="2um", chip__ports=4,
            chip__core_width="6um", network__encoding__map="[0,1,2,3]",
            output__fields="{what: [Ez_abs], when: every 1 epochs}",
            insitu="{png: {width: 300}, fields: [Ez_abs, permittivity]}")],
            "field_forward_mode_in1_Ez_abs_000001.png")
        self.check_picture(out / "insitu/field_forward_mode_in1_Ez_abs_000001.png",
                           plane(out / "field_forward_mode_in1_000001.hdf")["Ez_abs"],
                           signed=False)

    def test_pictures_of_a_bench(self):
        out = self.compare_ranks("bench/deep_network.yaml", [*BENCH, *settings(
            training__epochs=1, insitu="{png: {width: 300}, fields: [intensity]}")],
            "field_forward_mode_layer_1_intensity_000001.png")
        self.check_picture(out / "insitu/field_forward_mode_layer_1_intensity_000001.png",
                           plane(out / "field_forward_mode_layer_1_000001.hdf")["intensity"],
                           signed=False)


if __name__ == "__main__":
    FrameRuns.program = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
