#!/usr/bin/env python3
"""Writes mzi_mesh.gds: four guides, three columns of 2 x 2 multimode couplers, heaters on all guides
between the columns. Mirror-symmetric about x = 0. Guides on 1/0, heaters on 47/0, units of 1 nm.

Usage: mzi_mesh.py [FILE]
"""
import math
import pathlib
import struct
import sys

GUIDE, CORE, PORT = 0.45, (4.2, 2.0), 0.7  # um: width of guides, size of couplers, width at them
APART, PITCH = 0.72, 1.5  # of the guides at a coupler, and of those between the columns
TAPER, BEND = 0.8, 2.2  # lengths
COLUMN = CORE[0] + 2 * (TAPER + BEND)
GAP, LEAD = 3.0, 1.0  # between columns, before the first one
HEATER = (2.4, 0.7)
STEPS = 24  # edges of a bend


def strip(points, widths):
    """Outline of a strip along x: points of its middle and the widths there."""
    upper = [(x, y + 0.5 * w) for (x, y), w in zip(points, widths)]
    lower = [(x, y - 0.5 * w) for (x, y), w in zip(points, widths)]
    return lower + upper[::-1]


def bend(x0, y0, x1, y1):
    """A raised cosine, as wide across its middle line everywhere."""
    points, widths = [], []
    for k in range(STEPS + 1):
        t = k / STEPS
        points.append((x0 + t * (x1 - x0), y0 + (y1 - y0) * 0.5 * (1 - math.cos(math.pi * t))))
        slope = 0.5 * math.pi * (y1 - y0) / (x1 - x0) * math.sin(math.pi * t)
        widths.append(GUIDE * math.hypot(1, slope))
    return strip(points, widths)


def coupler(x, y):
    """A multimode section with bends and tapers to four guides."""
    half = 0.5 * CORE[0]
    shapes = [strip([(x - half, y), (x + half, y)], [CORE[1]] * 2)]
    for side in (1, -1):
        inner, outer = y + side * 0.5 * APART, y + side * 0.5 * PITCH
        for end in (1, -1):
            near, middle, far = (x + end * (half + way) for way in (0, TAPER, TAPER + BEND))
            shapes.append(strip([(near, inner), (middle, inner)], [PORT, GUIDE]))
            shapes.append(bend(middle, inner, far, outer))
    return shapes


def mesh():
    """(guides, heaters)."""
    rows = [(k - 1.5) * PITCH for k in range(4)]
    step = COLUMN + GAP
    guides, heaters = [], []
    for x in (-step, step):
        guides += coupler(x, PITCH) + coupler(x, -PITCH)
    guides += coupler(0, 0)
    inner, outer = 0.5 * COLUMN, step + 0.5 * COLUMN
    for y in rows:
        outermost = abs(y) > PITCH
        for end in (1, -1):
            guides.append(strip([(end * outer, y), (end * (outer + LEAD), y)], [GUIDE] * 2))
            if not outermost:
                guides.append(strip([(end * inner, y), (end * (inner + GAP), y)], [GUIDE] * 2))
            x = end * (inner + 0.5 * GAP)
            heaters.append(strip([(x - 0.5 * HEATER[0], y), (x + 0.5 * HEATER[0], y)],
                                 [HEATER[1]] * 2))
        if outermost:
            guides.append(strip([(-inner - GAP, y), (inner + GAP, y)], [GUIDE] * 2))
    return guides, heaters


def record(kind, data=b""):
    return struct.pack(">HH", len(data) + 4, kind) + data


def real8(value):
    """A number of GDSII: a sign, a power of 16 and a fraction of 56 bits."""
    exponent = 64
    while value >= 1:
        value, exponent = value / 16, exponent + 1
    while value < 1 / 16:
        value, exponent = value * 16, exponent - 1
    return struct.pack(">Q", (exponent << 56) | round(value * 2 ** 56))


def boundary(layer, outline):
    points = [(round(1000 * x), round(1000 * y)) for x, y in outline]
    numbers = [n for point in points + points[:1] for n in point]
    return (record(0x0800) + record(0x0D02, struct.pack(">h", layer)) +
            record(0x0E02, struct.pack(">h", 0)) +
            record(0x1003, struct.pack(f">{len(numbers)}i", *numbers)) + record(0x1100))


def main():
    path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).with_name("mzi_mesh.gds"))
    guides, heaters = mesh()
    time = struct.pack(">12h", *([0] * 12))
    body = b"".join([boundary(1, one) for one in guides] + [boundary(47, one) for one in heaters])
    path.write_bytes(record(0x0002, struct.pack(">h", 600)) + record(0x0102, time) +
                     record(0x0206, b"MESH") + record(0x0305, real8(1e-3) + real8(1e-9)) +
                     record(0x0502, time) + record(0x0606, b"MZI_MESH") + body + record(0x0700) +
                     record(0x0400))


if __name__ == "__main__":
    main()
