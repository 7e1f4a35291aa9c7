#!/usr/bin/python3
"""Progress of runs in time domain: every input has a total from its first steps on, and the last lines of the
log, status.json and `symwave status` say the same.

Usage: tests/regression/progress_test.py [SYMWAVE]
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

import program

SYMWAVE = str(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else
                           program.ROOT / "build/release/symwave").resolve())
# Its light has left before the second check after the pulse: nothing is known of a decay.
GUIDE = """
job: simulate
solver: {method: time_domain}
grid: {polarization: Ez, cell: 0.1 um, size: [4 um, 4 um], pml: 0.8 um}
wavelength: {from: 1.5 um, to: 1.6 um, count: 3}
materials: {glass: {index: 1.45}, core: {index: 2}}
background: glass
shapes: [{type: straight, material: core, from: [-10 um, 0], to: [10 um, 0], width: 0.8 um}]
ports:
  - {name: in, at: [-1.5 um, 0], faces: +x, span: 3 um}
  - {name: out, at: [1.5 um, 0], faces: -x, span: 3 um}
output: {fields: false, checkpoint: {every: 1 ms}}
"""
DIPOLE = """
job: simulate
solver: {method: time_domain}
grid: {cell: 0.1 um, size: [2 um, 2 um, 2 um], pml: 0.5 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 3}
materials: {glass: {index: 1.45}}
background: glass
sources: [{type: dipole, at: [0.1 um, 0.1 um, 0], component: Ez}]
monitors: [{type: probe, name: p, at: [0.5 um, 0.3 um, 0], component: Ez}]
output: {fields: false, checkpoint: {every: 1 ms}}
"""


class ProgressOfRuns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def watch(self, text):
        """The log, and every state that status.json had, while checkpoints slow the run down."""
        deck, out = self.folder / "deck.yaml", self.folder / "out"
        deck.write_text(text, encoding="utf-8")
        seen = []
        with program.delayed("checkpoint.rename:0.1"):
            run = subprocess.Popen(
                [SYMWAVE, "run", deck, "--output", out, "--no-report"], stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, env=program.environment())
        # Open MPI has nothing to say of a process without a launcher while another one ends.
        subprocess.run([SYMWAVE, "check", deck], stdout=subprocess.DEVNULL, check=True,
                       env=program.environment())
        while run.poll() is None:
            for path in (out / "running/status.json", out / "status.json"):
                if path.exists():
                    seen.append(json.loads(path.read_text(encoding="utf-8")))
            time.sleep(0.05)
        said = run.communicate()[0]
        self.assertEqual(run.returncode, 0, said)
        self.assertNotIn("mca_", said)
        return said, [status for status in seen if status["phase"]], out

    def require_end(self, said, out, runs):
        lines = re.findall(r"^run\S*(?: \d+/\d+)?  (\d+)/(\d+) in ", said, re.M)
        self.assertEqual(len(lines), runs, said)
        for done, total in lines:
            self.assertEqual(done, total)
        status = json.loads((out / "status.json").read_text(encoding="utf-8"))
        self.assertEqual([status["done"], status["total"]], [int(number) for number in lines[-1]])
        self.assertEqual(status["total_is"], "exact")
        text = program.run(SYMWAVE, 1, "status", out)
        self.assertRegex(text, rf"  {lines[-1][0]}/{lines[-1][1]} steps, ")
        return int(lines[0][0])

    def test_ports(self):
        said, seen, out = self.watch(GUIDE)
        steps = self.require_end(said, out, 2)
        for status in seen:
            self.assertGreater(status["total"], 0, status)
        second = [status for status in seen if status["phase"] == "run 2/2" and
                  status["total_is"] == "about"]
        self.assertTrue(second, said)
        # The first input took as long; the way of the light was foreseen before.
        self.assertEqual(second[0]["total"], steps)
        first = [status for status in seen if status["phase"] == "run 1/2"]
        self.assertTrue(0.5 * steps < first[0]["total"] < 2 * steps, first[0])

    def test_sources(self):
        said, seen, out = self.watch(DIPOLE)
        self.require_end(said, out, 1)
        for status in seen:
            self.assertGreater(status["total"], 0, status)
        self.assertTrue([status for status in seen if status["total_is"] == "about"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
