"""The report on made-up results: whole, partial and broken ones. report_test.py [-v]"""
import base64
import contextlib
import html.parser
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types
import unittest

import h5py
import numpy as np

import synthetic_results

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "postproc"))
sys.dont_write_bytecode = True
import planes  # noqa: E402
import results  # noqa: E402
import verdicts  # noqa: E402
LOADER = importlib.machinery.SourceFileLoader("report", str(ROOT / "postproc/report"))
PROGRAM = importlib.util.module_from_spec(importlib.util.spec_from_loader("report", LOADER))
LOADER.exec_module(PROGRAM)
VOID = {"meta", "img", "input", "br", "link", "hr"}


class Page(html.parser.HTMLParser):
    """Collects text and references of a page and checks that its elements are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.text, self.references, self.identifiers, self.open = [], [], [], []
        self.feed(text)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "href", "xlink:href"):
                self.references.append(value)
            if name == "id":
                self.identifiers.append(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def report(folder):
    """The program without a process of its own, whose imports take longer than most pages."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        code = PROGRAM.main([str(folder)])
    return types.SimpleNamespace(returncode=code, stdout=said.getvalue(),
                                 stderr=complained.getvalue())


def report_process(folder):
    return subprocess.run([ROOT / "postproc/report", folder], capture_output=True, text=True,
                          timeout=120, check=False)


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_report_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def page(self, make=report):
        """Makes the report and reads it; it must be one well-formed page that needs no other."""
        done = make(self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        page = Page(text)
        for reference in page.references:
            self.assertRegex(reference, r"^(data:|#)")
        self.assertEqual(len(page.identifiers), len(set(page.identifiers)))
        self.assertFalse(list(self.folder.glob("*.tmp")))
        return text, "".join(page.text)

    def refuses(self, sentence):
        """The report ends with this one sentence and exit code 1, and writes no page."""
        done = report(self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rf"^error: .*{sentence}.*\n$")
        self.assertFalse((self.folder / "report.html").exists())

    def test_train(self):
        synthetic_results.make_train(self.folder)
        text, words = self.page(report_process)
        self.assertIn("Made-up chip <of> two blocks", words)
        for part in ("Trainable elements", "8 phase shifters in every block",
                     "Mirror images about x = 0: all 8 elements are their own.",
                     "At most 5 % of a command reach the guide of another element",
                     "which needs W = Wᵀ. It had it in all 120 epochs", "needs reciprocity alone",
                     "Can these numbers be trusted?", "Device and fields", "Training", "S-matrix",
                     "Confusion on the test part", "How large may the errors be?",
                     "Energy balance", "Cost", "Resolved deck", "Versions", "OpenBLAS 0.3.21",
                     "95.6 %", "26.7 %"):
            self.assertIn(part, words)
        self.assertNotIn("Not in these results", words)
        self.assertEqual(len(re.findall('<span class="badge good">', text)), 5)
        self.assertEqual(text.count('<img alt="field'), 4)

    def test_simulate_over_wavelengths(self):
        synthetic_results.make_simulate(self.folder)
        _, words = self.page()
        for part in ("Made-up coupler", "Over the wavelength", "effective index", "1.5 to 1.6 µm"):
            self.assertIn(part, words)
        self.assertNotIn("Training", words)
        self.assertNotIn("Symmetry", words)

    def test_simulate_at_one_wavelength(self):
        synthetic_results.make_simulate(self.folder, wavelengths=(1.55,))
        self.assertNotIn("Over the wavelength", self.page()[1])

    def test_amber_above_the_limit(self):
        synthetic_results.make_simulate(self.folder)
        path = self.folder / "summary.json"
        path.write_text(path.read_text(encoding="utf-8").replace("2.3e-13", "1e-4"),
                        encoding="utf-8")
        self.assertIn('<span class="badge fair">look</span>', self.page()[0])

    def test_plane_wave(self):
        synthetic_results.make_plane_wave(self.folder)
        text, words = self.page()
        for part in ("Can these numbers be trusted?", "Energy left", "−71 dB", "Energy balance",
                     "Fields of the sources at 0.9 µm", "Reflection and transmission, angle of "
                     "incidence 14.8° to 18.6°"):
            self.assertIn(part, words)
        for part in ("fabrication errors", "port", "Warnings", "did not"):
            self.assertNotIn(part, words.replace("Not in these results", ""))
        self.assertEqual(text.count('class="badge good"'), 2)
        # Tall periods lie: no picture is higher than wide.
        for data in re.findall('base64,([^"]+)', text):
            header = base64.b64decode(data)[:24]
            self.assertGreater(int.from_bytes(header[16:20], "big"),
                               int.from_bytes(header[20:24], "big"))

    def test_far_fields_of_both_half_spaces_and_orders(self):
        synthetic_results.make_plane_wave(self.folder)
        synthetic_results.add_far_fields(self.folder)
        text, words = self.page()
        for part in ("Far field of plane", "Far field of sphere", "towards −y0.60000",
                     "towards +z0.30000", "guided along layers, absorbed, or error0.10000",
                     "Diffraction orders at orders", "018.0000.250000.75000"):
            self.assertIn(part, words)
        # The interface and both indices stand in the picture.
        self.assertIn("layers across y (line)", text)

    def test_warnings_and_light_left_inside(self):
        synthetic_results.make_plane_wave(self.folder, False, "the PML <is> thin\nand grazed\n")
        with h5py.File(self.folder / "results.h5", "a") as file:
            del file["view"], file["source/reflected"]
        text, words = self.page()
        self.assertIn("<li>the PML &lt;is&gt; thin</li><li>and grazed</li>", text)
        self.assertIn("was not reached by solver.stop.max_time", words)
        self.assertIn('class="badge fair"', text)

    def test_reciprocity_of_a_pulse_is_judged_by_what_it_leaves(self):
        limits = {}
        for method, precision, decibel in (("time_domain", "float32", -73),
                                           ("time_domain", "float64", -200),
                                           ("frequency_domain", "float32", -73)):
            found = results.Results(self.folder)
            found.meta["resolved_deck"] = f"solver:\n  precision: {precision}\n"
            found.summary = {"method": method, "reciprocity_defect": 3.3e-8,
                             "energy_decay_db": decibel, "converged": True}
            judged = {verdict.label: verdict for verdict in verdicts.quality(found)}
            limits[precision, method] = judged["Reciprocity"].limit
            self.assertEqual(judged["Reciprocity"].good, (precision, method) ==
                             ("float32", "time_domain"))
        # 10^(-73/20) and rounding; rounding alone; rounding of a direct solver
        self.assertAlmostEqual(limits["float32", "time_domain"], 2.34e-4, delta=1e-6)
        self.assertLess(limits["float64", "time_domain"], 1e-9)
        self.assertEqual(limits["float32", "frequency_domain"], 1e-8)

    def test_mirrored_halves_are_unfolded(self):
        for first in (0.0, 0.05):  # a node on the mirror plane, or half a cell from it
            x, y = first + 0.1 * np.arange(8), 0.1 * np.arange(5)
            half = {"x": x, "y": y, "index": np.outer(x**2, y), "modulus": None,
                    "fields": np.sin(x)[None, :, None] * y}
            whole = planes.unfolded(half, (-1, 0))
            np.testing.assert_allclose(np.diff(whole["x"]), 0.1)
            np.testing.assert_allclose(whole["index"], np.outer(whole["x"]**2, y))
            np.testing.assert_allclose(whole["fields"][0], np.outer(np.sin(whole["x"]), y))
        away = {**half, "x": x + 1}
        np.testing.assert_array_equal(planes.unfolded(away, (1, 0))["x"], away["x"])

    def test_graded_cells_are_drawn_true(self):
        x = np.cumsum(np.r_[0, np.full(9, 0.1), np.full(20, 0.02)])
        plane = {"x": x, "y": np.arange(3.0), "index": np.outer(x, np.ones(3)), "fields": None,
                 "modulus": None}
        even = planes.equally_spaced(plane)
        np.testing.assert_allclose(np.diff(even["x"]), 0.02)
        np.testing.assert_allclose(even["index"][:, 0], even["x"], atol=0.051)

    def test_ports_stand_on_the_planes_that_meet_them(self):
        def plane(axes, position):
            return results.Device(port_names=["in", "out"], axes=axes, position=position,
                                  x=np.arange(0, 1, 0.1), y=np.arange(0, 1, 0.1),
                                  port_boxes=np.array([[-1, -1, -0.5, -1, 1, 0.5],
                                                       [1, 1, -0.5, 3, 1, 0.5]]))
        names = [[line[0] for line in planes.port_lines(plane(*where))]
                 for where in (("xy", 0), ("xy", 2), ("xz", 1), ("yz", 0), ("yz", 2))]
        self.assertEqual(names, [["in", "out"], [], ["in", "out"], [], ["out"]])
        self.assertEqual(planes.port_lines(plane("yx", 0))[0][1:], ((-1, -1), (1, -1)))

    def test_pictures_of_the_run(self):
        """The last frame of what is drawn most often, at most six, and how many there are."""
        synthetic_results.make_simulate(self.folder)
        self.assertNotIn("While it ran", self.page()[1])
        insitu = self.folder / "insitu"
        (insitu / "field_in/datasets").mkdir(parents=True)
        for array in range(7):
            for frame in (200, 1000):
                (insitu / f"field_in_{array}_{frame:06}.png").write_bytes(b"%d" % (array + frame))
        (insitu / "field_in/datasets/view_000003.png").write_bytes(b"view")
        text, words = self.page()
        self.assertIn("While it ran", words)
        self.assertIn("15 pictures lie in insitu/", words)
        self.assertEqual(words.count("the last of 2 frames"), 6)
        for array in range(7):
            encoded = base64.b64encode(b"%d" % (array + 1000)).decode("ascii")
            self.assertEqual(text.count(f'src="data:image/png;base64,{encoded}"'), int(array < 6))

    def test_nested_summary(self):
        synthetic_results.make_train(self.folder)
        (self.folder / "summary.json").write_text('{"forward_mode": {"test_accuracy": 0.5}}',
                                                  encoding="utf-8")
        self.assertIn("50.0 %", self.page()[1])

    def test_missing_groups_are_named(self):
        groups = {"block/view": "no picture of the device", "block/s_matrix": "no S-matrix",
                  "block/power": "no energy balance", "meta": "has no /meta",
                  "block/view/field": "no fields"}
        for group, line in groups.items():
            with self.subTest(group=group):
                synthetic_results.make_train(self.folder)
                with h5py.File(self.folder / "results.h5", "a") as file:
                    del file[group]
                self.assertIn(line, self.page()[1])

    def test_empty_results(self):
        with h5py.File(self.folder / "results.h5", "w"):
            pass
        self.assertIn("no S-matrix", self.page()[1])

    def test_history_stands_in_for_missing_curves(self):
        synthetic_results.make_train(self.folder)
        with h5py.File(self.folder / "results.h5", "a") as file:
            del file["training"]
        with open(self.folder / "history.csv", "a", encoding="utf-8") as file:
            file.write("spsa,1,1,1,1,1,1,1\nforward_mode,21,nan,nan,nan,nan,1,1\n")
            file.write("forward_mode,22,0.0")  # a run killed in the middle of a line
        self.assertIn("Training", self.page()[1])

    def test_no_folder(self):
        shutil.rmtree(self.folder)
        done = report_process(self.folder)
        self.folder.mkdir()
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not a folder", done.stderr)

    def test_no_file(self):
        self.refuses("results.h5 does not exist")

    def test_truncated_file(self):
        synthetic_results.make_train(self.folder)
        path = self.folder / "results.h5"
        path.write_bytes(path.read_bytes()[:5000])
        self.refuses("not a complete HDF5 file .truncated.; run the deck again$")
        for name in ("checkpoint.h5", "checkpoint_0.h5"):
            (self.folder / name).touch()
            self.refuses("run the deck again, or go on with --resume$")
            (self.folder / name).unlink()

    def test_not_hdf5(self):
        (self.folder / "results.h5").write_text("hello", encoding="utf-8")
        self.refuses("not a complete HDF5 file")

    def test_broken_summary(self):
        synthetic_results.make_train(self.folder)
        (self.folder / "summary.json").write_text('{"passes": 3', encoding="utf-8")
        self.refuses("summary.json cannot be read")

    def test_wrong_shape(self):
        synthetic_results.make_train(self.folder)
        with h5py.File(self.folder / "results.h5", "a") as file:
            del file["block/s_matrix"]
            file["block/s_matrix"] = [1.0, 2.0]
        self.refuses("s_matrix has 1 dimensions instead of 3")

    def test_later_format(self):
        synthetic_results.make_train(self.folder)
        with h5py.File(self.folder / "results.h5", "a") as file:
            file["meta"].attrs["format_version"] = 7
        self.refuses("format version 7")

    def test_accuracy_table(self):
        synthetic_results.make_train(self.folder)
        done = subprocess.run([sys.executable, ROOT / "postproc/accuracy_table.py",
                               self.folder / "summary.json"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"in silico, deployed on the chip +26\.7 %")

    def test_accuracy_over_splits(self):
        """Three runs on wine, of which one has failed, and one on iris."""
        members = [("data/wine.csv", "done", 0.9), ("data/wine.csv", "done", 0.8),
                   ("data/wine.csv", "failed", None), ("data/iris.csv", "done", 0.95)]
        key = "forward_mode.test_accuracy"
        sweep = {"format": 1, "sweep": "s.yaml", "deck": "d.yaml", "settings": [], "plot": [],
                 "keys": [{"key": "data.file", "unit": "", "numeric": False}], "numbers": [key],
                 "members": [{"member": n, "folder": f"member_{n}", "values": [file], "state": state,
                              "reason": "", "numbers": {} if value is None else {key: value}}
                             for n, (file, state, value) in enumerate(members)]}
        (self.folder / "sweep.json").write_text(json.dumps(sweep), encoding="utf-8")
        done = subprocess.run([ROOT / "postproc/accuracy_over", self.folder], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"\| wine +\| 2 +\| 85\.0 \+- 7\.1 % \| - ")
        self.assertRegex(done.stdout, r"\| iris +\| 1 +\| 95\.0 % ")
        done = subprocess.run([ROOT / "postproc/accuracy_over", self.folder / "none"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^error: .*sweep\.json")


if __name__ == "__main__":
    unittest.main(warnings=False)  # those that a process of its own shows
