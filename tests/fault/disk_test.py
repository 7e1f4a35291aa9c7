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

import fault_decks
import kill_decks
import outcome
import program

WHOLE = "--whole" in sys.argv and not sys.argv.remove("--whole")
SYMWAVE = sys.argv.pop(1)
NAMESPACE = "SYMWAVE_MOUNT_NAMESPACE"
LIMIT = 60  # s of one run
STOPPED = 75
INCOMPLETE = 3
PAGES = 24 << 10  # bytes: small files, which take a page each
LARGE = 64 << 20  # bytes: room for all

KINDS = (["2D dipole", "wavelengths", "currents", "chip", "bench", "focus"] if WHOLE
         else ["2D dipole"])
FULL = re.compile(r"[Nn]o space left|disk is full|cannot be written")


def enter_namespace():
    """Starts this script again in a mount namespace of its own, where that is allowed."""
    if NAMESPACE in os.environ:
        return
    own = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]
    if subprocess.run([*own, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                      capture_output=True).returncode == 0:
        os.environ[NAMESPACE] = "1"
        arguments = [sys.executable, sys.argv[0], SYMWAVE, *sys.argv[1:], *["--whole"] * WHOLE]
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


def leave_results(out):
    """Files of an earlier run, which must outlive a failed one."""
    out.mkdir(parents=True)
    (out / "results.h5").write_bytes(b"earlier")
    (out / "summary.json").write_bytes(b"{}")
    return read_results(out)


def read_results(out):
    return [(out / name).read_bytes() for name in ("results.h5", "summary.json")]


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
        # A fast machine is done within a fifth of a second.
        cls.decks["2D dipole"] += program.settings(output__fields="true",
                                                   output__checkpoint__every="0.02s")

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
            self.unmount()

    def unmount(self):
        for _ in range(100):
            if subprocess.run(["umount", self.disk], check=False,
                              capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.disk} is still in use")

    def undisturbed(self, kind):
        """Results and sizes: of the largest checkpoint, of results, of fields."""
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

    def go_on(self, kind, found, ranks, out):
        """With room enough, to the results of the undisturbed run."""
        more = ["--resume"] if checkpoints(out) else []
        code, said = run(ranks, *self.job(kind, out, *more, "--no-report"))
        self.assertEqual(code, 0, said)
        largest, where = outcome.difference(outcome.everything(out), found, ranks == 2)
        self.assertLessEqual(largest, 0 if ranks == 2 else 1e-6, where)

    def levels(self, sizes):
        """(what is being written when the disk is full, bytes of the disk, further options)."""
        checkpoint, results = sizes["checkpoint"], sizes["results"]
        fields = sizes.get("field", 0)
        if WHOLE:
            yield "first checkpoint", checkpoint // 2, ["--no-report"]
            yield "third checkpoint", 5 * checkpoint // 2, ["--no-report"]
        yield "second checkpoint", 3 * checkpoint // 2, ["--no-report"]
        never = program.settings(output__checkpoint__every="1h")
        yield "results", results // 2, [*never, "--no-report"]
        if fields:
            yield "fields", results + fields // 2 + PAGES, [*never, "--no-report"]

    def fill(self, kind, found, level, size, ranks, options):
        with self.disk_of(size):
            out = self.disk / "out"
            earlier = leave_results(out)
            code, said = run(ranks, *self.job(kind, out, *options))
            print(f"{kind} on {ranks}, disk full at {level} ({size} B): exit {code}", flush=True)
            self.one_sentence(code, said, FULL)
            self.nothing_left_over(out)
            if code == 1:
                self.assertEqual(earlier, read_results(out))
            self.whole(checkpoints(out))
            self.assertTrue(mount("-o", f"remount,size={LARGE}", self.disk))
            self.go_on(kind, found, ranks, out)

    def test_a_full_disk(self):
        for kind in KINDS:
            found, sizes = self.undisturbed(kind)
            for level, size, options in self.levels(sizes):
                for ranks in (1, 2) if WHOLE else (2,):
                    with self.subTest(kind=kind, level=level, ranks=ranks):
                        self.fill(kind, found, level, size, ranks, options)

    def test_results_on_disks_of_any_size(self):
        """Wherever it gets full, all ranks come to their end."""
        deck = [*fault_decks.WAVEGUIDE, "--no-report"]
        sizes = [*range(1 << 17, 1 << 19, 1 << 15), *range(1 << 20, 1 << 21, 1 << 16)]
        for size in sizes if WHOLE else sizes[1::5]:
            for ranks in (2, 3) if WHOLE else (2,):
                with self.subTest(size=size, ranks=ranks), self.disk_of(size):
                    code, said = run(ranks, "run", *deck, "--output", self.disk / "out")
                    print(f"waveguide on {ranks}, disk of {size} B: exit {code}", flush=True)
                    self.assertIn(code, (0, INCOMPLETE), said)
                    status = run(1, "status", self.disk / "out")[1]
                    self.assertIn("but parts of it failed" if code else "simulate: done\n", status)

    def test_a_folder_that_cannot_be_written(self):
        with self.disk_of(LARGE):
            leave_results(self.disk / "out")
            self.assertTrue(mount("-o", "remount,ro", self.disk))
            for ranks, out in ((1, self.disk / "new"), (2, self.disk / "out")):
                code, said = run(ranks, *self.job("2D dipole", out))
                self.one_sentence(code, said, f"{out}.*([Rr]ead-only|cannot be written)")

    def test_a_disk_that_becomes_read_only(self):
        for kind in KINDS:
            for ranks in (1, 2) if WHOLE else (2,):
                for early in (False, True) if WHOLE or kind == KINDS[0] else (False,):
                    with self.subTest(kind=kind, ranks=ranks, early=early), self.disk_of(LARGE):
                        self.read_only(kind, ranks, early)

    def read_only(self, kind, ranks, early):
        """Before or after the first checkpoint, in a moment when no file is open."""
        out = self.disk / "out"
        earlier = leave_results(out)
        process = subprocess.Popen(
            program.command(SYMWAVE, ranks, *self.job(kind, out, "--no-report")), cwd=program.ROOT,
            env=program.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        ready = (out / "running/status.json").exists if early else lambda: checkpoints(out)
        while not ready() and process.poll() is None:
            time.sleep(0.01)
        done = False
        while not done and process.poll() is None:
            done = mount("-o", "remount,ro", self.disk)
        said = process.communicate(timeout=LIMIT)[0]
        print(f"{kind} on {ranks}, read-only: exit {process.returncode}", flush=True)
        if not done:
            self.skipTest("the run ended before the disk could become read-only")
        self.one_sentence(process.returncode, said, "[Rr]ead-only|cannot be written")
        self.assertNotIn("removed from an earlier run", said)
        self.assertTrue(mount("-o", "remount,rw", self.disk))
        self.assertEqual(earlier, read_results(out))
        self.assertTrue(early or checkpoints(out))
        self.whole(checkpoints(out))

    def test_no_place_for_the_last_file(self):
        """The results are whole when the disk is full, or read-only: they stay where they are."""
        def fill():
            with contextlib.suppress(OSError), open(self.disk / "filler", "wb", 0) as file:
                while True:
                    file.write(bytes(4096))

        def lock():
            self.assertTrue(mount("-o", "remount,ro", self.disk))

        for place, spoil, pattern in (("list", fill, FULL), ("commit", lock, "[Rr]ead-only")):
            with self.subTest(place=place), self.disk_of(LARGE):
                self.end_badly(place, spoil, pattern)

    def end_badly(self, place, spoil, pattern):
        out = self.disk / "out"
        earlier = leave_results(out)
        process = subprocess.Popen(
            program.command(SYMWAVE, 2, *self.job("2D dipole", out)), cwd=program.ROOT,
            env={**program.environment(), "SYMWAVE_TEST_DELAY": f"results.{place}:2"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        status, files = out / "running/status.json", out / "running/files.txt"
        while process.poll() is None and not (
                files.exists() if place == "commit" else
                status.exists() and '"state": "done"' in status.read_text(encoding="utf-8")):
            time.sleep(0.02)
        spoil()
        said = process.communicate(timeout=LIMIT)[0]
        self.one_sentence(process.returncode, said, pattern)
        self.assertEqual(process.returncode, INCOMPLETE, said)
        self.assertIn(f"{out}/running", said)
        self.assertEqual(earlier, read_results(out))
        self.whole([out / "running/results.h5"])
        if place == "commit":  # the next run in the folder finds it complete
            self.assertTrue(mount("-o", "remount,rw", self.disk))
            code, said = run(1, *self.job("2D dipole", out, "--resume"))
            self.assertEqual(code, 0, said)
            self.assertIn("this run has ended", said)
            self.whole([out / "results.h5"])


class DamagedFiles(DiskTest):
    """Checkpoints and results that are cut off or have a wrong bit."""

    def stopped(self, kind, ranks=2):
        """The folder of a run that was killed at its end, with all its checkpoints."""
        out = self.folder / "stopped"
        shutil.rmtree(out, ignore_errors=True)
        run(ranks, *self.job(kind, out, "--no-report"),
            environment={"SYMWAVE_TEST_FAULT": "results/finish:0:1:kill"})
        self.assertTrue(checkpoints(out), "it has written no checkpoint")
        return out

    def damages(self, content):
        """(what, content): lengths, and a wrong bit in every part of the file."""
        size = len(content)
        for length in (0, 7, 100, size // 2, size - 1) if WHOLE else (size // 2,):
            yield f"cut off after {length} of {size} bytes", content[:length]
        parts = 12 if WHOLE else 2
        places = [9, *(size * (2 * part + 1) // (2 * parts) for part in range(parts))]
        for place in places:
            damaged = bytearray(content)
            damaged[place] ^= 0x10
            yield f"wrong bit at {place} of {size}", bytes(damaged)

    def test_checkpoints(self):
        for kind in KINDS if WHOLE else KINDS[:1]:
            found = self.undisturbed(kind)
            stopped = self.stopped(kind)
            newest = checkpoints(stopped)[-1]
            intact = newest.read_bytes()
            for what, content in self.damages(intact):
                with self.subTest(kind=kind, damage=what):
                    newest.write_bytes(content)
                    self.resume_damaged(kind, found, stopped, newest, what)
            newest.write_bytes(intact)
            for path in checkpoints(stopped):
                path.write_bytes(path.read_bytes()[:-100])
            code, said = run(2, *self.job(kind, stopped, "--resume", "--no-report"))
            self.one_sentence(code, said, "whole|damaged")

    def undisturbed(self, kind):
        out = self.folder / "undisturbed"
        shutil.rmtree(out, ignore_errors=True)
        code, said = run(2, *self.job(kind, out, "--no-report"))
        self.assertEqual(code, 0, said)
        return outcome.everything(out)

    def resume_damaged(self, kind, found, stopped, newest, what):
        """A damaged checkpoint is reported, and the run goes on from the one before it; a bit that
        nothing reads leaves it whole."""
        code, said = run(1, "info", "--verify", newest)
        print(f"{kind}, {what}: info --verify {code}", flush=True)
        self.assertIn(code, (0, 1), said)
        if code == 1:
            self.assertEqual(sum(newest.name in line for line in said.splitlines()), 1, said)
        out = self.folder / "resumed"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(stopped, out)
        resumed, text = run(2, *self.job(kind, out, "--resume", "--no-report"))
        if code == 1 and len(checkpoints(stopped)) < 2:
            return self.one_sentence(resumed, text, newest.name + "|whole")
        self.assertEqual(resumed, 0, text)
        if code == 1:
            self.assertRegex(text, f"(?m)^warning: .*{newest.name}.*before it")
        largest, where = outcome.difference(outcome.everything(out), found, True)
        self.assertEqual(largest, 0, where)

    def test_results(self):
        out = self.folder / "results"
        code, said = run(2, *self.job("2D dipole", out, "--no-report"))
        self.assertEqual(code, 0, said)
        path = out / "results.h5"
        intact = path.read_bytes()
        for length in (0, 1000, len(intact) // 2, len(intact) * 9 // 10):
            path.write_bytes(intact[:length])
            for command, target in (("info", path), ("report", out)):
                arguments = [command, *(["--verify"] if command == "info" else []), target]
                code, said = run(1 if length else 2, *arguments)
                self.assertEqual(code, 1, said)
                self.assertEqual(sum("results.h5" in line for line in said.splitlines()), 1, said)
                self.assertNotIn("Traceback", said)


if __name__ == "__main__":
    enter_namespace()
    unittest.main(verbosity=2)
