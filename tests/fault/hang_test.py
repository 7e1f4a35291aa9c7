"""hang_test.py SYMWAVE [--whole] [--decks=focus,hidden]: one rank fails, at many points of every job
kind; all ranks end within 10 s with one message, and nothing of the job is left. Without --whole: a
choice of points; --decks: those of fault_decks.POINTS alone."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import fault_decks
import program

SYMWAVE = sys.argv.pop(1)
WHOLE = "--whole" in sys.argv and not sys.argv.remove("--whole")
DECKS = list(fault_decks.POINTS)
if sys.argv[1:] and sys.argv[1].startswith("--decks="):
    DECKS = sys.argv.pop(1).partition("=")[2].split(",")
LIMIT = 10  # s from the fault to the end of the job
KINDS = ("user", "memory", "internal", "exception")

# Of each job kind, inside and outside of what ranks do together, and with a file open.
SHORT = {"frequency": ("frequency_domain/factor", "results/write"),
         "ports": ("time_domain/block",), "sources": ("time_domain/halo", "monitors/fluxes"),
         "chip": ("chip/program", "checkpoint/write"), "chip_time": ("time_domain/step",),
         "bench": ("bench/camera",), "bench_resumed": ("checkpoint/read",),
         "focus": ("spots/learn",), "hidden": ("hidden/results",)}


def shared_memory():
    """Files in /dev/shm that no process holds."""
    held = ""
    for process in pathlib.Path("/proc").glob("[0-9]*/maps"):
        try:
            held += process.read_text(encoding="utf-8", errors="replace")
        except OSError:
            pass
    return {name for name in os.listdir("/dev/shm") if name not in held}


def processes(folder):
    """Of all runs that write into `folder`."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if os.fsencode(folder) in process.read_bytes():
                found.append(process.parent.name)
        except OSError:
            pass
    return found


