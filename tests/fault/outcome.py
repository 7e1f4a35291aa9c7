"""What a run has found, and how far two runs differ."""
import csv
import re

import numpy as np

import program

# Of the machine and its load, or of what happened to the run, such as solves that a kill has cost:
# not of its results.
MACHINE = re.compile(r"seconds|per_second|halo_share|fft_share|propagation_share|bytes|memory|/ranks$|^summary/(warnings|ranks)|"
                     r"timers|restarts|/solves$|/factorizations$")
# Of rounding alone, and so of the number of ranks: residuals and their like.
ROUNDING = re.compile(r"residual|defect|balance_error|_error$|energy_decay_db|reciprocity")


def flat(name, value):
    """(name, number or text) of everything in a summary."""
    if isinstance(value, dict):
        return [pair for key, entry in value.items() for pair in flat(f"{name}/{key}", entry)]
    if isinstance(value, list):
        return [pair for k, entry in enumerate(value) for pair in flat(f"{name}/{k}", entry)]
    return [(name, value)]


def history(path):
    """Column -> values of a table."""
    columns = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for column, value in row.items():
                try:
                    value = float(value)
                except ValueError:
                    pass
                columns.setdefault(f"history/{column}", []).append(value)
    return columns


def everything(folder):
    """Name -> values of summary, results, history and fields, but for what the machine decides."""
    found = program.datasets(folder)
    found.update(flat("summary", program.summary(folder)))
    if (folder / "history.csv").exists():
        found.update(history(folder / "history.csv"))
    found.update(program.fields(folder))
    return {name: value for name, value in found.items() if not MACHINE.search(name)}


def numbers(values):
    """As an array of floats or complex numbers; None for texts."""
    array = np.asarray(values)
    if array.dtype.kind in "fciub":
        return array.astype(complex if array.dtype.kind == "c" else float)
    return None


def difference(found, whole, exact):
    """The largest difference over the largest value of its dataset, and the dataset: (0, "") where
    all is equal bit for bit; infinite where texts, names or shapes differ."""
    largest, where = 0.0, ""
    if found.keys() != whole.keys():
        return np.inf, f"names: {sorted(found.keys() ^ whole.keys())}"
    for name, wanted in whole.items():
        if not exact and ROUNDING.search(name):
            continue
        a, b = numbers(found[name]), numbers(wanted)
        if b is None or a is None or a.shape != b.shape:
            distance = 0.0 if str(found[name]) == str(wanted) else np.inf
        elif np.array_equal(a, b, equal_nan=True):
            distance = 0.0
        else:
            scale = np.nanmax(np.abs(b)) if b.size else 0
            distance = np.nanmax(np.abs(a - b)) / (scale or 1)
            distance = float(distance) if distance > 0 else np.inf  # NaN on one side alone
        if distance > largest:
            largest, where = distance, name
    return largest, where
