#!/usr/bin/env python3
"""Parallel efficiency of the time domain on a large machine, from rates measured on a small one.

Input: JSON lines of time_domain_bench on all cores of this machine, for several blocks T:

    for T in 1 2 4 8; do
      mpirun -n 2 time_domain_bench --walls pec --cells 216x216x432 --split 1x1x2 --block $T --triad
    done > bench.jsonl
    efficiency_model.py bench.jsonl --cells 1e10

The time of one block of T steps on the slowest rank, which owns n_x x n_y x n_z points (the next
whole numbers) and has neighbours on all sides:

    compute    sum over the T steps of (n_x + 2(T - s) - 1)(n_y + ...)(n_z + ...) / rate(T)
               (the halo of depth T shrinks by one point per step), PML points cost more
    pack       4 halo bytes / triad rate of a rank   (read and write, when packed and unpacked)
    exchange   26 latency + the share of the halo that leaves the node (consecutive ranks fill a
               node) / (node bandwidth / ranks per node), hidden behind the update of the points
               that do not need the halo; inside a node the packing is the copy
    energy     once in N steps: read all fields once, reduce one number, 2 log2(P) latency

rate(T) is the measured rate per rank (the best of several lines), with the points that two ranks
update counted and the time in the halo taken out; the thin slabs next to a cut run at the same rate.
Efficiency: (points / rank / best rate) over the time of a step.
"""
import argparse
import json
import math

COMPONENTS = 6


def options():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", help="file of JSON lines")
    parser.add_argument("--cells", type=float, default=1e10)
    parser.add_argument("--ranks", type=int, nargs="+", default=[1000, 2000, 4000, 8000, 10000])
    parser.add_argument("--latency", type=float, default=2e-6, help="s per message")
    parser.add_argument("--bandwidth", type=float, default=25e9, help="bytes/s into a node")
    parser.add_argument("--ranks-per-node", type=int, default=64)
    parser.add_argument("--energy-every", type=int, default=1000, help="steps")
    parser.add_argument("--pml", type=int, default=10, help="cells on all sides")
    parser.add_argument("--pml-cost", type=float, default=0.5,
                        help="more time for a point in the PML of one axis")
    return parser.parse_args()


def held_points(owned, block, cut=(True, True, True)):
    """Points updated in a block of steps, summed over its steps."""
    total = 0
    for step in range(block):
        extra = 2 * (block - step) - 1
        total += math.prod(n + (extra if c else 0) for n, c in zip(owned, cut))
    return total


