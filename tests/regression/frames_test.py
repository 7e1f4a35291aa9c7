"""Frames of every kind of run: series of field files against the fields in results.h5,
on one rank and on two, and through ParaView where it is installed.  frames_test.py SYMWAVE [-v]"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import h5py
import numpy as np

from frame_runs import BENCH, CHIP, COARSE, TIME, FrameRuns, plane
from program import answer, run_and_signal, settings


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


class Frames(FrameRuns):
    def test_time_domain(self):
        """Every 300 steps on one rank and on two; the last transform is the field of the results."""
        fields = "output.fields={what: [Ez, Hy, Ez_re, Ez_im, permittivity], " \
                 "when: every 300 steps, compression: 4}"
        outs = [self.run_deck("inputs/waveguide.yaml", f"series{ranks}", ranks, *COARSE, *TIME,
                              "--set", fields) for ranks in (1, 2)]
        for mesh in ("field_in", "field_out"):
            found = numbers(outs[0], mesh)
            self.assertEqual(found, [300 * (k + 1) for k in range(len(found))])
            self.assertEqual(found, numbers(outs[1], mesh))
            for number in found:
                one, two = (plane(out / f"{mesh}_{number:06}.hdf") for out in outs)
                self.assertEqual(list(one), ["Ez", "Ez_im", "Ez_re", "Hy", "permittivity"])
                for name, values in one.items():
                    np.testing.assert_allclose(two[name], values, rtol=0,
                                               atol=1e-5 * abs(values).max())
        for number, mesh in enumerate(("field_in", "field_out")):
            field = self.last_transform(outs[0], mesh, "Ez")
            with h5py.File(outs[0] / "results.h5") as file:
                view = file["view/field"][number].T
            self.assertLess(abs(field - view).max(), 0.02 * abs(view).max())
            # Symmetric about the guide.
            self.assertLess(abs(abs(field) - abs(field[::-1])).max(), 1e-3 * abs(field).max())

    def last_transform(self, out, mesh, component):
        """Of a series, with its phase."""
        last = plane(out / f"{mesh}_{numbers(out, mesh)[-1]:06}.hdf")
        return last[f"{component}_re"] + 1j * last[f"{component}_im"]

    def test_phase_of_hz(self):
        """A port between nodes, and the other polarization: a series ends in the fields at the end."""
        arguments = [*COARSE, *TIME, *settings(grid__polarization="Hz", ports__0__at__0="-3.03um")]
        series, end = (
            self.run_deck("inputs/waveguide.yaml", f"hz {when}", 1, *arguments, "--set",
                          f"output.fields={{what: [Hz_re, Hz_im], when: {when}}}")
            for when in ("every 300 steps", "end"))
        for mesh in ("field_in", "field_out"):
            whole = plane(end / f"{mesh}.hdf")
            expected = whole["Hz_re"] + 1j * whole["Hz_im"]
            found = self.last_transform(series, mesh, "Hz")
            self.assertLess(abs(found - expected).max(), 0.02 * abs(expected).max())

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
        # Without names it is what all fields are.
        unnamed = self.run_deck("inputs/waveguide.yaml", "unnamed", 2, *COARSE, *TIME, "--set",
                                "output.fields={compression: 4}")
        found = plane(unnamed / "field_in.hdf")
        self.assertEqual(list(found), list(expected))
        for name, values in found.items():
            np.testing.assert_allclose(values, expected[name], rtol=0, atol=1e-6)
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
        out = self.run_deck("inputs/iris_chip.yaml", "chip", 2, *CHIP)
        meshes = sorted(path.name[:-len(".hdf.series")] for path in out.glob("*.hdf.series"))
        mesh = meshes[0]
        self.assertEqual(numbers(out, mesh), [1, 2])
        last = plane(out / f"{mesh}_000002.hdf")
        with h5py.File(out / "results.h5") as file:
            view = abs(file["block/view/field"][0]).T
        np.testing.assert_allclose(last["Ez_abs"], view, rtol=0, atol=1e-4 * view.max())
        self.assertEqual(set(np.unique(last["trainable"])), {0, 1})
        # More epochs of the complete run go on with its series.
        self.run_deck("inputs/iris_chip.yaml", "chip", 2, *CHIP, "--set", "training.epochs=3",
                      "--resume")
        self.assertEqual(numbers(out, mesh), [1, 2, 3])

    def test_bench_training(self):
        out = self.run_deck("inputs/bench/deep_network.yaml", "bench", 2, *BENCH)
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
        code, said = answer(self.program, 2, "run", "inputs/waveguide.yaml", "--output",
                            self.folder / "out", *COARSE, "--set",
                            "insitu={script: no_such_script.py}")
        self.assertEqual(code, 0, said)
        self.assertEqual(said.count("in situ with ParaView is off: "), 1, said)
        code, said = answer(self.program, 1, "check", "inputs/waveguide.yaml", "--set",
                            "insitu={script: no_such_script.py}")
        self.assertEqual(code, 0, said)
        self.assertIn("no_such_script.py cannot be read here", said)

    def stopped_and_resumed(self, deck, first, then):
        """Stops after the first checkpoint; exit code and words of the run that goes on."""
        out = self.folder / "stopped"
        shutil.rmtree(out, ignore_errors=True)
        arguments = ["run", deck, "--output", out, *COARSE, *TIME, *settings(
            output__checkpoint__every="20ms", solver__stop__decay="1e-6")]
        code, said = run_and_signal(
            self.program, 2, lambda: list((out / "running").glob("checkpoint_*.h5")), signal.SIGUSR1,
            *arguments, *settings(**first))
        self.assertEqual(code, 75, said)
        return answer(self.program, 2, *arguments, *settings(**then), "--resume")

    def test_other_fields_of_a_run_that_goes_on(self):
        """Transforms that were taken go on whoever wants them; others cannot begin, and the key is
        named."""
        for deck in ("inputs/waveguide.yaml", "inputs/scattering_2d.yaml"):
            with self.subTest(deck=deck):
                code, said = self.stopped_and_resumed(
                    deck, {"insitu": "{png: true, fields: [Ez, Ez_abs]}", "output.fields": "false"},
                    {"output.fields": "{what: [Ez_re], when: every 10000 steps}"})
                if deck == "inputs/waveguide.yaml":
                    self.assertEqual(code, 0, said)
                else:
                    self.assertIn("error: output.fields: monitors of type dft keep other", said)
                code, said = self.stopped_and_resumed(
                    deck, {"insitu": "{png: true, fields: [Ez_abs]}", "output.fields": "false"},
                    {"insitu": "{png: true, fields: [Ez_abs, Hy_re]}", "output.fields": "false"})
                self.assertEqual(code, 1, said)
                self.assertIn("insitu.fields asks for the transform of Hy over all steps, and the "
                              "stopped run has taken that of Ez alone", said)


READ = """
from paraview.simple import OpenDataFile, XDMFReader
from vtkmodules.util.numpy_support import vtk_to_numpy
import numpy, pathlib, sys
folder, to = sys.argv[1:]
values = {}
def keep(path, kind, reader):
    reader.UpdatePipelineInformation()
    for n, time in enumerate(list(getattr(reader, 'TimestepValues', None) or [0.0])):
        reader.UpdatePipeline(time)
        data = reader.GetClientSideObject().GetOutputDataObject(0)
        points = data.GetPointData()
        for k in range(points.GetNumberOfArrays()):
            array = points.GetArray(k)
            values[f'{path.name}|{kind}|{n}|{points.GetArrayName(k)}'] = vtk_to_numpy(array).copy()
