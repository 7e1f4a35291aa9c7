#!/usr/bin/python3
"""Damaged HDF5 files: `info --verify`, `run --resume` and `report` end each with a sentence, never
with a crash.

    fuzz_hdf5.py SYMWAVE [--cases 30] [--first 0] [--seed 1] [--workers N] [--limit SECONDS]

One tiny training and two tiny simulations, one of which is killed, make the files. A case damages a copy of one: bits
flipped, bytes overwritten, cut off, lengthened or made of something else. It passes when the program
ends in time with exit code 0, 1 or 3 (0 where what was damaged is not read, or is found whole), and
with 1 says one line `error:` that names the file, with nothing about an internal error.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import fuzz

BROKEN = fuzz.ROOT / "tests/regression/broken"
TRAIN = """
job: train
wavelength: 532 nm
bench: {pixels: 16, pitch: 8 um, distance: 0.8 mm}
data: {images: images.idx, labels: labels.idx, test_images: images.idx, test_labels: labels.idx}
training: {epochs: 2}
"""
SIMULATE = """
job: simulate
grid: {polarization: Ez, cell: 0.1 um, size: [4 um, 3 um], pml: 0.8 um}
wavelength: 1.55 um
materials: {core: {index: 2}, clad: {index: 1.444}}
background: clad
shapes: [{type: straight, material: core, from: [-9 um, 0], to: [9 um, 0], width: 0.8 um}]
ports:
  - {name: in, at: [-1.5 um, 0], faces: +x, span: 2.6 um}
  - {name: out, at: [1.5 um, 0], faces: -x, span: 2.6 um}
"""
KILLED = """
job: simulate
solver: {method: time_domain, stop: {max_time: 40 um}}
grid: {polarization: Ez, cell: 0.1 um, size: [1.2 um, 1 um], pml: 0.3 um}
wavelength: {from: 0.9 um, to: 1.5 um, count: 2}
materials: {air: {index: 1}, silver: {poles: {epsilon: 1, drude: [{plasma: 20, damping: 0.1}]}}}
background: air
shapes: [{type: circle, material: silver, centre: [0, 0], radius: 0.2 um}]
sources: [{type: dipole, at: [0.3 um, 0], component: Ez}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [0.8 um, 0.8 um]}
  - {type: probe, name: p, at: [0, 0.3 um], component: Ez}
output: {checkpoint: {every: 0.001 s}}
"""


def overwrite(content, draw):
    """A word of the file by one that is zero, all ones, or huge: addresses, counts, versions."""
    out, size = bytearray(content), draw.choice((1, 2, 4, 8))
    place = draw.randrange(max(1, len(out) - size))
    out[place:place + size] = draw.choice((b"\0", b"\xff", b"\x7f", b"\x01")) * size
    return bytes(out)


def damage(content, draw):
    kind = draw.choice(("flip", "flip", "overwrite", "overwrite", "head", "truncate", "delete",
                        "lengthen", "text", "empty"))
    if kind == "flip":
        return fuzz.flip_bits(content, draw), kind
    if kind == "overwrite":
        for _ in range(draw.choice((1, 5, 50))):
            content = overwrite(content, draw)
        return content, kind
    if kind == "head":
        # Most of the structure is near the beginning.
        return overwrite(content[:4096], draw) + content[4096:], kind
    made = {"truncate": fuzz.truncate, "delete": fuzz.delete_bytes,
            "lengthen": lambda c, _: c + b"\0" * 1000, "text": lambda c, _: b"job: simulate\n" * 100,
            "empty": lambda c, _: b""}
    return made[kind](content, draw), kind


def make(options, folder):
    """The undamaged output folders of both jobs: (deck, files) by name."""
    for name in ("images", "labels"):
        shutil.copy(BROKEN / f"bench_{name}.idx", folder / f"{name}.idx")
    found = []
    for name, text in (("train", TRAIN), ("simulate", SIMULATE), ("killed", KILLED)):
        deck, out = folder / f"{name}.yaml", folder / name
        deck.write_text(text, encoding="utf-8")
        killed = {"SYMWAVE_TEST_FAULT": "results/finish:0:1:kill"} if name == "killed" else {}
        done = subprocess.run(
            [pathlib.Path(options.symwave).resolve(), "run", deck, "--output", out, "--no-report"],
            env={**fuzz.environment(), **killed}, check=False, capture_output=True)
        if done.returncode != (-9 if killed else 0):
            raise AssertionError(done.stderr.decode())
        found += [(name, path.relative_to(folder)) for path in sorted(out.rglob("*.h5"))]
    return found


def judge_sentence(_, error):
    return "" if ".h5" in error or "checkpoint" in error else "the sentence names no file"


def main():
    parser = argparse.ArgumentParser()
    fuzz.add_arguments(parser, cases=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="symwave_whole_") as name:
        whole = pathlib.Path(name)
        files = make(options, whole)
        if {name for name, _ in files} != {"train", "simulate", "killed"}:
            raise AssertionError(f"the jobs wrote only {files}")

        def run(case, draw):
            shutil.copytree(whole, case, dirs_exist_ok=True)
            job, file = draw.choice(files)
            content, kind = damage((case / file).read_bytes(), draw)
            (case / file).write_bytes(content)
            sentence = r"^error: .*$"
            resumed = ["run", f"{job}.yaml", "--output", job, "--resume", "--no-report"]
            other = ["report", case / job] if file.name == "results.h5" else resumed
            arguments = other
            if draw.random() < 0.5:
                arguments, sentence = ["info", "--verify", file], rf"^{re.escape(str(file))}: .*$"
            what = f"{file}: {kind}: {' '.join(map(str, arguments[:2]))}"
            return what, fuzz.run_case(options, case, arguments, judge_sentence, sentence)

        return fuzz.run_all(options, run, pathlib.Path(__file__).stem)


if __name__ == "__main__":
    sys.exit(main())
