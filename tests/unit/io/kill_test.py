"""A run killed by SIGKILL at every place in the writing of a checkpoint: kill_test.py MPIEXEC PROBE.

What is found afterwards is whole, and it is the newest that has its name."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

MPIEXEC, PROBE = sys.argv[1:3]
PLACES = {"checkpoint.header": "tmp", "checkpoint.write": "tmp", "checkpoint.verify": "tmp",
          "checkpoint.rename": "tmp", "checkpoint.remove": "named"}


def command(ranks, folder, *arguments):
    return [MPIEXEC, "--oversubscribe", "-n", str(ranks), PROBE, str(folder), *arguments]


def probes_of(parent):
    """Process ids of the ranks that this mpiexec has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children]


def killed_at(place, state):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = subprocess.Popen(command(2, folder, "save", place), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        third = folder / ("checkpoint_000003.h5" + (".tmp" if state == "tmp" else ""))
        end = time.monotonic() + 60
        while not third.exists() and run.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.4)
        reached = third.exists()
        os.kill(probes_of(run.pid)[1], signal.SIGKILL)
        code = run.wait(timeout=60)
        newest = max(int(re.search(r"\d+", p.name)[0]) for p in folder.glob("checkpoint_*.h5"))
        found = [subprocess.run([PROBE, str(folder), "check"], capture_output=True, text=True,
                                timeout=60)]
        good = reached and code != 0 and newest == (2 if state == "tmp" else 3)
        good = good and all(f.returncode == 0 and f.stdout == f"found {newest}\n" for f in found)
        good = good and not list(folder.glob("*.tmp"))
        print("ok" if good else "FAILED", place, "exit", code, "newest", newest,
              [(f.returncode, f.stdout, f.stderr[-300:]) for f in found if not good])
        return good


with ThreadPoolExecutor(max_workers=2) as pool:
    sys.exit(0 if all(list(pool.map(killed_at, PLACES, PLACES.values()))) else 1)
