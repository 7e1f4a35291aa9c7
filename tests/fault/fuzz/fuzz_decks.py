#!/usr/bin/python3
"""Mutated decks and data files: `symwave check` ends each with a sentence, never with a crash.

    fuzz_decks.py SYMWAVE [--cases 60] [--first 0] [--seed 1] [--workers N] [--limit SECONDS]

Case k of a seed is always the same one. A case passes when the program ends in time with exit code
0, or with 1 and exactly one line `error:` that names a file of the case, with nothing about an
internal error, a signal or a sanitizer in what it prints.
"""
import argparse
import gzip
import pathlib
import re
import sys

import fuzz

ROOT = fuzz.ROOT
BROKEN = ROOT / "tests/regression/broken"

# Small decks of what the decks of inputs/ lack: tables of an index, images.
TABLE = """
job: simulate
grid: {polarization: Ez, cell: 0.1 um, size: [4 um, 3 um], pml: 0.5 um}
wavelength: {from: 1.5 um, to: 1.6 um, count: 3}
materials:
  core: {table: index.csv, fit_tolerance: 0.01}
  air: {index: 1}
background: air
shapes:
  - {type: straight, material: core, from: [-5 um, 0], to: [5 um, 0], width: 0.5 um}
  - {type: polygon, material: air, points: [[0, 0], [0.1 um, 0], [0, 0.1 um]]}
ports:
  - {name: in, at: [-1.5 um, 0], faces: +x, span: 2 um}
  - {name: out, at: [1.5 um, 0], faces: -x, span: 2 um}
"""
INDEX = b"wavelength (um), n, k\n" + b"".join(
    b"%.2f, %.4f, 0\n" % (1.4 + 0.02 * row, 2.1 - 0.002 * row) for row in range(20))
IMAGES = """
job: train
wavelength: 532 nm
bench: {pixels: 16, pitch: 8 um, distance: 0.8 mm}
data: {images: images.idx, labels: labels.idx.gz, test_images: images.idx, test_labels: labels.idx.gz}
training: {epochs: 2}
"""
CHIP = """
job: train
grid: {cell: 0.1 um, pml: 1 um}
wavelength: 1.55 um
materials:
  core: {slab: {thickness: 220 nm, film: Si, below: SiO2, above: SiO2, mode: TE0}}
  oxide: {model: SiO2}
background: oxide
chip: {ports: 4, guide_width: 0.3 um, core_width: 8 um, core_length: 3 um, lead: 1 um,
       taper_length: 1 um, segment: {length: 3 um, width: 0.5 um, switching: 1 um}}
data: {file: iris.csv, test_fraction: 0.3}
network: {blocks: 2, encoding: {kind: phase, range: 2 rad}}
training: {epochs: 2, trainers: [forward_mode], optimizer: {kind: adam, learning_rate: 0.2}}
"""


def bases():
    """Decks with the data files beside them: (name, text, {file: content})."""
    images, labels = [(BROKEN / f"bench_{name}.idx").read_bytes() for name in ("images", "labels")]
    iris = (ROOT / "inputs/data/iris.csv").read_bytes()
    found = [("table", TABLE.encode(), {"index.csv": INDEX}),
             ("images", IMAGES.encode(),
              {"images.idx": images, "labels.idx.gz": gzip.compress(labels, mtime=0)}),
             ("chip", CHIP.encode(), {"iris.csv": iris})]
    for path in sorted((ROOT / "inputs").rglob("*.yaml")):
        # Their 3D modes take five seconds of every case.
        slow = path.stem in ("soi_strip_3d", "gds_ybranch_3d")
        if not slow and not path.stem.endswith("_sweep") and path.parent.name != "gds":
            data = {"data/iris.csv": iris} if b"iris.csv" in path.read_bytes() else {}
            for name in re.findall(r"data/gds/\w+\.gds", path.read_text(encoding="utf-8")):
                data[name] = (ROOT / "inputs" / name).read_bytes()
            found.append((path.stem, path.read_bytes(), data))
    for path in sorted(BROKEN.glob("*.yaml")):
        text = path.read_bytes()
        if b"# command: run" in text or b"# ranks" in text:
            continue
        names = re.findall(rb"[\w.]+\.(?:csv|idx\.gz|idx)\b", text)
        data = {name.decode(): (BROKEN / name.decode()).read_bytes() for name in names
                if (BROKEN / name.decode()).is_file()}
        found.append((path.stem, text, data))
    return found


def lay_out(folder, draw, all_bases):
    """Writes a case into `folder`; gives the path of its deck, the base and what was done."""
    # Whole decks are the better ones to break: half of the cases are theirs.
    whole = [base for base in all_bases if not (BROKEN / f"{base[0]}.yaml").is_file()]
    name, text, data = draw.choice(whole if draw.random() < 0.6 else all_bases)
    target = draw.choice(sorted(data)) if data and draw.random() < 0.5 else "deck.yaml"
    content = {**data, "deck.yaml": text}
    done = []
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        content[target], what = fuzz.mutate(content[target], draw)
        done.append(what)
    for file, body in content.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    if draw.random() < 0.04:
        (folder / target).unlink()
        kind = draw.choice(("missing", "folder", "no_end"))
        if kind == "folder":
            (folder / target).mkdir()
        elif kind == "no_end":
            (folder / target).symlink_to("/dev/zero")
        done.append(kind)
    return folder / "deck.yaml", f"{name}: {target}: {', '.join(done)}"


def judge_sentence(case, error):
    """Why the sentence is a bad one, or nothing: it names a file that the case consists of."""
    names = [str(path.relative_to(case)) for path in case.rglob("*") if path.name != "stdout"]
    named = any(name.rsplit("/", 1)[-1] in error for name in [*names, "deck.yaml"])
    # A missing file is named as the deck writes it.
    return "" if named or "cannot read" in error else "the sentence names no file"


def main():
    parser = argparse.ArgumentParser()
    fuzz.add_arguments(parser, cases=60)
    options = parser.parse_args()
    all_bases = bases()

    def run(case, draw):
        deck, what = lay_out(case, draw, all_bases)
        reason = fuzz.run_case(options, case, ["check", deck], judge_sentence)
        return what, reason

    return fuzz.run_all(options, run, pathlib.Path(__file__).stem)


if __name__ == "__main__":
    sys.exit(main())
