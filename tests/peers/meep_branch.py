#!/usr/bin/python3
"""Peer benchmark: the Y-branch of tests/bench/typical_deck in Meep, silicon and oxide from Meep's own
library (or constant with --constant), the same cells with their PML, planes of 11 wavelengths at the
three ports. Prints one JSON line with the median throughput of several rounds of steps. Run by
tests/peers/meep_throughput --typical.
"""
import argparse
import json
import os
import subprocess

from meep_wire import measure

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
WAVELENGTHS = 11
PORTS = (-6.5, 7.3, 7.3)  # x of their planes, um
# Of the outline's corners one in so many is kept: Meep compares every point with every edge, which
# takes minutes of set-up and changes nothing of the rate of its steps.
EVERY_CORNER = 16


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cell", type=float, default=0.05)
    parser.add_argument("--constant", action="store_true")
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm-up", type=int, default=8)
    return parser.parse_args()


def branch(arguments):
    script = os.path.join(ROOT, "tests/bench/typical_deck")
    return json.loads(subprocess.run([script, "--json", "--cell", str(arguments.cell)], check=True,
                                     stdout=subprocess.PIPE).stdout)


def simulation(mp, arguments, given):
    from meep.materials import Si, SiO2

    silicon = mp.Medium(index=3.476) if arguments.constant else Si
    oxide = mp.Medium(index=1.444) if arguments.constant else SiO2
    size = mp.Vector3(*given["size"])
    vertices = [mp.Vector3(x, y, -0.11) for x, y in given["vertices"][::EVERY_CORNER]]
    centre, width = 1 / 1.55, 1 / 1.5 - 1 / 1.6
    sim = mp.Simulation(
        cell_size=size, resolution=1 / given["cell"], boundary_layers=[mp.PML(given["pml"])],
        default_material=oxide, geometry=[mp.Prism(vertices, height=0.22, material=silicon)],
        sources=[mp.Source(mp.GaussianSource(centre, fwidth=width), component=mp.Ey,
                           center=mp.Vector3(PORTS[0] - 0.2), size=mp.Vector3(0, 1.5, 1.2))],
        eps_averaging=False, Courant=0.95 / 3 ** 0.5)
    for x, y in zip(PORTS, (0, 1.0, -1.0)):
        sim.add_flux(centre, width, WAVELENGTHS,
                     mp.FluxRegion(mp.Vector3(x, y), size=mp.Vector3(0, 1.4, 1.6)))
    sim.init_sim()
    return sim, [round(s / given["cell"]) for s in given["size"]]


def main():
    arguments = options()
    import meep as mp

    mp.verbosity(0)
    sim, cells = simulation(mp, arguments, branch(arguments))
    measure(mp, sim, cells, arguments, {"constant": arguments.constant})


if __name__ == "__main__":
    main()
