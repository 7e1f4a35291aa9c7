"""disk_test.py SYMWAVE [--whole]: disks that are full, folders that cannot be written, and damaged
files: one clear sentence, a non-zero exit on all ranks, nothing lost and nothing left over.

Runs in a mount namespace of its own; where that is not allowed, the tests of disks are skipped and
say so. Without --whole: a choice of job kinds and levels."""
import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import kill_decks
import outcome
import program

WHOLE = "--whole" in sys.argv and not sys.argv.remove("--whole")
SYMWAVE = sys.argv.pop(1)
NAMESPACE = "SYMWAVE_MOUNT_NAMESPACE"
LIMIT = 60  # s of one run
STOPPED = 75
INCOMPLETE = 3
LARGE = 64 << 20  # bytes: room for all

KINDS = ["2D dipole", "wavelengths", "chip", "bench", "focus"] if WHOLE else ["2D dipole", "bench"]
FULL = re.compile(r"[Nn]o space left|disk is full|cannot be written")


def enter_namespace():
    """Starts this script again in a mount namespace of its own, where that is allowed."""
    if NAMESPACE in os.environ:
        return
    own = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
    if subprocess.run([*own, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                      capture_output=True).returncode == 0:
        os.environ[NAMESPACE] = "1"
        arguments = [sys.executable, *sys.argv, SYMWAVE] + (["--whole"] if WHOLE else [])
        os.execvp(own[0], [*own, *arguments])


def mount(*arguments):
    return subprocess.run(["mount", *map(str, arguments)], check=False,
                          capture_output=True).returncode == 0


def run(ranks, *arguments, environment=None):
    """`symwave ARGUMENTS`: exit code and text."""
    process = subprocess.Popen(
        program.command(SYMWAVE, ranks, *arguments), cwd=program.ROOT,
        env={**program.environment(), **(environment or {})}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said = process.communicate(timeout=LIMIT)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError(f"hangs: {arguments}\n{process.communicate()[0]}") from None
    return process.returncode, said


def errors(said):
    return [line for line in said.splitlines() if line.startswith("error: ")]


def checkpoints(out):
    return sorted(path for path in out.rglob("checkpoint*.h5"))


class DiskTest(unittest.TestCase):
    """Of the jobs that all tests look at: what they find undisturbed, and their files."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.decks = kill_decks.write(cls.folder)
        cls.decks["2D dipole"] += program.settings(output__fields="true")

    def job(self, kind, out, *options):
        return ["run", *self.decks[kind], *options, "--output", out]

    def one_sentence(self, code, said, pattern):
        """Of a run that failed, or that could not keep all it had found."""
        self.assertIn(code, (1, INCOMPLETE), said)
        self.assertEqual(len(errors(said)), 1 if code == 1 else 0, said)
        self.assertNotIn("internal error", said)
        spoken = "\n".join(line for line in said.splitlines()
                           if line.startswith(("error: ", "warning: ")))
        self.assertRegex(spoken, pattern, said)

    def nothing_left_over(self, out):
        self.assertEqual([str(path) for path in out.rglob("*.tmp")], [])

    def whole(self, paths):
        for path in paths:
            code, said = run(1, "info", "--verify", path)
            self.assertEqual(code, 0, said)


@unittest.skipUnless(NAMESPACE in os.environ, "a tmpfs cannot be mounted here")
class FullDisk(DiskTest):
    """A tmpfs as small as the test wants it."""

    def setUp(self):
        self.disk = self.folder / "disk"
        self.disk.mkdir(exist_ok=True)

    @contextlib.contextmanager
    def disk_of(self, size):
        # A page at least, and whole pages.
        self.assertTrue(mount("-t", "tmpfs", "-o", f"size={max(size, 1 << 14)}", "none", self.disk))
        try:
            yield
        finally:
            for _ in range(100):
                if subprocess.run(["umount", self.disk], check=False,
                                  capture_output=True).returncode == 0:
                    return
                time.sleep(0.1)
            raise AssertionError(f"{self.disk} is still in use")

    def undisturbed(self, kind):
        """Results and sizes: of the largest checkpoint, of results, of fields, of the report."""
        sizes = {}
        with self.disk_of(LARGE):
            out = self.disk / "out"
            code, said = run(2, *self.job(kind, out))
            self.assertEqual(code, 0, said)
            found = outcome.everything(out)
            for path in out.iterdir():
                name = path.name.split("_")[0].split(".")[0]
                sizes[name] = sizes.get(name, 0) + path.stat().st_size
            self.nothing_left_over(out)
        with self.disk_of(LARGE):
            sizes.setdefault("checkpoint", self.checkpoint_size(kind))
        return found, sizes

    def checkpoint_size(self, kind):
        """Of a run that is killed at its end."""
        out = self.disk / "out"
        run(2, *self.job(kind, out, "--no-report"),
            environment={"SYMWAVE_TEST_FAULT": "results/finish:0:1:kill"})
        return max([path.stat().st_size for path in checkpoints(out)], default=0)

    def levels(self, sizes):
        """Bytes of the disk, at which this is written when it is full."""
        checkpoint, results = sizes["checkpoint"], sizes["results"]
        fields, report = sizes.get("field", 0), sizes.get("report", 0)
        yield "first checkpoint", checkpoint // 2
        yield "second checkpoint", 3 * checkpoint // 2
        yield "third checkpoint", 5 * checkpoint // 2
        yield "results", 2 * checkpoint + results // 2
        if fields:
            yield "fields", 2 * checkpoint + results + fields // 2
        if report:
            yield "report", results + fields + report // 2

    def fill(self, kind, found, level, size, ranks):
        with self.disk_of(size):
            out = self.disk / "out"
            often = [] if level in ("first checkpoint", "second checkpoint", "third checkpoint") \
                else []
            code, said = run(ranks, *self.job(kind, out, *often))
            print(f"{kind} on {ranks}, disk full at {level} ({size} B): exit {code}: "
                  f"{(errors(said) or ['no error'])[0]}", flush=True)
            if code == 0:
                return
            self.one_sentence(code, said, FULL)
            self.nothing_left_over(out)
            self.whole(checkpoints(out))
            self.assertTrue(mount("-o", f"remount,size={LARGE}", self.disk))
            more = ["--resume"] if checkpoints(out) else []
            code, said = run(ranks, *self.job(kind, out, *more, "--no-report"))
            self.assertEqual(code, 0, said)
            largest, where = outcome.difference(outcome.everything(out), found, ranks == 2)
            self.assertLessEqual(largest, 0 if ranks == 2 else 1e-6, where)

    def test_a_full_disk(self):
        for kind in KINDS:
            found, sizes = self.undisturbed(kind)
            print(f"{kind}: {sizes}", flush=True)
            for level, size in self.levels(sizes):
                for ranks in (1, 2) if WHOLE else (2,):
                    with self.subTest(kind=kind, level=level, ranks=ranks):
                        self.fill(kind, found, level, size, ranks)


if __name__ == "__main__":
    enter_namespace()
    unittest.main(verbosity=2)
