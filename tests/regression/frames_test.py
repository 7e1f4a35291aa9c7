"""Frames of every kind of run: series of field files and pictures, against the fields in results.h5,
on one rank and on two, and through ParaView where it is installed.  frames_test.py SYMWAVE [-v]"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import h5py
import numpy as np

from program import ROOT, answer, run, settings

PROGRAM = ""
COARSE = ["--no-report", "--set", "grid.cell=0.1um"]
TIME = ["--set", "solver.method=time_domain", "--set", "solver.stop.decay=1e-3"]


def plane(path):
    """The arrays of a plane, [y][x]."""
    with h5py.File(path) as file:
        return {name: data[0] for name, data in file["VTKHDF/PointData"].items()}


def numbers(folder, mesh):
    """Of the frames of a mesh, as its .hdf.series lists them."""
    series = json.loads((folder / f"{mesh}.hdf.series").read_text())
    times = [entry["time"] for entry in series["files"]]
    assert times == sorted(times)
    for entry in series["files"]:
        assert (folder / entry["name"]).exists(), entry
    collection = xml.etree.ElementTree.parse(folder / f"{mesh}.xmf").iter("Time")
    assert [float(time.get("Value")) for time in collection] == times
    return [int(entry["name"].rsplit("_", 1)[1].split(".")[0]) for entry in series["files"]]


class Frames(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_frames_"))

    def tearDown(self):
        shutil.rmtree(self.folder)

    def run_deck(self, deck, name, ranks, *arguments):
        out = self.folder / name
        run(PROGRAM, ranks, "run", deck, "--output", out, *arguments)
        return out

    def test_time_domain(self):
        """Every 300 steps on one rank and on two; the last transform is the field of the results."""
        fields = "output.fields={what: [Ez, Hy, Ez_abs, permittivity], when: every 300 steps, " \
                 "compression: 4}"
        outs = [self.run_deck("inputs/waveguide.yaml", f"series{ranks}", ranks, *COARSE, *TIME,
                              "--set", fields) for ranks in (1, 2)]
        for mesh in ("field_in", "field_out"):
            found = numbers(outs[0], mesh)
            self.assertEqual(found, [300 * (k + 1) for k in range(len(found))])
            self.assertEqual(found, numbers(outs[1], mesh))
            for number in found:
                one, two = (plane(out / f"{mesh}_{number:06}.hdf") for out in outs)
                self.assertEqual(list(one), ["Ez", "Ez_abs", "Hy", "permittivity"])
                for name, values in one.items():
                    np.testing.assert_allclose(two[name], values, rtol=0,
                                               atol=1e-5 * abs(values).max())
        last = plane(outs[0] / f"field_in_{numbers(outs[0], 'field_in')[-1]:06}.hdf")["Ez_abs"]
        with h5py.File(outs[0] / "results.h5") as file:
            view = abs(file["view/field"][0]).T
        self.assertLess(abs(last - view).max(), 0.02 * view.max())
        # Symmetric about the guide.
        self.assertLess(abs(last - last[::-1]).max(), 1e-3 * last.max())

    def test_at_the_end(self):
        """Chosen fields at the end are those of all fields, in a part of the points."""
        whole = self.run_deck("inputs/waveguide.yaml", "whole", 2, *COARSE, *TIME)
        chosen = self.run_deck(
            "inputs/waveguide.yaml", "chosen", 2, *COARSE, *TIME, "--set",
            "output.fields={what: [Ez_re, index], where: {centre: [0, 0], size: [2, 1]}, stride: 2}")
        expected, found = (plane(out / "field_in.hdf") for out in (whole, chosen))
        self.assertEqual(list(found), ["Ez_re", "index"])
        with h5py.File(whole / "field_in.hdf") as file:
            origin, spacing = (file["VTKHDF"].attrs[key] for key in ("Origin", "Spacing"))
        axes = [origin[axis] + spacing[axis] * np.arange(expected["Ez_re"].shape[1 - axis])
                for axis in (0, 1)]
        x, y = (np.flatnonzero(abs(axis) <= half + 1e-6)[::2] for axis, half in zip(axes, (1, 0.5)))
        for name, values in found.items():
            np.testing.assert_array_equal(values, expected[name][np.ix_(y, x)])
        self.assertEqual(json.loads((chosen / "summary.json").read_text())["frames"], 2)
        self.assertNotIn("frames", json.loads((whole / "summary.json").read_text()))

    def test_frequency_domain(self):
        """Every wavelength, solved on all ranks or on groups of them."""
        arguments = [*COARSE, "--set", "wavelength.count=3", "--set",
                     "output.fields={what: [Ez_re, Ez_abs], when: every 1 wavelengths}"]
        outs = [self.run_deck("inputs/coupler.yaml", f"ranks{ranks}", ranks, *arguments)
                for ranks in (1, 2)]
        found = numbers(outs[0], "field_in_top")
        self.assertEqual(sorted(found), [1, 2, 3])
        self.assertEqual(found, numbers(outs[1], "field_in_top"))
        for number in found:
            one, two = (plane(out / f"field_in_top_{number:06}.hdf") for out in outs)
            for name in one:
                np.testing.assert_allclose(two[name], one[name], rtol=0, atol=1e-5)
        # The middle wavelength, solved last, is that of the picture in the results.
        with h5py.File(outs[1] / "results.h5") as file:
            view = abs(file["view/field"][0]).T
        np.testing.assert_allclose(plane(outs[1] / "field_in_top_000003.hdf")["Ez_abs"], view,
                                   rtol=0, atol=1e-5)

    def test_chip_training(self):
        arguments = ["--no-report", *settings(
            grid__cell="0.1um", chip__core_length="4um", chip__ports=6, chip__core_width="9um",
            network__encoding__map="[-1,0,1,2,3,-1]", training__epochs=2, training__batch=60,
            training__trainers="[forward_mode]", sweep__roughness="[]", sweep__offset_range="[]",
            output__fields="{what: [Ez_abs, trainable], when: every 1 epochs}")]
        out = self.run_deck("inputs/iris_chip.yaml", "chip", 2, *arguments)
        meshes = sorted(path.name[:-len(".hdf.series")] for path in out.glob("*.hdf.series"))
        mesh = meshes[0]
        self.assertEqual(numbers(out, mesh), [1, 2])
        last = plane(out / f"{mesh}_000002.hdf")
        with h5py.File(out / "results.h5") as file:
            view = abs(file["block/view/field"][0]).T
        np.testing.assert_allclose(last["Ez_abs"], view, rtol=0, atol=1e-4 * view.max())
        self.assertEqual(set(np.unique(last["trainable"])), {0, 1})
        # More epochs of the complete run go on with its series.
        self.run_deck("inputs/iris_chip.yaml", "chip", 2, *arguments, "--set", "training.epochs=3",
                      "--resume")
        self.assertEqual(numbers(out, mesh), [1, 2, 3])

    def test_bench_training(self):
        arguments = ["--no-report", *settings(
            training__epochs=2, training__trainers="[forward_mode]", data__train_samples=20,
            data__test_samples=10, output__fields="{when: every 1 epoch}")]
        out = self.run_deck("inputs/bench/deep_network.yaml", "bench", 2, *arguments)
        mesh = "field_forward_mode_layer_1"
        self.assertEqual(numbers(out, mesh), [1, 2])
        found = plane(out / f"{mesh}_000002.hdf")
        with h5py.File(out / "results.h5") as file:
            masks = file["training/forward_mode/masks"][0]
        np.testing.assert_allclose(found["mask"], masks, rtol=0, atol=1e-5)
        self.assertAlmostEqual(found["intensity"].mean(), 1, places=3)

    def test_pictures(self):
        """Of the program itself, without a trace in the results; one where nothing can be written."""
        arguments = [*COARSE, *TIME, "--set", "output.fields=off"]
        plain = self.run_deck("inputs/waveguide.yaml", "plain", 2, *arguments)
        shown = self.run_deck("inputs/waveguide.yaml", "shown", 2, *arguments, "--set",
                              "insitu={png: {width: 300}, every: 500 steps, fields: [Ez]}")
        pictures = sorted(path.name for path in (shown / "insitu").glob("*.png"))
        self.assertIn("field_in_Ez_000500.png", pictures)
        power = [json.loads((out / "summary.json").read_text())["power"] for out in (plain, shown)]
        for into in power[0]:
            for out_of, value in power[0][into].items():
                self.assertAlmostEqual(power[1][into][out_of], value, places=9)
        # Again in the same folder: the pictures of the new run alone.
        self.run_deck("inputs/waveguide.yaml", "shown", 1, *arguments, "--set",
                      "insitu={png: {width: 300}, every: 1000 steps, fields: [Ez]}")
        self.assertFalse((shown / "insitu/field_in_Ez_000500.png").exists())
        self.assertTrue((shown / "insitu/field_in_Ez_001000.png").exists())

    def test_a_script_that_is_missing(self):
        code, said = answer(PROGRAM, 2, "run", "inputs/waveguide.yaml", "--output",
                            self.folder / "out", *COARSE, "--set",
                            "insitu={script: no_such_script.py}")
        self.assertEqual(code, 0, said)
        self.assertEqual(said.count("in situ with ParaView is off: "), 1, said)
        code, said = answer(PROGRAM, 1, "check", "inputs/waveguide.yaml", "--set",
                            "insitu={script: no_such_script.py}")
        self.assertEqual(code, 0, said)
        self.assertIn("no_such_script.py cannot be read here", said)

    @unittest.skipUnless(shutil.which("pvpython"), "there is no pvpython: ParaView's reading of the "
                         "series is not tested")
    def test_paraview(self):
        fields = "output.fields={what: [Ez], when: every 1000 steps}"
        out = self.run_deck("inputs/waveguide.yaml", "series", 2, *COARSE, *TIME, "--set", fields)
        script = self.folder / "read.py"
        script.write_text(
            "from paraview.simple import OpenDataFile, XDMFReader, servermanager\n"
            "import sys\n"
            "for path in sys.argv[1:]:\n"
            "    series = path.endswith('.series')\n"
            "    reader = OpenDataFile(path) if series else XDMFReader(FileNames=[path])\n"
            "    reader.UpdatePipelineInformation()\n"
            "    for time in reader.TimestepValues:\n"
            "        reader.UpdatePipeline(time)\n"
            "        data = servermanager.Fetch(reader)\n"
            "        low, high = data.GetPointData().GetArray('Ez').GetRange()\n"
            "        print('range', time, low, high)\n")
        said = subprocess.run(
            ["timeout", "-k", "5", "120", "pvpython", script, out / "field_in.hdf.series",
             out / "field_in.xmf"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=True).stdout
        read = [[float(word) for word in line.split()[1:]] for line in said.splitlines()
                if line.startswith("range")]
        files = json.loads((out / "field_in.hdf.series").read_text())["files"]
        expected = []
        for entry in files:
            ez = plane(out / entry["name"])["Ez"]
            expected.append([entry["time"], ez.min(), ez.max()])
        np.testing.assert_allclose(read, expected * 2, rtol=1e-6)


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv.pop(1))
    unittest.main()
