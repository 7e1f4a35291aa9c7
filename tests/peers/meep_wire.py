#!/usr/bin/python3
"""Peer benchmark: the silicon wire of tests/bench/time_domain_bench.cpp in Meep.

The same cells (PML included), source sheet and transform plane; prints one JSON line with the
median throughput of several rounds of steps. Run by tests/peers/meep_throughput; needs Debian's
python3-meep-openmpi and python3-mpi4py (without the latter Meep does not start MPI).

    mpirun -n 2 meep_wire.py --cells 400x160x128 --steps 16 --rounds 3
"""
import argparse
import json
import statistics
import time

CELL, WAVELENGTH = 0.025, 1.55


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", default="400x160x128")
    parser.add_argument("--pml", type=int, default=10)
    parser.add_argument("--frequencies", type=int, default=20)
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=8)
    return parser.parse_args()


def simulation(mp, arguments):
    import numpy as np

    cells = [int(n) for n in arguments.cells.split("x")]
    size = mp.Vector3(*(CELL * n for n in cells))
    frequency = 1 / WAVELENGTH

    def profile(p):
        return float(np.exp(-((p.y / 0.3) ** 2) - (p.z / 0.2) ** 2))

    source = mp.Source(
        mp.GaussianSource(frequency, fwidth=0.15 * frequency), component=mp.Ey,
        center=mp.Vector3(x=-0.375 * size.x + 4 * CELL), size=mp.Vector3(0, 1.5, 1.5),
        amp_func=profile)
    sim = mp.Simulation(
        cell_size=size, resolution=1 / CELL, boundary_layers=[mp.PML(arguments.pml * CELL)],
        default_material=mp.Medium(index=1.444),
        geometry=[mp.Block(mp.Vector3(mp.inf, 0.5, 0.22), material=mp.Medium(index=3.47))],
        sources=[source], eps_averaging=False, Courant=0.95 / 3 ** 0.5)
    if arguments.frequencies:
        # Meep samples as often as the band of its source asks for; so does the other side.
        sim.add_flux(frequency, 0.06 * frequency, arguments.frequencies,
                     mp.FluxRegion(mp.Vector3(x=0.25 * size.x), size=mp.Vector3(0, size.y, size.z)))
    sim.init_sim()
    return sim, cells


def measure(mp, sim, cells, arguments, more):
    """Prints the throughput of rounds of steps as one JSON line."""
    for _ in range(arguments.warm_up):
        sim.fields.step()
    wall, processor = [], []
    for _ in range(arguments.rounds):
        mp.all_wait()
        start, start_processor = time.perf_counter(), time.process_time()
        for _ in range(arguments.steps):
            sim.fields.step()
        processor.append(time.process_time() - start_processor)
        mp.all_wait()
        wall.append(time.perf_counter() - start)
    work = 1e-6 * cells[0] * cells[1] * cells[2] * arguments.steps
    if mp.am_master():
        print("JSON " + json.dumps({
            "version": mp.__version__, "cells": cells, "ranks": mp.count_processors(),
            "mcells_per_second": work / statistics.median(wall),
            "mcells_per_processor_second": work / statistics.median(processor), **more}),
            flush=True)


def main():
    arguments = options()
    import meep as mp

    mp.verbosity(0)
    sim, cells = simulation(mp, arguments)
    measure(mp, sim, cells, arguments, {"frequencies": arguments.frequencies})


if __name__ == "__main__":
    main()
