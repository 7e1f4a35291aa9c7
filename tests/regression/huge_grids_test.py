"""What `symwave check` refuses of a small grid it refuses of one of a thousand million cells, too.

    huge_grids_test.py SYMWAVE

Decks of broken/ that a run would refuse before its first step, by the places of their sources,
monitors and ports, are checked as they are and with grid.cell so small that they have 1e9 cells:
the same sentence but for its numbers, within seconds and with little memory.
"""
import math
import pathlib
import re
import resource
import subprocess
import sys

import program

FOLDER = pathlib.Path(__file__).resolve().parent / "broken"
CELLS = 4e8  # about 1e9 with the PML
# Of computing, not of waiting for a core: a refusal takes two or three. Fields of 1e9 cells would
# take 28 GB.
SECONDS = 20
MEGABYTES = 1200

DECKS = ["time_dipole_outside", "time_probe_outside", "time_monitor_outside", "time_box_off_mirror",
         "time_plane_wave_in_pml", "time_dark_wavelength", "time_port_in_pml",
         "time_far_field_source", "time_no_mode", "time_flux_in_pml"]


def sizes(deck):
    """The lengths of grid.size in um, as the decks of the list write them."""
    text = re.search(r"size: \[([^\]]*)\]", deck.read_text(encoding="utf-8")).group(1)
    return [float(word.split()[0]) for word in text.split(",")]


def cell_for(lengths):
    """The width of a cell [um]; the PML comes on top."""
    return (math.prod(lengths) / CELLS) ** (1 / len(lengths))


def computed():
    """Seconds of all programs that have been run."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def refusal(symwave, deck, *arguments):
    done = subprocess.run(program.command(symwave, 1, "check", deck, *arguments), cwd=program.ROOT,
                          env=program.environment(), capture_output=True, text=True, timeout=240,
                          check=False)
    errors = [line for line in done.stderr.splitlines() if "error: " in line]
    assert done.returncode != 0 and len(errors) == 1, f"{deck.stem}: {done.stdout}{done.stderr}"
    return re.sub(r"-?\d[\d.e+-]*", "#", errors[0])


def plan_of_large_ports(symwave):
    """The modes of ports are looked at on wider cells, those of the mirrored port as a whole, too."""
    before = computed()
    program.run(symwave, 1, "plan", "inputs/soi_strip_3d.yaml", "--set", "grid.cell=5nm", "--nodes",
                64, "--machine", "tests/regression/data/machine.yaml")
    taken = computed() - before
    assert taken < 2 * SECONDS, f"a plan of 5 nm has taken {taken:.0f} s of computing"


def main():
    symwave = sys.argv[1]
    plan_of_large_ports(symwave)
    for name in DECKS:
        deck = FOLDER / f"{name}.yaml"
        small = refusal(symwave, deck)
        start = computed()
        huge = refusal(symwave, deck, "--set", f"grid.cell={cell_for(sizes(deck)):.6g}um")
        seconds = computed() - start
        assert huge == small, f"{name}:\n  {small}\n  {huge}"
        assert seconds < SECONDS, f"{name}: {seconds:.0f} s"
        print(f"{name:28} {seconds:5.1f} s  {huge[:100]}")
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert megabytes < MEGABYTES, f"{megabytes:.0f} MB"
    print(f"at most {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
