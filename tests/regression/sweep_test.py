#!/usr/bin/python3
"""Sweeps: groups of ranks find the numbers of single runs, a member that fails fails alone, a stopped sweep
goes on, a table holds what the summaries hold.

Usage: sweep_test.py SYMWAVE
"""
import contextlib
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import unittest

import numpy as np

import program

SYMWAVE = sys.argv.pop(1)
GUIDE = """
job: simulate
grid: {polarization: Ez, cell: 0.1 um, size: [4 um, 4 um], pml: 0.8 um}
wavelength: 1.55 um
materials: {glass: {index: 1.45}, core: {index: 2}}
background: glass
shapes: [{type: straight, material: core, from: [-10 um, 0], to: [10 um, 0], width: 0.8 um}]
ports:
  - {name: in, at: [-1.5 um, 0], faces: +x, span: 3 um}
  - {name: out, at: [1.5 um, 0], faces: -x, span: 3 um}
output: {fields: false}
"""
# The last cell is too coarse, which its check finds out.
SWEEP = """deck: guide.yaml
grid:
  shapes[0].width: [0.7 um, 0.8 um, 0.9 um]
zip:
  grid.cell: [0.1 um]
"""
BAD = SWEEP.replace("[0.1 um]", "[0.1 um, 0.5 um]").replace(", 0.8 um, 0.9 um", ", 0.9 um")
# A checkpoint at every chance, of which each takes a while: the run is long and has little to do.
DIPOLE = """
job: simulate
solver: {method: time_domain, stop: {max_time: 80 um}}
grid: {polarization: Ez, cell: 0.08 um, size: [4 um, 3 um], pml: 0.8 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 3}
materials: {glass: {index: 1.45}, core: {index: 2}}
background: glass
shapes: [{type: circle, material: core, centre: [0, 0], radius: 0.8 um}]
sources: [{type: dipole, at: [0.9 um, 0.1 um], component: Ez}]
monitors: [{type: probe, name: p, at: [0.5 um, 0.3 um], component: Ez}]
output: {checkpoint: {every: 1 ms}, fields: false}
"""
RADII = "deck: dipole.yaml\ngrid:\n  shapes[0].radius: [0.6 um, 0.7 um, 0.8 um]\n"


