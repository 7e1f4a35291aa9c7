#!/usr/bin/python3
"""Runs of every job kind are killed or stopped at random moments and resumed until they are complete:
their results are those of the run that nothing disturbed.

    kill_test.py SYMWAVE [--kills 10] [--inside 2] [--most 1] [--seed 1] [--kinds KIND,KIND]

One rank ends by SIGKILL, at a random moment or inside the writing of a checkpoint; some runs get a
SIGTERM instead and leave with exit code 75. The next run resumes, may be killed again, and has
another number of ranks in some cases. Every time: all ranks end, the results of an earlier run in
the folder stay as they are, every checkpoint is whole, and --resume goes on from one, or says that
none has been written. In the end numbers are equal bit for bit where all runs had as many ranks as
the undisturbed one and no two of them share a factorization, and to rounding elsewhere. Prints a
table.
"""
import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import kill_decks
import outcome
import program

STOPPED = 75
ENDS = 30  # s from the death of a rank to the end of the job
PLACES = ("header", "write", "verify", "rename", "remove")
ENDING = ("list", "commit", "move")  # of a run that moves its files into their places
DELAY = 0.6  # s at each of the places
# Ranks of the interrupted runs and of the last one.
RANKS = ((2, 2), (2, 2), (2, 2), (2, 1), (2, 4), (4, 3))
EVEN = ((2, 2), (2, 2), (2, 4), (4, 2))  # where two ranks share a plane
SHARED_ROUNDING = 1e-8  # of what ranks factorize together; 5e-10 has been seen
WRITING = "checkpoint*.h5.tmp"
NO_CHECKPOINT = "there is no checkpoint in this folder"


class Failure(Exception):
    """What a run did that it must not do."""


def require(holds, sentence):
    if not holds:
        raise Failure(sentence)