class Job:
    """A run under mpirun, with what it says and when."""

    def __init__(self, ranks, fault, *arguments):
        environment = {**program.environment(), "PYTHONPATH": os.devnull}
        if fault:
            environment["SYMWAVE_TEST_FAULT"] = fault
        self.said = []  # (seconds, line)
        # A group of its own, which can be ended as a whole.
        self.process = subprocess.Popen(
            program.command(SYMWAVE, ranks, "run", *arguments), cwd=program.ROOT, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self):
        for line in self.process.stdout:
            self.said.append((time.monotonic(), line.rstrip("\n")))

    def wait_for(self, pattern, timeout=120):
        """The time at which a line said so; None when the run has ended without it."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for when, line in list(self.said):
                if re.search(pattern, line):
                    return when
            if self.process.poll() is not None and not self.listener.is_alive():
                return None
            time.sleep(0.02)
        return None

    def end(self, seconds):
        """The exit code, None where the job had to be ended."""
        try:
            return self.process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return None
        finally:
            self.listener.join(5)
            self.process.stdout.close()

    def text(self):
        return "\n".join(line for _, line in self.said)

    def errors(self):
        return [line for _, line in self.said if line.startswith("error: ")]


class Hangs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "disc.yaml").write_text(fault_decks.DISC, encoding="utf-8")
        for share in (1, 2):
            (cls.folder / f"bench{share}.yaml").write_text(fault_decks.bench_deck(share),
                                                           encoding="utf-8")
        cls.numbers = itertools.count()
        cls.kinds = itertools.cycle(KINDS)
        cls.before = shared_memory()

    def deck(self, name, ranks):
        slow = program.settings(solver__method="time_domain", solver__stop__max_time="110um",
                                wavelength="1.55um")
        return {"frequency": fault_decks.WAVEGUIDE,
                "ports": [*fault_decks.WAVEGUIDE, *slow],
                "sources": [self.folder / "disc.yaml"],
                "chip": ["inputs/iris_chip.yaml", *fault_decks.CHIP],
                "chip_time": ["inputs/iris_chip.yaml", *fault_decks.CHIP,
                              *program.settings(solver__method="time_domain")],
                "bench": [self.folder / f"bench{min(ranks, 2)}.yaml"],
                "bench_resumed": [self.folder / f"bench{min(ranks, 2)}.yaml"],
                "focus": fault_decks.FOCUS,
                "hidden": fault_decks.HIDDEN}[name]

    def judge(self, name, job, code, reached, wanted):
        """What every job must show that ended because of one rank."""
        self.assertIsNotNone(reached, f"{name}: the point was not reached:\n{job.text()}")
        self.assertIsNotNone(code, f"{name}: still running after {LIMIT} s:\n{job.text()}")
        if code == 0 and wanted:  # all ranks agree that a checkpoint cannot be written
            self.assertRegex(job.text(), f"(?m)^warning: .*{wanted}.*without this checkpoint", name)
            return
        self.assertNotEqual(code, 0, f"{name}:\n{job.text()}")
        errors = job.errors()
        if code == 3 and not errors:  # behind the last step, agreed on by all ranks
            self.assertRegex(job.text(), f"(?m)^warning: .*{wanted}", name)
            return
        self.assertEqual(len(errors), 1 if wanted else 0, f"{name}:\n{job.text()}")
        if wanted:
            self.assertRegex(errors[0], wanted, name)

    def inject(self, deck, ranks, fault, wanted):
        name = f"{deck} on {ranks} ranks, {fault}"
        out = self.folder / f"out{next(self.numbers)}"
        arguments = [*self.deck(deck, ranks), "--no-report", "--output", out]
        if fault.startswith("report:"):
            arguments.remove("--no-report")
        if deck == "bench_resumed":
            program.run(SYMWAVE, ranks, "run", *arguments)
            arguments += ["--resume", *program.settings(training__epochs=fault_decks.MORE_EPOCHS)]
        start = time.monotonic()
        job = Job(ranks, fault, *arguments)
        reached = job.wait_for("^fault point ")
        code = job.end(LIMIT - (time.monotonic() - (reached or 0)) if reached else 1)
        end = time.monotonic()
        print(f"{name}: {(reached or end) - start:.1f} s, then {end - (reached or end):.1f} s, "
              f"exit {code}", flush=True)
        self.judge(name, job, code, reached, wanted)
        if reached and code == 1 and wanted and not fault.endswith(":exit"):
            self.assertRegex(self.state(out), "^failed: ", name)
        for _ in range(50):
            if not processes(out):
                break
            time.sleep(0.1)
        self.assertEqual(processes(out), [], name)

    def state(self, out):
        """What the status of a run says that has failed; nothing of it is left where all ranks
        failed alike."""
        status = out / "running" / "status.json"
        return json.loads(status.read_text("utf-8"))["state"] if status.exists() else "failed: "

    def cases(self, deck, points, ranks_and_places):
        """(deck, ranks, fault, wanted) of every point, on every number and place of ranks."""
        for (point, count), (ranks, last) in itertools.product(points, ranks_and_places):
            if ranks == 1 and point in ("time_domain/halo", "diffraction/transpose"):
                continue
            rank = ranks - 1 if last else 0
            kind = next(self.kinds)
            wanted = "out of memory" if kind == "memory" else f"fault at {point} on rank {rank}"
            yield deck, ranks, f"{point}:{rank}:{count}:{kind}", wanted

    def inject_all(self, cases):
        """Two at a time, as failed ranks wait more than they work."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [(case, pool.submit(self.inject, *case)) for case in cases]
        for case, run in runs:
            with self.subTest(case=case):
                run.result()

    def test_failures_of_one_rank(self):
        cases = []
        for deck in DECKS:
            points = fault_decks.POINTS[deck]
            if WHOLE:
                cases += self.cases(deck, points.items(),
                                    ((1, False), (2, False), (2, True), (4, False), (4, True)))
            else:
                chosen = [(point, points[point]) for point in SHORT[deck]]
                cases += self.cases(deck, chosen, ((2, True),))
        self.inject_all(cases)

    def test_a_rank_that_vanishes(self):
        cases = []
        for ranks in (2, 4) if WHOLE else (2,):
            cases.append(("chip", ranks, f"chip/transmit:{ranks - 1}:2:kill", ""))
            cases.append(("sources", ranks, f"results/write:{ranks - 1}:3:exit", "call of exit"))
        self.inject_all(cases)

    def test_a_cell_that_one_rank_holds(self):
        out = self.folder / "holes"
        for ranks in (1, 2, 4) if WHOLE else (2,):
            job = Job(ranks, None, *fault_decks.HOLES, "--no-report", "--output", out)
            code = job.end(60)
            self.assertEqual(code, 1, job.text())
            self.assertEqual(len(job.errors()), 1, job.text())
            self.assertIn("a cell of the layout has eps", job.errors()[0])

    def test_every_point_of_the_sources_is_here(self):
        points = set()
        for folder in ("domain", "solvers", "io", "training", "postproc", "jobs"):
            for path in (program.ROOT / folder).rglob("*.cpp"):
                points |= set(re.findall(r'base::FaultPoint\("([^"]+)"\)',
                                         path.read_text(encoding="utf-8")))
        tested = set(itertools.chain.from_iterable(fault_decks.POINTS.values()))
        self.assertEqual(points - tested, set())
        self.assertEqual(tested - points, set())
        self.assertGreaterEqual(len(tested), 30)

    def test_z_nothing_is_left_in_shared_memory(self):
        left = shared_memory() - self.before
        time.sleep(1)  # a file may be new and its owner alive
        self.assertEqual(left & shared_memory(), set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
