#!/usr/bin/python3
"""What `symwave plan` foresees beside what runs take, as a Markdown table.

  plan_table.py PROGRAM [--ranks 1 2] [--decks NAME ...] [--rounds 3]

Rates are measured anew before every deck and rank count, so that plan and run see the same machine.
Both the clock and the time of the processor are shown: where others use the machine, the clock of a
run says little, and the time of the processor per rank (without the start of the program) is what a
plan foresees. Medians of the rounds.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DECKS = {
    "time domain 2D": ("inputs/coupler.yaml", "solver=time_domain"),
    "time domain 3D": ("inputs/soi_strip_3d.yaml",),
    "frequency domain": ("inputs/coupler.yaml",),
    "chip training": ("inputs/iris_chip.yaml", "training.epochs=5", "sweep.epochs=1",
                      "training.trainers=[forward_mode]", "network.blocks=1",
                      "grid.cell=0.0625um"),
    "bench training": ("inputs/bench/deep_network.yaml", "training.epochs=1",
                       "data.train_samples=600"),
    "focus": ("inputs/bench/scatter_focus.yaml", "focus.rival_passes=1000", "focus.scan.points=9"),
}


def environment():
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def mpirun(ranks):
    return ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", str(ranks)]


def settings(deck):
    options = [str(ROOT / deck[0])]
    for setting in deck[1:]:
        options += ["--set", setting]
    return options


def call(ranks, *command):
    """What a command says, and the processor's seconds of each of its ranks."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(mpirun(ranks) + [str(c) for c in command], env=environment(), cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{command}:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, spent / ranks


def foreseen(program, ranks, deck, machine):
    call(ranks, program, "bench", "all", "--seconds", 0.6, "--write", machine)
    said, _ = call(1, program, "plan", *settings(deck), "--machine", machine, "--nodes", 1,
                   "--tasks", ranks, "--json")
    return json.loads(said)["plans"][0]


def taken(program, ranks, deck, folder):
    """Clock and processor [s], and memory [bytes] of the fullest rank."""
    _, start = call(ranks, program, "keys", "grid")
    _, spent = call(ranks, program, "run", *settings(deck), "--no-report", "--output", folder)
    summary = json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))
    return summary["seconds"], spent - start, summary["peak_memory_bytes"]


def percent(plan, run):
    return f"{100 * (plan / run - 1):+.0f} %"


def line(name, program, ranks, rounds):
    plans, runs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            plans.append(foreseen(program, ranks, DECKS[name], f"{folder}/machine.yaml"))
            runs.append(taken(program, ranks, DECKS[name], f"{folder}/{number}"))
    seconds = statistics.median(p["seconds"] for p in plans)
    memory = 1e-6 * statistics.median(p["memory_per_rank_bytes"] for p in plans)
    clock, core, held = (statistics.median(column) for column in zip(*runs))
    held *= 1e-6
    return (f"| {name} | {ranks} | {seconds:.1f} s | {clock:.1f} s | {core:.1f} s, "
            f"{percent(seconds, core)} | {memory:.0f} MB | {held:.0f} MB, {percent(memory, held)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--decks", nargs="+", choices=sorted(DECKS), default=list(DECKS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    program = pathlib.Path(given.program).resolve()
    print("| deck | ranks | time foreseen | clock | processor | memory foreseen | memory |")
    print("|---|---|---|---|---|---|---|")
    for name in given.decks:
        for ranks in given.ranks:
            print(line(name, program, ranks, given.rounds), flush=True)


if __name__ == "__main__":
    main()