class Run:
    """A run under mpirun in a group of processes of its own."""

    def __init__(self, options, ranks, arguments, out, environment=None):
        self.out, self.said = out, out.parent / "said"
        self.begin = time.time()
        with open(self.said, "wb") as said:
            self.process = subprocess.Popen(
                program.command(options.symwave, ranks, "run", *arguments, "--output", out,
                                "--no-report"),
                cwd=program.ROOT, env={**program.environment(), **(environment or {})},
                stdout=said, stderr=subprocess.STDOUT, start_new_session=True)

    def ranks(self):
        """Process ids of the ranks that are alive."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        try:
            return [int(pid) for pid in pathlib.Path(children).read_text("ascii").split()]
        except OSError:
            return []

    def wrote(self, pattern):
        """Whether there is a file that an earlier run has not left."""
        for path in (self.out / "running").glob(pattern):
            try:
                if path.stat().st_mtime >= self.begin:
                    return True
            except FileNotFoundError:
                pass
        return False

    def ended(self):
        return self.process.poll() is not None

    def wait_until(self, holds, seconds=120):
        """False where the run ends before."""
        end = time.monotonic() + seconds
        while not holds():
            if self.ended():
                return False
            require(time.monotonic() < end, f"waited {seconds} s in vain: {self.text()[-2000:]}")
            time.sleep(0.004)
        return True

    def end(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise Failure(f"still running after {seconds} s: {self.text()[-2000:]}") from None

    def text(self):
        return self.said.read_text("utf-8", errors="replace")


class Kind:
    """Of the table, and what the undisturbed run was."""

    def __init__(self, name, arguments, seconds, whole):
        self.arguments, self.seconds = arguments, seconds
        self.even = "shared" in name
        self.shared_factors = name in kill_decks.SHARED_FACTORS
        self.whole = whole
        self.counts = collections.Counter()
        self.largest = {"same": 0.0, "other": 0.0}


def read(path):
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""


def checkpoints(out):
    return sorted((out / "running").glob("checkpoint*.h5"))


class Case:
    """One output folder, from the first run to the complete one."""

    def __init__(self, options, kind, draw, folder):
        self.options, self.kind, self.draw = options, kind, draw
        self.out = folder / "out"
        self.out.mkdir()
        # The results of an earlier run, which must outlive all that happens to this one.
        self.earlier = {"results.h5": draw.randbytes(1000), "summary.json": b'{"earlier": true}\n'}
        for name, content in self.earlier.items():
            (self.out / name).write_bytes(content)
        self.resume = self.had_checkpoint = False
        self.told = []

    def complete(self):
        """Whether its results are in place, the summary last."""
        return all((self.out / name).read_bytes() != content
                   for name, content in self.earlier.items())

    def start(self, ranks, environment=None):
        more = ["--resume"] if self.resume else []
        self.kind.counts["resumes"] += self.resume
        return Run(self.options, ranks, [*self.kind.arguments, *more], self.out, environment)

    def quick(self, *arguments):
        """A command on as few ranks as the kind can have: exit code and text."""
        done = subprocess.run(program.command(self.options.symwave, 2 if self.kind.even else 1,
                                              *arguments),
                              cwd=program.ROOT, env=program.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        return done.returncode, done.stdout

    def kill(self, ranks):
        """At a random moment; False where the run ended before."""
        run = self.start(ranks)
        end = time.monotonic() + self.draw.uniform(0.05, 1.0) * self.kind.seconds
        self.told.append(f"kill on {ranks}")
        run.wait_until(lambda: time.monotonic() > end)
        return self.kill_one(run)

    def kill_inside(self, ranks):
        """While a checkpoint is written: the first, second or third of the run."""
        place = self.draw.choice(PLACES)
        self.told.append(f"kill at {place} on {ranks}")
        run = self.start(ranks, {"SYMWAVE_TEST_DELAY": f"checkpoint.{place}:{DELAY}"})
        number = self.draw.choice((1, 1, 2, 3))
        for k in range(number):
            run.wait_until(lambda: run.wrote(WRITING))
            if k + 1 < number or place == "remove":
                run.wait_until(lambda: not run.wrote(WRITING))
        time.sleep(self.draw.uniform(0, 0.8 * DELAY))
        killed = self.kill_one(run)
        # Behind the new name, the time alone tells.
        if killed and (place == "remove" or run.wrote(WRITING)):
            self.kind.counts["inside"] += 1
        return killed

    def kill_ending(self, ranks):
        """While the files of a complete run are moved into their places."""
        place = self.draw.choice(ENDING)
        self.told.append(f"kill at the end, {place}, on {ranks}")
        run = self.start(ranks, {"SYMWAVE_TEST_DELAY": f"results.{place}:{DELAY}"})
        status = self.out / (".complete" if place == "move" else "running") / "status.json"
        run.wait_until(lambda: '"state": "done"' in read(status))
        time.sleep(self.draw.uniform(0, 0.8 * DELAY))
        killed = self.kill_one(run)
        self.kind.counts["ending"] += killed
        return killed

    def kill_one(self, run):
        """False where the run had ended."""
        pids = run.ranks()
        if pids and not run.ended():
            os.kill(self.draw.choice(pids), signal.SIGKILL)
        code = run.end(ENDS)
        require(code in (0, 137), f"exit code {code}: {run.text()[-2000:]}")
        self.kind.counts["kills"] += code != 0
        return code != 0

    def terminate(self, ranks):
        """As a scheduler does, on all ranks at a time or, by chance, on one."""
        self.told.append(f"SIGTERM on {ranks}")
        run = self.start(ranks)
        # Before that it has nothing that could be kept.
        run.wait_until(lambda: run.wrote("status.json"))
        wait = time.monotonic() + self.draw.uniform(0, 0.6) * self.kind.seconds
        run.wait_until(lambda: time.monotonic() > wait)
        pids = run.ranks()
        for pid in pids if self.draw.random() < 0.5 else self.draw.sample(pids, min(1, len(pids))):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        code = run.end(ENDS)
        if code == 128 + signal.SIGTERM and self.complete():
            return False  # it had nothing more to do
        require(code in (0, STOPPED), f"exit code {code}: {run.text()[-2000:]}")
        if code == 0:
            return False
        self.kind.counts["stops"] += 1
        require("stopped by SIGTERM; go on with" in run.text(), run.text()[-2000:])
        require(checkpoints(self.out), "no checkpoint, but exit code 75")
        return True

    def judge_folder(self):
        """After an interruption; whether the run goes on from a checkpoint."""
        if not self.complete() and not (self.out / ".complete").exists():
            for name, content in self.earlier.items():
                require((self.out / name).read_bytes() == content, f"the earlier {name} is lost")
        if checkpoints(self.out):
            code, said = self.quick("info", "--verify", self.out / "running")
            require(code == 0, f"not whole: {said}")
            code, said = self.quick("status", self.out)
            require(code == 0 and said, f"status: {said}")
            self.had_checkpoint = True
            return True
        code, said = self.quick("run", *self.kind.arguments, "--output", self.out, "--no-report",
                                "--resume")
        # A run that was killed while its files were moved is complete now.
        complete = self.complete()
        require(code == 1 and NO_CHECKPOINT in said or code == 0 and complete,
                f"exit code {code}: {said[-2000:]}")
        require(complete or not self.had_checkpoint, "its checkpoints are lost")
        self.kind.counts["none"] += not complete
        return False

    def play(self):
        """Interruptions and the last run; then its results."""
        ranks, last = self.draw.choice(EVEN if self.kind.even else RANKS)
        for _ in range(self.draw.randint(1, self.options.most)):
            draw = self.draw.random()
            how = (self.kill_inside if draw < self.options.inside_share else
                   self.terminate if draw > 0.88 else
                   self.kill_ending if draw > 0.8 else self.kill)
            if not how(ranks):
                return self.compare(ranks == 2 and last == 2)
            self.resume = self.judge_folder()
            if self.complete():
                break
        if not self.complete():
            self.told.append(f"{'resumed' if self.resume else 'new'} on {last}")
            run = self.start(last)
            code = run.end(ENDS + 20 * self.kind.seconds)
            require(code == 0, f"exit code {code}: {run.text()[-2000:]}")
            require(not self.resume or "resuming" in run.text(), run.text()[-2000:])
        return self.compare(ranks == last == 2)

    def compare(self, exact):
        """With the undisturbed run: the largest difference."""
        left = [path.name for path in self.out.rglob("*.tmp")]
        require(not left, f"left over: {left}")
        found = outcome.everything(self.out)
        shared = self.kind.shared_factors
        largest, where = outcome.difference(found, self.kind.whole, exact and not shared)
        key = "same" if exact else "other"
        self.kind.largest[key] = max(self.kind.largest[key], largest)
        limit = self.options.tolerance if not exact else SHARED_ROUNDING if shared else 0
        require(largest <= limit, f"{where} differs by {largest:.2g}")


class Session:
    """All cases of a seed, and their table."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.decks = kill_decks.write(folder)
        self.names = options.kinds.split(",") if options.kinds else list(self.decks)
        unknown = set(self.names) - set(self.decks)
        if unknown:
            sys.exit(f"no kind is called {', '.join(sorted(unknown))}; the kinds: "
                     f"{', '.join(self.decks)}")
        self.kinds = {}
        self.failures = 0

    def undisturbed(self, name):
        """Run on 2 ranks."""
        arguments = self.decks[name]
        folder = self.folder / "whole"
        begin = time.monotonic()
        program.run(self.options.symwave, 2, "run", *arguments, "--output", folder, "--no-report")
        kind = Kind(name, arguments, time.monotonic() - begin, outcome.everything(folder))
        shutil.rmtree(folder)
        print(f"{name}: {kind.seconds:.1f} s undisturbed, {len(kind.whole)} results", flush=True)
        return kind

    def total(self, count):
        return sum(kind.counts[count] for kind in self.kinds.values())

    def missing(self):
        """Kills, or kinds that have not had their turn."""
        return (self.total("kills") < self.options.kills or
                self.total("inside") < self.options.inside or len(self.kinds) < len(self.names))

    def case(self, number):
        """The kinds take turns."""
        name = self.names[number % len(self.names)]
        if name not in self.kinds:
            self.kinds[name] = self.undisturbed(name)
        kind = self.kinds[name]
        folder = self.folder / f"case{number}"
        folder.mkdir()
        case = Case(self.options, kind, random.Random(f"{self.options.seed}/{number}"), folder)
        try:
            case.play()
            verdict = "equal"
        except Failure as failure:
            verdict = f"FAILED: {failure}"
            self.failures += 1
            if self.options.keep:
                shutil.copytree(folder, self.options.keep / folder.name, dirs_exist_ok=True)
        shutil.rmtree(folder)
        print(f"case {number}, {name}: {', '.join(case.told)}: {verdict}", flush=True)

    def table(self):
        columns = ("kills", "inside", "ending", "stops", "resumes", "none")
        heads = ("kills", "of these writing a checkpoint", "moving files", "SIGTERM", "resumes", "no checkpoint yet",
                 "largest difference, same ranks", "other ranks")
        lines = ["| job | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
        for name, kind in self.kinds.items():
            cells = [str(kind.counts[column]) for column in columns]
            cells += [f"{kind.largest['same']:.1g}", f"{kind.largest['other']:.1g}"]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        totals = " | ".join(str(self.total(column)) for column in columns)
        return "\n".join([*lines, f"| all | {totals} | | |"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("symwave")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--inside", type=int, default=2, help="of them inside a checkpoint")
    parser.add_argument("--most", type=int, default=1, help="interruptions of one run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="those of kill_decks.py, by commas")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--inside-share", type=float, default=0.3)
    parser.add_argument("--tolerance", type=float, default=1e-6)
    parser.add_argument("--seconds", type=float, default=1e9, help="no new case after these")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the cases that fail")
    options = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="symwave_kill_") as folder:
        session = Session(options, pathlib.Path(folder))
        number = options.first
        while session.missing() and time.monotonic() - begin < options.seconds:
            session.case(number)
            number += 1
    print(session.table())
    print(f"{number - options.first} cases, {session.failures} failed, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if session.failures or session.missing() else 0


if __name__ == "__main__":
    sys.exit(main())
