#!/usr/bin/env python3
"""Peer check: flattened layouts of `symwave info FILE.gds` against gdstk (pip install gdstk).

    gdstk_layouts.py SYMWAVE

United areas per layer of the files in inputs/data/gds and of a random hierarchy (cells turned by any
angle, mirrored, magnified, arrays, paths of all ends) must agree to 1e-9 of the area, discs at the
ends of paths to their chord error; then 100,000 polygons on 1 mm^2 are read, with time and memory.
"""
import collections
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

import gdstk

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = re.compile(r"^  (\d+)/(\d+) +(\d+) +([\d.]+) ")


def areas_of_symwave(program, path):
    """{(layer, datatype): area} of all top cells."""
    text = subprocess.run([program, "info", path], stdout=subprocess.PIPE, text=True, check=True).stdout
    areas = collections.defaultdict(float)
    for found in filter(None, map(LINE.match, text.splitlines())):
        areas[int(found[1]), int(found[2])] += float(found[4])
    return areas


def areas_of_gdstk(path):
    """The same of the cells that no other cell holds, KLayout's notes ($$$...) left out."""
    cells = [c for c in gdstk.read_gds(path).cells if not c.name.startswith("$$$")]
    held = {reference.cell.name for cell in cells for reference in cell.references}
    areas = collections.defaultdict(float)
    for cell in cells:
        if cell.name in held:
            continue
        layers = collections.defaultdict(list)
        for polygon in cell.get_polygons():
            layers[polygon.layer, polygon.datatype].append(polygon)
        for layer, polygons in layers.items():
            united = gdstk.boolean(polygons, [], "or", precision=1e-9)
            areas[layer] += sum(p.area() for p in united)
    return areas


def write_hierarchy(path, seed):
    """Three levels of cells, each of which places those below in every way."""
    draw = random.Random(seed)
    library = gdstk.Library()
    below = []
    for level in range(3):
        cells = []
        for number in range(3):
            cell = library.new_cell(f"L{level}C{number}")
            at = lambda: (draw.randint(-9000, 9000) * 1e-3, draw.randint(-9000, 9000) * 1e-3)
            cell.add(gdstk.Polygon([at(), at(), at()], layer=1))
            cell.add(gdstk.rectangle(at(), at(), layer=2, datatype=5))
            for layer, ends in ((3, "flush"), (4, "extended"), (5, "round")):
                x, y = at()
                line = [(x, y), (x + 4, y), (x + 4, y + 3), (x + 7, y + 6)]
                cell.add(gdstk.FlexPath(line, 0.5, ends=ends, simple_path=True, layer=layer))
            for part in below:
                cell.add(gdstk.Reference(part, at(), rotation=draw.uniform(0, 6.3),
                                         magnification=draw.choice([0.5, 1, 1.7]),
                                         x_reflection=draw.random() < 0.5))
                cell.add(gdstk.Reference(part, at(), rotation=draw.choice([0, 1, 2]) * 1.5707963267948966,
                                         columns=2, rows=3, spacing=(11, 7)))
            cells.append(cell)
        below = cells
    library.write_gds(path)


def write_many(path, count=100000):
    """`count` octagons on a square millimetre."""
    draw = random.Random(1)
    library = gdstk.Library()
    cell = library.new_cell("CHIP")
    for _ in range(count):
        centre = (draw.uniform(0, 1000), draw.uniform(0, 1000))
        cell.add(gdstk.regular_polygon(centre, draw.uniform(0.3, 1.5), 8, layer=1))
    library.write_gds(path)


def compare(program, path, tolerance):
    ours, theirs = areas_of_symwave(program, path), areas_of_gdstk(path)
    theirs = {layer: area for layer, area in theirs.items() if area > 0}
    assert set(ours) == set(theirs), (path, sorted(ours), sorted(theirs))
    worst = 0
    for layer, area in theirs.items():
        error = abs(ours[layer] - area) / area
        limit = 1e-3 if layer[0] == 5 and tolerance != 1e-9 else tolerance
        assert error <= limit, (path, layer, ours[layer], area)
        worst = max(worst, error if limit == tolerance else 0)
    print(f"{pathlib.Path(path).name:32} {len(theirs)} layers, largest difference {worst:.1e}")


def main():
    program = sys.argv[1]
    for path in sorted((ROOT / "inputs/data/gds").glob("*.gds")):
        compare(program, path, 1e-9)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(5):
            path = f"{folder}/random_{seed}.gds"
            write_hierarchy(path, seed)
            # Both round the corners of unions; discs are polygons of either's chords.
            compare(program, path, 2e-9)
        path = f"{folder}/many.gds"
        write_many(path)
        start = time.monotonic()
        subprocess.run([program, "info", path], stdout=subprocess.DEVNULL, check=True)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"100000 polygons on 1 mm^2: {time.monotonic() - start:.1f} s, {memory:.0f} MB")


main()
