#!/usr/bin/env python3
"""Peer benchmark: the symmetric block of inputs/iris_chip.yaml in SciPy's direct solver.

Assembles [core | phase-shifter mask | mirrored core] in 2D (Ez, finite volumes, stretched
coordinates, complex symmetric), factors it with SuperLU, solves all ports at once, prints times,
memory and unknowns as one JSON line. Needs numpy and scipy only. Lengths in micrometres.

    scipy_fdfd.py --cell 0.05 --ports 8 --out S.csv
"""
import argparse
import json
import resource
import time

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla

WAVELENGTH, N_CORE, N_CLAD = 1.55, 2.848, 1.444
PITCH, GUIDE, TAPER_END, TAPER, CORE, MASK = 1.5, 0.30, 1.3, 2.0, 12.0, 4.0
LEAD, MARGIN, PML = 1.0, 1.0, 1.0
OMEGA = 2 * np.pi / WAVELENGTH


def port_centres(ports):
    return (np.arange(ports) - (ports - 1) / 2) * PITCH


def inside(x, y, ports):
    """True where (x, y) is core material; the block is mirror-symmetric about x = 0."""
    along = np.abs(np.abs(x) - (MASK + CORE) / 2 - TAPER) - CORE / 2  # < 0 in the multimode core
    taper = TAPER_END / 2 + (GUIDE - TAPER_END) / 2 * along / TAPER
    half = np.where(along < TAPER, taper, GUIDE / 2)
    guides = np.zeros(np.broadcast(x, y).shape, bool)
    for centre in port_centres(ports):
        guides |= np.abs(y - centre) < half
    return np.where(along < 0, np.abs(y) < ports * PITCH / 2, guides)


def centres(length, cell):
    n = 2 * int(round(length / cell / 2))
    return (np.arange(n) + 0.5 - n / 2) * cell


def permittivity(x, y, cell, ports, sub=6):
    """Area-averaged permittivity from sub x sub samples per cell."""
    offsets = ((np.arange(sub) + 0.5) / sub - 0.5) * cell
    fill = sum(inside((x + a)[:, None], (y + b)[None, :], ports).astype(float)
               for a in offsets for b in offsets)
    return N_CLAD**2 + (N_CORE**2 - N_CLAD**2) * fill / sub**2 + 0j


def stretch(n, cell):
    """Stretch factors 1 + i sigma / omega at cell centres and faces, quadratic grading."""
    layers = int(round(PML / cell))
    peak = -3 * np.log(1e-8) / (2 * layers * cell * N_CLAD)

    def factor(u):
        depth = np.clip(np.maximum(layers - u, u - (n - layers)) / layers, 0, None)
        return 1 + 1j * peak * depth**2 / OMEGA

    return factor(np.arange(n) + 0.5), factor(np.arange(n + 1.0))


def assemble(eps, cell):
    """Complex-symmetric operator times the cell area, y fastest."""
    nx, ny = eps.shape
    (sxc, sxf), (syc, syf) = stretch(nx, cell), stretch(ny, cell)
    gx, gy = syc[None, :] / sxf[:, None], sxc[:, None] / syf[None, :]
    mass = OMEGA**2 * eps * np.outer(sxc, syc) * cell**2
    diagonal = gx[:-1] + gx[1:] + gy[:, :-1] + gy[:, 1:] - mass
    along_x = -gx[1:-1].ravel()
    along_y = np.pad(-gy[:, 1:-1], ((0, 0), (0, 1))).ravel()[:-1]
    bands = [diagonal.ravel(), along_x, along_x, along_y, along_y]
    return sp.diags(bands, [0, ny, -ny, 1, -1], format="csc")


def port_mode(cell):
    """Fundamental mode of one guide on the lattice, unit power, with q = sin(k h) / h."""
    y = centres(6.0, cell)
    offsets = ((np.arange(20) + 0.5) / 20 - 0.5) * cell
    fill = (np.abs(y[:, None] + offsets) < GUIDE / 2).mean(axis=1)
    eps = N_CLAD**2 + (N_CORE**2 - N_CLAD**2) * fill
    off = np.full(len(y) - 1, 1 / cell**2)
    operator = np.diag(OMEGA**2 * eps - 2 / cell**2) + np.diag(off, 1) + np.diag(off, -1)
    beta2, vectors = np.linalg.eigh(operator)
    q = np.sin(2 * np.arcsin(np.sqrt(beta2[-1]) * cell / 2)) / cell
    mode = vectors[:, -1] * np.sign(vectors[len(y) // 2, -1])
    return y, mode / np.sqrt((mode**2).sum() * cell * q / (2 * OMEGA)), q


def sources(x, y, cell, ports):
    """One column per port (left ports first): b = -2i q h phi on one grid column per side."""
    y_mode, mode, q = port_mode(cell)
    plane = np.abs(x - (MASK / 2 + 2 * TAPER + CORE + LEAD / 2)).argmin()
    b = np.zeros((len(x), len(y), 2 * ports), complex)
    for p, centre in enumerate(port_centres(ports)):
        b[len(x) - 1 - plane, :, p] = -2j * q * cell * np.interp(y, y_mode + centre, mode, 0, 0)
        b[plane, :, ports + p] = b[len(x) - 1 - plane, :, p]
    return b.reshape(-1, 2 * ports)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", type=float, default=0.05, help="grid spacing [um]")
    parser.add_argument("--ports", type=int, default=8, help="single-mode ports per side")
    parser.add_argument("--order", choices=["MMD_AT_PLUS_A", "COLAMD"], default="MMD_AT_PLUS_A",
                        help="column order of SuperLU")
    parser.add_argument("--out", help="write S as CSV: row, column, real, imaginary")
    args = parser.parse_args()

    clock = [time.perf_counter()]
    length = MASK + 2 * (CORE + 2 * TAPER + LEAD + PML)
    height = args.ports * PITCH + 2 * (MARGIN + PML)
    x, y = centres(length, args.cell), centres(height, args.cell)
    a = assemble(permittivity(x, y, args.cell, args.ports), args.cell)
    b = sources(x, y, args.cell, args.ports)
    clock.append(time.perf_counter())
    symmetric = args.order != "COLAMD"
    lu = sla.splu(a, permc_spec=args.order, diag_pivot_thresh=0.0 if symmetric else 1.0,
                  options={"SymmetricMode": symmetric})
    clock.append(time.perf_counter())
    fields = lu.solve(b)
    clock.append(time.perf_counter())
    s = 0.25j / OMEGA * b.T @ fields - np.eye(b.shape[1])
    assembly, factor, solve = np.diff(clock)
    print(json.dumps({
        "cells": [len(x), len(y)], "unknowns": a.shape[0],
        "right_hand_sides": b.shape[1],
        "order": args.order,
        "seconds": {"assembly": round(assembly, 3), "factor": round(factor, 3),
                    "solve": round(solve, 3)},
        "factor_nonzeros": int(lu.nnz),
        "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "residual": float(np.linalg.norm(a @ fields - b) / np.linalg.norm(b)),
        "reciprocity_defect": float(np.linalg.norm(s - s.T) / np.linalg.norm(s)),
    }))
    if args.out:
        rows = [(i, j, s[i, j].real, s[i, j].imag) for i, j in np.ndindex(s.shape)]
        np.savetxt(args.out, rows, fmt=["%d", "%d", "%.15e", "%.15e"], delimiter=",",
                   header="row,column,real,imag", comments="")


if __name__ == "__main__":
    main()
