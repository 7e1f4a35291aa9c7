#!/usr/bin/python3
"""The batch script of `symwave submit` under bash alone, with stand-ins for the run and for scontrol: it
ends rather than go back into the queue without coming further.

Usage: tests/slurm/script_test.py [SYMWAVE]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYMWAVE = str(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else
                           ROOT / "build/release/symwave").resolve())


class Script(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.output = self.folder / "out"
        (self.output / "running").mkdir(parents=True)
        text = subprocess.run(
            [SYMWAVE, "submit", "inputs/waveguide.yaml", "--time", "60", "--output", self.output,
             "--dry-run"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        self.script = self.folder / "job.sbatch"
        self.script.write_text(re.sub(r"\nprogram=.*\n", f"\nprogram={self.folder}/program\n", text),
                               encoding="utf-8")
        self.stand_in("scontrol", 'echo "scontrol $*"')

    def stand_in(self, name, body):
        path = self.folder / name
        path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def part(self, restarts):
        """Exit code and log of one part of the job."""
        done = subprocess.run(
            ["bash", self.script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=30, env={
                **os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "SLURM_JOB_ID": "7",
                "SLURM_JOB_NODELIST": "node0", "SLURM_RESTART_COUNT": str(restarts),
                "SYMWAVE_LAUNCHER": "env"})
        return done.returncode, done.stdout

    def checkpoint(self, number):
        (self.output / "running" / f"checkpoint_{number:06}.h5").write_text("", encoding="utf-8")

    @unittest.skipUnless(shutil.which("shellcheck"), "no shellcheck")
    def test_nothing_to_say(self):
        done = subprocess.run(["shellcheck", self.script], stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_goes_on_with_a_newer_checkpoint(self):
        self.stand_in("program", f"touch {self.output}/running/checkpoint_000002.h5; exit 75")
        self.checkpoint(1)
        code, log = self.part(0)
        self.assertEqual(code, 75, log)
        self.assertIn("scontrol requeue 7", log)

    def test_ends_without_a_newer_checkpoint(self):
        self.stand_in("program", "exit 75")
        for number in (0, 1):
            if number:
                self.checkpoint(number)
            code, log = self.part(0)
            self.assertEqual(code, 75, log)
            self.assertNotIn("scontrol", log)
            self.assertRegex(log, "stopped without a newer checkpoint than .*longer --time")

    def test_ends_after_five_parts_that_were_cut_off(self):
        self.stand_in("program", "kill -KILL $PPID")
        self.checkpoint(1)
        for restarts in range(5):
            self.assertEqual(self.part(restarts)[0], -9)
        code, log = self.part(5)
        self.assertEqual(code, 1, log)
        self.assertRegex(log, "has begun 5 times without a newer checkpoint than .*checkpoint_000001")
        # Submitted again, or with a newer checkpoint, it may begin.
        self.assertEqual(self.part(0)[0], -9)
        for restarts in range(1, 5):
            self.part(restarts)
        self.checkpoint(2)
        self.assertEqual(self.part(5)[0], -9)

    def test_leaves_no_list_behind(self):
        self.stand_in("program", "exit 0")
        code, log = self.part(0)
        self.assertEqual(code, 0, log)
        self.assertEqual([path.name for path in self.output.iterdir()], ["running"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
