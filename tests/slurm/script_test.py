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
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYMWAVE = str(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else
                           ROOT / "build/release/symwave").resolve())


def ends(process):
    """Whether a process is gone within seconds, but for its entry."""
    for _ in range(50):
        try:
            if pathlib.Path("/proc", process, "stat").read_text(encoding="utf-8").split()[2] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


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

    @unittest.skipUnless(shutil.which("shellcheck"), "no shellcheck")
    def test_display_for_paraview(self):
        for png, lines in (("true", False), ("false", True)):
            deck = (ROOT / "inputs" / "insitu.yaml").read_text(encoding="utf-8")
            deck = deck.replace("  png: true ", "  png: true " if png == "true" else "  stride: 1 ")
            (self.folder / "deck.yaml").write_text(deck, encoding="utf-8")
            (self.folder / "sweep.yaml").write_text(
                "deck: deck.yaml\ngrid: {grid.cell: [50 nm, 60 nm]}\n", encoding="utf-8")
            for options in (["deck.yaml"], ["--array", "sweep.yaml"]):
                text = subprocess.run(
                    [SYMWAVE, "submit", *options, "--time", "60", "--dry-run"], cwd=self.folder,
                    stdout=subprocess.PIPE, text=True, check=True).stdout
                self.assertEqual('Xvfb ":$display"' in text, lines, text)
                self.assertEqual("export DISPLAY" in text, lines)
                path = self.folder / "picture.sbatch"
                path.write_text(text, encoding="utf-8")
                done = subprocess.run(["shellcheck", path], stdout=subprocess.PIPE, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stdout)

    def test_display_is_there_for_the_run_alone(self):
        """Each node has a server before the run begins, and none after it."""
        text = (ROOT / "jobs" / "slurm" / "display.sh").read_text(encoding="utf-8")
        self.stand_in("srun", 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"')
        self.stand_in("Xvfb", f'echo "$1 $$" >{self.folder}/display; exec sleep 60')
        self.stand_in("program", f'echo "$DISPLAY $LP_NUM_THREADS" >{self.folder}/seen')
        script = self.script.read_text(encoding="utf-8")
        start = "\n# One thread of OpenBLAS"
        self.script.write_text(script.replace(start, "\n" + text + start, 1), encoding="utf-8")
        socket = pathlib.Path("/tmp/.X11-unix/X107")
        socket.parent.mkdir(exist_ok=True)
        made = not socket.exists()
        if made:
            socket.touch()
        try:
            code, log = self.part(0)
        finally:
            if made:
                socket.unlink()
        self.assertEqual(code, 0, log)
        self.assertEqual((self.folder / "seen").read_text(encoding="utf-8"), ":107 1\n")
        display, process = (self.folder / "display").read_text(encoding="utf-8").split()
        self.assertEqual(display, ":107")
        self.assertTrue(ends(process))

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