class Sweep(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="symwave_sweep_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        for name, text in (("guide", GUIDE), ("sweep", SWEEP), ("bad", BAD), ("dipole", DIPOLE),
                           ("radii", RADII)):
            (cls.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def sweep(self, name, ranks, output, *options):
        return program.answer(SYMWAVE, ranks, "sweep", self.folder / f"{name}.yaml", "--output",
                              self.folder / output, "--no-report", *options)

    def table(self, output):
        with open(self.folder / output / "sweep.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def single(self, deck, key, value):
        """The numbers of one run of its own."""
        output = self.folder / "single"
        program.run(SYMWAVE, 1, "run", self.folder / f"{deck}.yaml", "--set", f"{key}={value}um",
                    "--output", output, "--no-report")
        return program.datasets(output)

    def require_equal(self, member, expected, tolerance):
        found = program.datasets(member)
        self.assertEqual(found.keys(), expected.keys())
        for name, value in expected.items():
            # How exact a solution is differs by rounding.
            if value.dtype.kind not in "fc" or re.search("residual|defect|balance", name):
                continue
            scale = np.abs(value).max() if value.size else 0
            self.assertTrue(np.allclose(found[name], value, rtol=0, atol=tolerance * scale + 1e-13),
                            f"{member}: {name}")

    def test_groups_find_the_numbers_of_single_runs(self):
        expected = [self.single("guide", "shapes[0].width", width) for width in (0.7, 0.8, 0.9)]
        for ranks, groups in ((2, 1), (2, 2), (4, 2)):
            output = f"good_{ranks}_{groups}"
            code, said = self.sweep("sweep", ranks, output, "--groups", groups)
            self.assertEqual(code, 0, said)
            self.assertIn("3 members: 3 done", said)
            for number, numbers in enumerate(expected, 1):
                # One rank of a group does what it does alone, but for the order of sums.
                self.require_equal(self.folder / output / f"member_{number:04}", numbers, 1e-9)
            # What the members say stands in their logs, not on the screen.
            self.assertNotIn("n_eff", said)
            log = self.folder / output / "member_0002" / "log.txt"
            self.assertIn("n_eff", log.read_text(encoding="utf-8"))

    def test_a_member_that_fails_fails_alone(self):
        code, said = self.sweep("bad", 2, "bad", "--groups", 2)
        self.assertEqual(code, 1, said)
        self.assertIn("bad.yaml: 2 of 4 members are refused; --keep-going runs the others", said)
        self.assertRegex(said, r"\n  \S*bad.yaml:5: member 4 \(shapes\[0\].width = 0.9 um, grid.cell")
        self.assertFalse((self.folder / "bad").exists())
        code, said = self.sweep("bad", 2, "bad", "--groups", 2, "--keep-going")
        self.assertEqual(code, 3, said)
        rows = self.table("bad")
        self.assertEqual([row["state"] for row in rows], ["done", "failed", "done", "failed"])
        self.assertEqual([row["grid.cell [um]"] for row in rows], ["0.1", "0.5", "0.1", "0.5"])
        self.assertIn("cells", rows[1]["reason"])
        self.assertIn("member 2 failed: " + rows[1]["reason"], said)
        self.require_rows_are_summaries("bad", rows)
        # The values are mended: the good members stay, with their numbers.
        before = self.stamps("bad")
        mended = BAD.replace("[0.1 um, 0.5 um]", "[0.1 um, 0.5 um, 0.09 um]")
        (self.folder / "bad.yaml").write_text(mended, encoding="utf-8")
        code, said = self.sweep("bad", 2, "bad", "--resume", "--keep-going")
        self.assertEqual(code, 3, said)
        rows = self.table("bad")
        self.assertEqual([row["state"] for row in rows],
                         ["done", "failed", "done", "failed", "done", "done"])
        self.assertEqual([row["shapes[0].width [um]"] for row in rows],
                         ["0.7", "0.7", "0.9", "0.9", "0.7", "0.9"])
        self.assertEqual({key: value for key, value in self.stamps("bad").items() if key in before},
                         before)
        # A value that is gone would leave its member without a name.
        (self.folder / "bad.yaml").write_text(SWEEP, encoding="utf-8")
        code, said = self.sweep("bad", 1, "bad", "--resume")
        self.assertEqual(code, 1)
        self.assertRegex(said, r"error: \S*sweep_members.json: member 2 of this folder \(shapes.*\)")
        (self.folder / "bad.yaml").write_text(mended, encoding="utf-8")
        code, said = self.sweep("bad", 1, "bad", "--resume", "--set", "grid.pml=1um")
        self.assertEqual(code, 1)
        self.assertRegex(said, r"error: .* of a deck with grid.pml: 0.8 um, and now it says 1um;")

    def require_rows_are_summaries(self, output, rows):
        done = [row for row in rows if row["state"] == "done"]
        self.assertTrue(done)
        for row in done:
            summary = program.summary(self.folder / output / f"member_{int(row['member']):04}")
            self.assertEqual(float(row["power.in.out"]), summary["power"]["in"]["out"])
            for name, value in summary.items():
                if isinstance(value, (int, float)):
                    self.assertEqual(float(row[name]), float(value), name)
            self.assertEqual(int(row["warnings"]), len(summary["warnings"]))

    def stamps(self, output):
        return {path: path.stat().st_mtime_ns
                for path in (self.folder / output).glob("member_*/results.h5")}

    def test_a_stopped_sweep_goes_on(self):
        output = self.folder / "stopped"
        arguments = ["sweep", self.folder / "radii.yaml", "--output", output, "--no-report",
                     "--groups", 2]
        expected = [self.single("dipole", "shapes[0].radius", radius) for radius in (0.6, 0.7, 0.8)]
        with program.delayed("checkpoint.rename:0.3"):
            code, said = program.run_and_signal(
                SYMWAVE, 2, lambda: len(list(output.glob("*/running/checkpoint_*.h5"))) > 1,
                signal.SIGUSR1, *arguments)
        self.assertEqual(code, 75, said)
        self.assertEqual([row["state"] for row in self.table("stopped")],
                         ["stopped", "stopped", "missing"], said)
        code, said = program.answer(SYMWAVE, 2, *arguments, "--resume")
        self.assertEqual(code, 0, said)
        for number, numbers in enumerate(expected, 1):
            folder = output / f"member_{number:04}"
            self.require_equal(folder, numbers, 0)
            log = (folder / "log.txt").read_text(encoding="utf-8")
            self.assertEqual("resuming at" in log, number < 3, log)
        before = self.stamps("stopped")
        self.assertEqual(program.answer(SYMWAVE, 2, *arguments, "--resume")[0], 0)
        self.assertEqual(self.stamps("stopped"), before)
        self.require_killed(output, arguments)

    def require_killed(self, output, arguments):
        """Done anew and killed: what was complete stays, the table says what was cut off."""
        with program.delayed("checkpoint.rename:0.3"):
            program.run_and_kill(
                SYMWAVE, 2, lambda: len(list(output.glob("*/running/checkpoint_*.h5"))) > 1,
                *arguments)
        program.run(SYMWAVE, 1, "collect", output, "--no-report")
        states = [row["state"] for row in self.table("stopped")]
        self.assertEqual(states, ["stopped", "stopped", "done"])
        self.assertEqual(program.answer(SYMWAVE, 2, *arguments, "--resume")[0], 0)
        self.assertEqual([row["state"] for row in self.table("stopped")], ["done"] * 3)

    def require_refused(self, text, sentence, *options):
        path = self.folder / "refused.yaml"
        path.write_text(text, encoding="utf-8")
        code, said = program.answer(SYMWAVE, 2, "sweep", path, "--output", self.folder / "refused",
                                    *options)
        self.assertEqual(code, 1, said)
        errors = [line for line in said.splitlines() if line.startswith("error: ")]
        self.assertEqual(len(errors), 1, said)
        self.assertIn(sentence, errors[0])
        self.assertFalse((self.folder / "refused").exists(), said)

    def test_refusals(self):
        refused, deck = self.require_refused, "deck: guide.yaml\n"
        refused(deck + "grid:\n  grid.cel: [1 um]\n", "refused.yaml:3: grid.cel is not a known key")
        refused(deck + "grid:\n  grid.cell: [0.1 um,\n    1 kg]\n", "refused.yaml:4: grid.cell")
        refused(deck + "grid:\n  shapes[3].width: [1 um]\n", "refused.yaml:3: shapes has only 1")
        refused(deck + "grid:\n  background: [glass, air]\n", "refused.yaml:3: background names")
        # A value that is right in itself and makes something else of the deck wrong.
        refused(deck + "grid:\n  grid.cell: [0.1 um, 1 um]\n",
                f"refused.yaml:3: member 2 (grid.cell = 1 um): {self.folder}/guide.yaml:3: grid.pml")
        # What only the physics tells.
        refused(deck + "grid:\n  grid.cell: [0.1 um]\n  ports[0].span: [3 um,\n    30 um]\n",
                "refused.yaml:5: member 2 (grid.cell = 0.1 um, ports[0].span = 30 um)", "--dry-run")
        refused("grid: {grid.cell: [1 um]}\n", "refused.yaml:1: names no deck")
        refused(deck + "grid: {grid.cell: [0.1 um]}\n", "--groups 3 of 2 ranks", "--groups", 3)
        code, said = program.answer(SYMWAVE, 1, "collect", self.folder)
        self.assertEqual(code, 1)
        self.assertIn("there is no sweep_members.json in this folder", said)

    def test_what_it_takes(self):
        """The plan of a sweep is the sum of those of its members, as is what --dry-run says."""
        config = self.folder / "config"
        with program.variable("XDG_CONFIG_HOME", str(config)):
            untold = program.run(SYMWAVE, 2, "sweep", self.folder / "sweep.yaml", "--dry-run")
            self.assertNotIn("  time ", untold)
            (config / "symwave").mkdir(parents=True)
            shutil.copy(program.ROOT / "tests" / "regression" / "data" / "machine.yaml",
                        config / "symwave")
            told = program.run(SYMWAVE, 2, "sweep", self.folder / "sweep.yaml", "--dry-run",
                               "--groups", 2)
            self.assertRegex(told, r"  time  +about \S+ s on 2 ranks in 2 groups, by rates of \S+yaml; ")
            plan = json.loads(program.run(SYMWAVE, 1, "plan", self.folder / "sweep.yaml", "--json",
                                          "--nodes", 1, 2, "--tasks", 2))
            parts = [json.loads(program.run(
                SYMWAVE, 1, "plan", self.folder / "guide.yaml", "--json", "--nodes", 1, 2, "--tasks", 2,
                "--set", f"shapes[0].width={width}um")) for width in (0.7, 0.8, 0.9)]
        for row, found in enumerate(plan["plans"]):
            self.assertAlmostEqual(found["seconds"], sum(one["plans"][row]["seconds"] for one in parts),
                                   delta=1e-3 * found["seconds"])
            self.assertAlmostEqual(found["longest_seconds"],
                                   max(one["plans"][row]["seconds"] for one in parts),
                                   delta=1e-3 * found["seconds"])
        text = program.run(SYMWAVE, 2, "plan", self.folder / "sweep.yaml", "--nodes", 1)
        self.assertRegex(text, r"3 members of .*\n.* machine .*\n.*core-hours +longest\n")
        code, said = program.answer(SYMWAVE, 1, "run", self.folder / "sweep.yaml")
        self.assertEqual(code, 1)
        self.assertIn("sweep.yaml: names a deck, so it is a sweep file: `symwave sweep", said)

    def test_examples_of_the_help(self):
        said = program.run(SYMWAVE, 1, "sweep", "--help")
        lines = re.findall(r"^  ((?:grid|zip|random): \{.*\}+)(?:  .*)?$", said, re.M)
        self.assertEqual(len(lines), 3, said)
        path = self.folder / "examples.yaml"
        path.write_text("\n".join([f"deck: {program.ROOT}/inputs/coupler.yaml", *lines]),
                        encoding="utf-8")
        self.assertIn("120 members", program.run(SYMWAVE, 2, "sweep", path, "--dry-run"))

    def test_members_of_a_job_array(self):
        output = self.folder / "array"
        arguments = ["sweep", self.folder / "bad.yaml", "--output", output, "--no-report",
                     "--resume", "--member"]
        (self.folder / "bad.yaml").write_text(BAD, encoding="utf-8")
        code, said = program.answer(SYMWAVE, 1, *arguments[:4], "--dry-run")
        self.assertEqual(code, 1, said)
        self.assertIn("2 of 4 members are refused", said)
        said = program.run(SYMWAVE, 1, *arguments[:4], "--dry-run", "--keep-going")
        self.assertIn("4 members", said)
        self.assertFalse(output.exists())
        self.assertEqual(program.answer(SYMWAVE, 1, *arguments, 3)[0], 0)
        code, said = program.answer(SYMWAVE, 1, *arguments, 2)
        self.assertEqual(code, 1, said)
        self.assertIn("the members of", program.answer(SYMWAVE, 1, *arguments, 5)[1])
        program.run(SYMWAVE, 1, "collect", output)
        rows = self.table("array")
        self.assertEqual([row["state"] for row in rows], ["missing", "failed", "done", "missing"])
        self.assertIn(rows[1]["reason"], said)
        self.require_page(output)

    def require_page(self, output):
        """Of a sweep of which half is missing."""
        page = (output / "report.html").read_text(encoding="utf-8")
        self.assertIn("2 of 4 members have not begun", page)
        self.assertIn('<a href="member_0003/', page)
        self.assertIn("<svg", page)
        data = json.loads((output / "sweep.json").read_text(encoding="utf-8"))
        self.assertEqual([key["unit"] for key in data["keys"]], ["um", "um"])


if __name__ == "__main__":
    with contextlib.suppress(KeyError):
        del os.environ["SYMWAVE_TEST_DELAY"]
    unittest.main(verbosity=2)