for path in sorted(pathlib.Path(folder).iterdir()):
    if path.suffix in ('.series', '.xmf', '.hdf'):
        keep(path, 'opened', OpenDataFile(str(path)))
    if path.suffix == '.xmf':
        keep(path, 'xdmf2', XDMFReader(FileNames=[str(path)]))
numpy.savez(to, **values)
"""


def time_of(path):
    with h5py.File(path) as file:
        return file["meta"].attrs["time"]


@unittest.skipUnless(shutil.which("pvpython"), "there is no pvpython: ParaView's reading of field "
                     "files is not tested")
class ParaView(FrameRuns):
    """What a double click opens, and the other reader, against h5py: every file of every kind."""

    def compare(self, folder):
        script, numbers_file = self.folder / "read.py", self.folder / "read.npz"
        script.write_text(READ, encoding="utf-8")
        subprocess.run(["timeout", "-k", "5", "120", "pvpython", script, folder, numbers_file],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        read = np.load(numbers_file)
        readers = set()
        for key in read.files:
            name, reader, frame, array = key.split("|")
            stem = name.split(".")[0]
            files = sorted(path for path in folder.glob(f"{stem}*.h*")
                           if path.suffix in (".h5", ".hdf"))
            with h5py.File(sorted(files, key=time_of)[int(frame)]) as file:
                group = file["fields" if "fields" in file else "VTKHDF/PointData"]
                expected = group[array][()]
            if name.endswith(".xmf") and len(expected) == 2:
                expected = expected[0]
            np.testing.assert_array_equal(read[key].ravel(), expected.ravel(), key)
            readers.add((name.split(".", 1)[1], reader))
        for path in folder.glob("field*.xmf"):
            self.assertIn(("xmf", "opened"), readers, path)
        return readers

    def test_planes_in_time(self):
        out = self.run_deck("inputs/waveguide.yaml", "series", 2, *COARSE, *TIME, *settings(
            output__fields="{what: [Ez, permittivity], when: every 600 steps}"))
        self.assertEqual(self.compare(out) & {("hdf.series", "opened"), ("xmf", "opened"),
                                              ("xmf", "xdmf2")},
                         {("hdf.series", "opened"), ("xmf", "opened"), ("xmf", "xdmf2")})

    def test_volume(self):
        out = self.run_deck("inputs/soi_strip_3d.yaml", "volume", 2, *TIME, *settings(
            grid__cell="[0.1um, 0.1um, 0.088um]", wavelength__count=2,
            output__fields="{what: [Ey, index], when: every 300 steps, stride: 2, "
            "precision: float64}"), "--no-report")
        self.compare(out)

    def test_wavelengths(self):
        out = self.run_deck("inputs/coupler.yaml", "wavelengths", 2, *COARSE, *settings(
            wavelength__count=3, output__fields="{what: [Ez_abs, ports], when: every 1 wavelengths, "
            "precision: float64}"))
        # The middle one, solved last, stands in the middle.
        self.assertEqual(numbers(out, "field_in_top"), [1, 3, 2])
        self.compare(out)

    def test_bench(self):
        out = self.run_deck("inputs/bench/deep_network.yaml", "bench", 2, *BENCH)
        self.compare(out)

    def test_chip(self):
        out = self.run_deck("inputs/iris_chip.yaml", "chip", 2, *CHIP)
        self.compare(out)


if __name__ == "__main__":
    FrameRuns.program = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
