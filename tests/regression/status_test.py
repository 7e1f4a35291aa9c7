#!/usr/bin/python3
"""`symwave status` of a folder with runs below: every state has its line, whatever else lies there.

Usage: tests/regression/status_test.py [SYMWAVE]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import program

SYMWAVE = str(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else
                           program.ROOT / "build/release/symwave").resolve())
GONE = 4194305  # no process has this number: the largest is 4194304


def status(state, **keys):
    now = time.time()
    return {"job": "train", "state": state, "phase": "iris", "done": 12, "total": 48, "unit": "epoch",
            "rate": 2.0, "step_at": now, "part": "", "part_at": 0, "seconds": 6.0, "restarts": 1,
            "checkpoint": "", "checkpoint_at": 0, "started_at": now, "written_at": now,
            "pid": os.getpid(), "host": os.uname().nodename, **keys}


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")

    def ask(self, *options, **keys):
        done = subprocess.run([SYMWAVE, "status", self.folder, *options], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
                              env=program.environment(), **keys)
        return done.returncode, done.stdout

    def runs(self, **keys):
        code, said = self.ask("--json", **keys)
        self.assertEqual(code, 0, said)
        runs = json.loads(said)
        return {str(pathlib.Path(run["path"]).relative_to(self.folder)): run
                for run in runs["runs"]}, runs

    def all_states(self):
        self.write("a/done/status.json", status("done", restarts=2))
        self.write("a/half/status.json", status("done"))
        self.write("a/half/summary.json", {"complete": False, "failed_parts": ["the report"]})
        self.write("a/b/at_work/running/status.json", status("running"))
        self.write("a/b/at_work/status.json", status("done"))  # of an earlier run
        self.write("sweep/member_0002/failure.txt", "deck.yaml:3: grid.cel is not a known key")
        self.write("sweep/member_0002/log.txt", "")
        self.write("killed/running/status.json", status("running", pid=GONE))
        self.write("far/running/status.json",
                   status("running", host="elsewhere", written_at=time.time() - 600))
        self.write("stopped/running/status.json", status("stopped by SIGUSR1"))
        self.write("member_2/running/status.json", status("failed: no space\nleft on the device"))
        self.write("member_10/status.json", "{\"state\": ")
        self.write("member_11/status.json", "[1]")
        self.write("new/job.sbatch", "")
        self.write("refused/job.sbatch", "")
        self.write("refused/job.log", "job 7: begins on node0\nerror: deck.yaml:3: no such key\n"
                   "2026 job 7: failed with exit code 1; go on\n")
        self.write("no_run/results.txt", "mine")
        (self.folder / "loop").symlink_to(self.folder)

    def test_every_state(self):
        self.all_states()
        runs, all_of_them = self.runs()
        expected = {"a/done": "done", "a/half": "incomplete", "a/b/at_work": "running",
                    "killed": "dead", "far": "silent", "stopped": "stopped", "member_2": "failed",
                    "member_10": "unreadable", "member_11": "unreadable", "new": "queued",
                    "refused": "failed", "sweep/member_0002": "failed"}
        self.assertEqual({path: run["state"] for path, run in runs.items()}, expected)
        self.assertEqual(runs["refused"]["remark"], "deck.yaml:3: no such key")
        self.assertIn("grid.cel", runs["sweep/member_0002"]["remark"])
        self.assertEqual(runs["member_2"]["remark"], "no space left on the device")
        self.assertEqual(runs["a/half"]["remark"], "the report")
        self.assertEqual(runs["a/b/at_work"]["seconds_left"], 18.0)
        self.assertIsNone(runs["killed"]["seconds_left"])
        self.assertEqual(all_of_them["states"]["unreadable"], 2)
        self.assertEqual(all_of_them["restarts"], 2 + 6)

    def test_table(self):
        self.all_states()
        code, said = self.ask()
        self.assertEqual(code, 0, said)
        lines = said.splitlines()
        self.assertEqual(len(lines), 1 + 12 + 1, said)
        column = lines[0].index("state")
        for line in lines[1:-1]:
            self.assertEqual((line[column - 1], line[column] == " "), (" ", False), said)
        self.assertRegex(said, r"a/b/at_work +running +iris, 12/48 epochs +1 +18 s\n")
        self.assertLess(said.index("member_2 "), said.index("member_10 "))
        self.assertRegex(lines[-1], r"12 in all: 1 dead, .*2 unreadable; ran .*restarts: 8; "
                         r"the longest phase at work has 18 s left")

    def test_long_remarks_and_estimates(self):
        reason = f"deck.yaml:3: {'long ' * 20}reason"
        for number in range(12):
            self.write(f"member_{number:04}/failure.txt", reason)
        self.write("run/running/status.json", status("running", total_is="about"))
        code, said = self.ask()
        self.assertEqual(code, 0, said)
        self.assertEqual(said.count(f"{self.folder}/member_0009: {reason}\n"), 1)
        self.assertEqual(said.count(reason), 10)
        self.assertIn("2 more long remarks: --json has them\n", said)
        self.assertRegex(said, r"run +running +iris, 12 of about 48 epochs +1 +18 s\n")

    @unittest.skipUnless(os.geteuid() == 0, "nothing is forbidden to oneself")
    def test_forbidden_folders(self):
        self.write("fine/status.json", status("done"))
        self.write("closed/status.json", status("done"))
        self.write("half/running/status.json", status("running"))
        self.write("half/status.json", status("done"))
        self.write("file/status.json", status("done"))
        self.folder.chmod(0o755)
        for path in ("closed", "half/running", "file/status.json"):
            (self.folder / path).chmod(0)
        runs, _ = self.runs(user=65534, cwd="/")
        self.assertEqual({path: run["state"] for path, run in runs.items()},
                         {"fine": "done", "closed": "unreadable", "half": "unreadable",
                          "file": "unreadable"})
        self.assertEqual(runs["closed"]["remark"], "Permission denied")

    def test_many_runs_are_quick(self):
        for number in range(1000):
            self.write(f"group_{number % 10}/member_{number}/status.json", status("done"))
        begin = time.monotonic()
        _, runs = self.runs()
        self.assertEqual(runs["states"], {"done": 1000})
        self.assertLess(time.monotonic() - begin, 10)  # 0.3 s on a machine that does nothing else

    def test_no_run(self):
        self.write("below/notes.txt", "")
        code, said = self.ask()
        self.assertEqual((code, said.count("error: ")), (1, 1), said)
        self.assertIn("there is no status.json in this folder or below", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