class Machine:
    """What was measured: rates per rank by block, bytes per number, copy rate."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.lines = [json.loads(line) for line in file if line.startswith("{")]
        self.bytes = self.lines[0]["precision"] // 8
        triads = [line["stream_triad_gb_per_second"] / line["ranks"] for line in self.lines
                  if "stream_triad_gb_per_second" in line]
        self.copy = 1e9 * max(triads)
        self.rates = {}
        for line in self.lines:
            self.rates[line["block"]] = max(self.rates.get(line["block"], 0), self.rate(line))
        self.best = max(self.rates.values())

    @staticmethod
    def rate(line):
        """Points per second of one rank, both copies of shared points counted."""
        cells, ranks, block = line["cells"], line["ranks"], line["block"]
        # Cuts across z; the slowest of two ranks has one neighbour, of more ranks two.
        neighbours = min(ranks - 1, 2)
        layers = cells[2] / ranks
        updated = sum(layers + neighbours * (block - s - 0.5) for s in range(block))
        redundancy = updated / (block * layers)
        busy = 1 - line["halo_seconds_share"]
        return 1e6 * line["mcells_per_second"] / ranks * redundancy / busy


def arrangement(cells, ranks):
    """Edge of the cube of cells, and the ranks along the axes with the least surface."""
    edge = round(cells ** (1 / 3))
    best = None
    for x in range(1, ranks + 1):
        if ranks % x:
            continue
        for y in range(1, ranks // x + 1):
            if ranks // x % y:
                continue
            z = ranks // x // y
            surface = 1.5 * x + 1.05 * y + z  # partition.cpp: cuts across x cost more
            if best is None or surface < best[0]:
                best = (surface, (x, y, z))
    return edge, best[1]


def leaving_share(parts, areas, per_node):
    """Share of the face areas between ranks that lies between ranks of different nodes."""
    total = leaving = 0.0
    strides = (1, parts[0], parts[0] * parts[1])
    for rank in range(math.prod(parts)):
        for axis in range(3):
            if (rank // strides[axis]) % parts[axis] + 1 == parts[axis]:
                continue
            total += areas[axis]
            leaving += areas[axis] * (rank // per_node != (rank + strides[axis]) // per_node)
    return leaving / total if total else 0.0


def step_times(machine, arguments, ranks, block):
    """Seconds per step: compute, pack, exposed exchange, energy; and the halo's bytes per block."""
    edge, parts = arrangement(arguments.cells, ranks)
    owned = [math.ceil(edge / p) for p in parts]
    rate = machine.rates[block]
    points = math.prod(owned)
    # Cuts are placed by cost: the PML is shared by all.
    pml = 1 + arguments.pml_cost * 6 * arguments.pml / edge
    compute = pml * held_points(owned, block) / rate
    halo = COMPONENTS * machine.bytes * (math.prod(n + 2 * block for n in owned) - points)
    pack = 4 * halo / machine.copy
    inner = [max(0, n - block) for n in owned]  # mean over the steps of the block
    hidden = block * math.prod(inner) / rate
    share = leaving_share(parts, [points / n for n in owned], arguments.ranks_per_node)
    exchange = (26 * arguments.latency
                + share * halo * arguments.ranks_per_node / arguments.bandwidth)
    exposed = max(0.0, exchange - hidden)
    energy = (COMPONENTS * machine.bytes * points / machine.copy
              + 2 * math.log2(ranks) * arguments.latency) / arguments.energy_every
    times = {"compute": compute / block, "pack": pack / block, "exchange": exchange / block,
             "exposed": exposed / block, "energy": energy}
    total = times["compute"] + times["pack"] + times["exposed"] + times["energy"]
    ideal = arguments.cells / ranks / machine.best
    return {"owned": owned, "halo": halo, "times": times, "total": total,
            "redundant": held_points(owned, block) / (block * points) - 1,
            "efficiency": ideal / total}


def main():
    arguments = options()
    machine = Machine(arguments.bench)
    print(f"{arguments.cells:.0e} cells, float{8 * machine.bytes}; rates per rank [Mpoints/s]: "
          + ", ".join(f"T={t}: {1e-6 * r:.0f}" for t, r in sorted(machine.rates.items()))
          + f"; copies {1e-9 * machine.copy:.1f} GB/s; latency {1e6 * arguments.latency:g} us, "
          f"{1e-9 * arguments.bandwidth:g} GB/s per node of {arguments.ranks_per_node} ranks\n")
    print("| ranks | points per rank | T | updated twice | halo per block | compute | pack "
          "| exchange (exposed) | energy | Gcells/s | efficiency |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for ranks in arguments.ranks:
        tried = {block: step_times(machine, arguments, ranks, block) for block in machine.rates}
        for block, r in sorted(tried.items()):
            if r["efficiency"] < max(t["efficiency"] for t in tried.values()):
                continue
            t = {name: 1e3 * seconds for name, seconds in r["times"].items()}
            print(f"| {ranks} | {' x '.join(map(str, r['owned']))} | {block} "
                  f"| {100 * r['redundant']:.0f} % | {1e-6 * r['halo']:.1f} MB "
                  f"| {t['compute']:.2f} ms | {t['pack']:.2f} ms "
                  f"| {t['exchange']:.2f} ({t['exposed']:.2f}) ms | {t['energy']:.3f} ms "
                  f"| {1e-9 * arguments.cells / r['total']:.0f} | {100 * r['efficiency']:.0f} % |")


main()
