"""Runs every broken deck of this folder and looks at how the program refuses it.

    run_broken.py MPIEXEC SYMWAVE [NAME ...]

The comments at the head of a deck say what is expected:
    # expect: a part of the error message (several lines: all of them)
    # ranks: number of ranks; where it is left out every fourth deck has 2, the others no launcher
    # command: arguments of symwave with DECK for the deck, `check DECK` where it is left out
A deck passes when the program ends in time, on every rank, with an exit code other than 0, one
message `error: ...` and nothing about internal errors in it.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[2]
TIMEOUT = 60  # s; a refusal takes a second
BAD = ("internal error", "Sanitizer", "runtime error")


def directives(deck):
    found = {"expect": [], "ranks": None, "command": ["check DECK"]}
    for line in deck.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# ") or ": " not in line:
            break
        key, value = line[2:].split(": ", 1)
        if key == "expect":
            found["expect"].append(value)
        else:
            found[key] = [value]
    return found


def run(mpiexec, symwave, number, deck):
    wanted = directives(deck)
    name = str(deck.relative_to(ROOT))
    arguments = [name if word == "DECK" else word for word in wanted["command"][0].split()]
    ranks = wanted["ranks"][0] if wanted["ranks"] else "2" if number % 4 == 0 else None
    launcher = [mpiexec, "--oversubscribe", "--bind-to", "none", "-n", ranks] if ranks else []
    command = [*launcher, symwave, *arguments]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return f"did not end within {TIMEOUT} s"
    errors = done.stderr.count("error: ")
    if done.returncode == 0:
        return "was accepted"
    if not wanted["expect"]:
        return "has no line `# expect: ...`"
    if errors != 1 or any(word in done.stderr for word in BAD):
        return f"{errors} error messages instead of one:\n{done.stderr}"
    missing = [text for text in wanted["expect"] if text not in done.stderr]
    return f"lacks {missing} in\n{done.stderr}" if missing else ""


def main():
    mpiexec, symwave, *names = sys.argv[1:]
    symwave = os.path.abspath(symwave)
    decks = sorted(FOLDER.glob("*.yaml"))
    if names:
        decks = [deck for deck in decks if deck.stem in names]
    failed = 0
    # A refusal is mostly the start and the end of mpiexec, which wait.
    with concurrent.futures.ThreadPoolExecutor(max_workers=2 * os.cpu_count()) as pool:
        reasons = list(pool.map(lambda item: run(mpiexec, symwave, *item), enumerate(decks)))
    for deck, reason in zip(decks, reasons):
        failed += bool(reason)
        print(f"{'FAILED' if reason else 'ok    '} {deck.stem}" + (f": {reason}" if reason else ""))
    print(f"{len(decks) - failed} of {len(decks)} broken decks are refused as expected")
    return 1 if failed or not decks else 0


if __name__ == "__main__":
    sys.exit(main())
