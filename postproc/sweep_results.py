"""Reads sweep.json, which `symwave collect` makes of the members of a sweep."""
import json
import pathlib
from dataclasses import dataclass, field

import numpy as np

from results import ResultError

FORMAT_VERSION = 1
SHOWN = 6  # key numbers of a report whose sweep file names none
# What a run costs, and what it is judged by, is no result of the sweep.
ASIDE = ("seconds", "memory", "solves", "factorizations", "workspace", "warnings", "complete",
         "restarts", "passes", "_limit", "mesh_error", "residual", "defect", "_error", "step")


@dataclass
class Key:
    """A swept key of the deck with its value for every member."""

    name: str
    unit: str
    numeric: bool
    values: list

    @property
    def label(self):
        return f"{self.name} [{self.unit}]" if self.unit else self.name

    @property
    def different(self):
        return sorted(set(self.values), key=lambda v: (isinstance(v, str), v))


@dataclass
class Sweep:
    sweep: str
    deck: str
    settings: list
    keys: list
    members: list  # dicts: member, folder, values, state, reason, numbers
    folder: pathlib.Path
    plot: list = field(default_factory=list)  # names of key numbers
    absent: list = field(default_factory=list)  # that were asked for, and no member has

    def number(self, name):
        """Of every member; not a number where a member has it not."""
        return np.array([member["numbers"].get(name, np.nan) for member in self.members], float)

    def count(self, state):
        return sum(member["state"] == state for member in self.members)

    @property
    def varying(self):
        """Swept keys with more than one value; of those that go side by side the first."""
        found = []
        for key in self.keys:
            if len(key.different) > 1 and not any(_together(key, other) for other in found):
                found.append(key)
        return found


def _together(key, other):
    """Whether each value of one key comes with one of the other alone, as in lists side by side."""
    pairs = len(set(zip(key.values, other.values)))
    return pairs == len(key.different) == len(other.different)


def read_sweep(folder):
    folder = pathlib.Path(folder)
    path = folder / "sweep.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT_VERSION:
            raise ResultError(f"{path}: is of another version; symwave collect {folder}")
        keys = [Key(key["key"], key["unit"], key["numeric"],
                    [member["values"][k] for member in data["members"]])
                for k, key in enumerate(data["keys"])]
        sweep = Sweep(data["sweep"], data["deck"], data["settings"], keys, data["members"], folder)
        sweep.plot = [name for name in data["plot"] if name in data["numbers"]]
        sweep.absent = [name for name in data["plot"] if name not in data["numbers"]]
        if not data["plot"]:
            sweep.plot = _those_that_vary(sweep, data["numbers"])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ResultError(f"{path}: cannot be read as a sweep ({error}); symwave collect {folder}"
                          ) from error
    return sweep


def _those_that_vary(sweep, names):
    """The first of those that change by more than rounding and are none of ASIDE."""
    chosen = []
    for name in names:
        if any(word in name for word in ASIDE):
            continue
        values = sweep.number(name)
        values = values[np.isfinite(values)]
        constant = len(values) > 1 and np.ptp(values) <= 1e-6 * np.abs(values).max()
        if len(values) and not constant:
            chosen.append(name)
    # Reflections and the like come behind what carries the light.
    chosen.sort(key=lambda name: np.nanmax(np.abs(sweep.number(name))) < 1e-3)
    return chosen[:SHOWN]
