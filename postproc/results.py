"""Reads the output folder of a run: results.h5, summary.json and history.csv.

Lengths are in micrometres. Whatever a run did not write is None or empty here, and `missing` says
so in a sentence; only results.h5 must be there.
"""
import csv
import json
import pathlib
import re
from dataclasses import dataclass, field

import h5py
import numpy as np

import bench_results
import far_field_results
import planes
import training_results
from training_results import TRAINERS

FORMAT_VERSION = 1


class ResultError(Exception):
    """A sentence for the user: what is wrong with the folder and what to do."""


@dataclass
class Device:
    """One solved device: the whole of a simulate job, the first block of a train job."""

    wavelength: np.ndarray = None  # (nw) um
    port_names: list = field(default_factory=list)  # np port modes
    port_lines: np.ndarray = None  # (np, 4) x0, y0, x1, y1
    port_boxes: np.ndarray = None  # (np, 6) x0, y0, z0, x1, y1, z1; 3D
    s_matrix: np.ndarray = None  # (nw, np, np) S[out][in]
    n_eff: np.ndarray = None  # (nw, np)
    power: dict = field(default_factory=dict)  # name -> (nw, np) per input
    x: np.ndarray = None  # (nx)
    y: np.ndarray = None  # (ny)
    index: np.ndarray = None  # (nx, ny)
    fields: np.ndarray = None  # (nports, nx, ny)
    modulus: np.ndarray = None  # (nports, nx, ny), |E| where `fields` is one of its components
    field_wavelength: float = None  # um, of fields, where results.h5 names it
    residual: np.ndarray = None  # (nw)
    elements: list = field(default_factory=list)  # elements.Element
    group_index: np.ndarray = None  # (nw, np)
    component: str = ""  # of the fields, where results.h5 names it
    axes: str = "xy"  # of x and y in these pictures
    position: float = 0.0  # of the plane along the third axis
    mirrored: tuple = (0, 0)  # signs of the field beyond mirror planes at 0, see planes.unfolded
    slices: list = field(default_factory=list)  # Device: other planes of a device in 3D

    @property
    def centre(self):
        """Number of the wavelength in the middle of the list."""
        return 0 if self.wavelength is None else len(self.wavelength) // 2


@dataclass
class Results:
    folder: pathlib.Path
    meta: dict = field(default_factory=dict)  # attributes, deck, resolved_deck
    libraries: dict = field(default_factory=dict)
    timers: dict = field(default_factory=dict)
    device: Device = None
    classes: list = field(default_factory=list)
    commands: list = field(default_factory=list)  # of a block of a chip: their names
    trainers: dict = field(default_factory=dict)  # trainer -> {name: array}
    tasks: list = field(default_factory=list)  # training_results.Task, at several wavelengths
    elements: list = field(default_factory=list)  # elements.Element, trainable
    crosstalk: np.ndarray = None  # (elements, elements)
    deployed: list = field(default_factory=list)  # of other trainings: nested dictionaries
    sweeps: dict = field(default_factory=dict)  # error -> {name: array, "unit": text}
    summary: dict = field(default_factory=dict)
    history: dict = field(default_factory=dict)  # trainer -> {column: array}
    flux: dict = field(default_factory=dict)  # monitor -> (nw)
    shares: dict = field(default_factory=dict)  # monitor -> (nw), over the incident power
    source: dict = field(default_factory=dict)  # angle, reflected, transmitted, ... -> (nw)
    input_flux: dict = field(default_factory=dict)  # input -> monitor -> (nw), over the launched
    warnings: list = field(default_factory=list)  # of the run, as in its log
    resonances: dict = field(default_factory=dict)  # probe -> {name: array}
    far_fields: dict = field(default_factory=dict)  # monitor -> {name: array}
    diffraction: dict = field(default_factory=dict)  # monitor -> {name: array}
    bench: bench_results.Bench = None  # of a training on an optical bench
    spots: dict = field(default_factory=dict)  # "focus", "hidden_object" -> nested arrays
    missing: list = field(default_factory=list)

    @property
    def title(self):
        found = re.search(r"^title:[ \t]*(.+)$", self.meta.get("resolved_deck", ""), re.MULTILINE)
        text = found.group(1).strip().strip("\"'") if found else ""
        return text or self.folder.resolve().name

    @property
    def component(self):
        """The field component in the pictures."""
        if self.device is not None and self.device.component:
            return self.device.component
        found = re.search(r"\bpolarization:\s*(Ez|Hz)\b", self.meta.get("resolved_deck", ""))
        return found.group(1) if found else "E"

    def deck(self, path):
        """The text of the value `a.b` of the resolved deck, None when it is not there."""
        keys = path.split(".")
        depth = 0
        for line in self.meta.get("resolved_deck", "").splitlines():
            indent = (len(line) - len(line.lstrip(" "))) // 2
            if indent < depth:
                return None
            key, _, value = line.strip().partition(":")
            if indent > depth or key != keys[depth]:
                continue
            depth += 1
            if depth == len(keys):
                return value.strip()
        return None

    @property
    def in_time_domain(self):
        return self.summary.get("method") == "time_domain"

    @property
    def has_fabrication_errors(self):
        sizes = (self.deck(f"fabrication.{key}") or "0" for key in
                 ("thickness_bias", "thickness_sigma", "etch_bias", "roughness",
                  "index_sigma"))
        return any(float(size.split()[0]) != 0 for size in sizes)

    def number(self, key):
        """The number `a.b` of summary.json, written flat or nested; None when it is not there."""
        return lookup(self.summary, key)


def lookup(summary, key):
    value = summary.get(key)
    if value is None:
        value = summary
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def _strings(dataset):
    return [_text(value) for value in np.atleast_1d(dataset[()]).ravel()]


def _array(group, name, dimensions):
    """The dataset `name`, None when it is not there; a wrong number of dimensions is an error."""
    if group is None or name not in group:
        return None
    values = np.asarray(group[name][()])
    if values.ndim != dimensions:
        raise ResultError(f"{group.file.filename}: {group.name}/{name} has {values.ndim} "
                          f"dimensions instead of {dimensions}; run the deck again with this "
                          "version")
    return values if values.size else None


def _json(group, name):
    if name not in group:
        return {}
    try:
        value = json.loads(_strings(group[name])[0])
    except (ValueError, IndexError):
        return {}
    return value if isinstance(value, dict) else {}


def _read_meta(file, results):
    meta = file.get("meta")
    if meta is None:
        results.missing.append("results.h5 has no /meta: deck and versions are unknown")
        return
    results.meta = {key: _text(value) for key, value in meta.attrs.items()}
    version = results.meta.get("format_version", str(FORMAT_VERSION))
    if version != str(FORMAT_VERSION):
        raise ResultError(f"{file.filename} has format version {version}, this report reads "
                          f"{FORMAT_VERSION}; use the report of the symwave that wrote it")
    for name in ("deck", "resolved_deck"):
        if name in meta:
            results.meta[name] = _strings(meta[name])[0]
    results.libraries = _json(meta, "libraries")
    results.timers = _json(meta, "timers")
    if "warnings" in meta:
        results.warnings = _strings(meta["warnings"])[0].splitlines()


def _number(view, name):
    return float(np.ravel(view.attrs[name])[0]) if name in view.attrs else None


def _read_slice(view, axes="xy"):
    mirror = tuple(int(sign) for sign in view.attrs.get("mirror", (0, 0)))
    plane = {"x": _array(view, "x", 1), "y": _array(view, "y", 1),
             "index": _array(view, "index", 2), "fields": _array(view, "field", 3),
             "modulus": _array(view, "modulus", 3),
             "component": _text(view.attrs.get("component", "")),
             "axes": _text(view.attrs.get("axes", axes)),
             "position": _number(view, "position") or 0.0,
             "field_wavelength": _number(view, "wavelength"), "mirrored": mirror}
    return planes.equally_spaced(planes.unfolded(plane, mirror))


def _read_views(group, device):
    """The first plane is the device's own picture, the others are its slices."""
    views = [group[name] for name in ("view", "view_xz", "view_yz") if name in group]
    for number, view in enumerate(views):
        found = _read_slice(view)
        if number == 0:
            for key, value in found.items():
                setattr(device, key, value)
        else:
            device.slices.append(Device(port_names=device.port_names,
                                        port_boxes=device.port_boxes, **found))
    if not device.slices:
        device.port_boxes = None  # 2D: the lines say all


def _spectra(above, key):
    """monitor -> values per wavelength, of those that have them."""
    found = {name: _array(group, key, 1) for name, group in above.get("flux", {}).items()}
    return {name: values for name, values in found.items() if values is not None}


def _read_monitors(file, results):
    results.flux = _spectra(file, "power")
    results.shares = _spectra(file, "share")
    results.input_flux = {name: _spectra(group, "power") for name, group in
                          file.get("input", {}).items()}
    source = file.get("source", {})
    results.source = {key: _array(source, key, 1) for key in source}
    for name, group in file.get("resonances", {}).items():
        results.resonances[name] = {key: _array(group, key, 1) for key in group}
    results.far_fields = far_field_results.far_fields(file, _array)
    results.diffraction = far_field_results.orders(file, _array)


def _read_device(group):
    ports, power = group.get("ports"), group.get("power")
    device = Device(
        wavelength=_array(group, "wavelength", 1),
        port_names=_strings(ports["name"]) if ports is not None and "name" in ports else [],
        port_lines=_array(ports, "line", 2),
        port_boxes=_array(ports, "box", 2),
        s_matrix=_array(group, "s_matrix", 3),
        n_eff=_array(group, "n_eff", 2),
        residual=_array(group, "residual", 1),
        group_index=_array(group, "group_index", 2),
    )
    for name in ("transmitted", "reflected", "radiated", "absorbed", "balance_error"):
        values = _array(power, name, 2)
        if values is not None:
            device.power[name] = values
    if not device.port_names and device.s_matrix is not None:
        device.port_names = [str(port) for port in range(device.s_matrix.shape[1])]
    _read_views(group, device)
    return device


def _read_deployed(group, results):
    for number in sorted(group, key=int):
        one = _tree(group[number])
        one.update({name: one[name][0] for name in ("file", "trainer")})
        results.deployed.append(one)


def _read_sweeps(file, results):
    for error, group in file["sweep"].items():
        found = {name: _array(group, name, 1) for name in group}
        sweep = {key: value for key, value in found.items() if value is not None}
        if "size" not in sweep:
            continue
        for name in sweep:
            if len(sweep[name]) != len(sweep["size"]):
                raise ResultError(f"{file.filename}: {group.name}/{name} is not as long as size")
        sweep["unit"] = _text(group.attrs.get("unit", ""))
        results.sweeps[error] = sweep


def _tree(group):
    """A group as nested dictionaries of arrays and lists of text."""
    found = {}
    for name, item in group.items():
        if isinstance(item, h5py.Group):
            found[name] = _tree(item)
        else:
            found[name] = _strings(item) if item.dtype.kind in "OS" else np.asarray(item[()])
    return found


def _read_hdf5(path, results):
    if not path.is_file():
        raise ResultError(f"{path} does not exist; `symwave run` writes it")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise ResultError(f"{path} is not a complete HDF5 file ({_reason(error)}); "
                          f"{_remedy(path.parent)}") from None
    try:
        with file:
            _read_meta(file, results)
            group = file.get("block", file)
            if any(name in group for name in ("s_matrix", "view", "view_xz", "view_yz", "flux",
                                              "resonances", "far_field", "diffraction")):
                results.device = _read_device(group)
            _read_monitors(file, results)
            if "training" in file:
                training_results.read(file["training"], results, _array, _strings)
            if "deployed" in file:
                _read_deployed(file["deployed"], results)
            results.bench = bench_results.read(file)
            for name in ("focus", "hidden_object"):
                if name in file:
                    results.spots[name] = _tree(file[name])
            if "sweep" in file:
                _read_sweeps(file, results)
    except (OSError, KeyError, RuntimeError, AttributeError) as error:
        raise ResultError(f"{path} is damaged ({_reason(error)}); "
                          f"{_remedy(path.parent)}") from None


def _remedy(folder):
    """Trainings leave checkpoints and can go on; simulations start again."""
    if any(folder.glob("checkpoint*.h5*")) or any((folder / "running").glob("checkpoint*.h5*")):
        return "run the deck again, or go on with --resume"
    return "run the deck again"


def _reason(error):
    text = str(error).strip("'\"").lower()
    for sign, reason in (("truncated", "truncated"), ("signature", "not HDF5"),
                         ("permission", "no permission to read it"), ("lock", "still written to")):
        if sign in text:
            return reason
    return text.split("\n")[0][:120]


def read_summary(path):
    """The contents of a summary.json."""
    try:
        summary = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(f"{path} cannot be read ({error}); run the deck again") from None
    if not isinstance(summary, dict):
        raise ResultError(f"{path} is not a table of numbers; run the deck again")
    return summary


def _read_history(path):
    """history.csv as arrays per trainer; lines that are not whole (a killed run) are left out."""
    rows = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            try:
                trainer = row.pop("trainer")
                values = {key: float(value) for key, value in row.items() if key is not None}
            except (KeyError, TypeError, ValueError):
                continue
            rows.setdefault(trainer, []).append(values)
    return {trainer: {key: np.array([line.get(key, np.nan) for line in lines]) for key in lines[0]}
            for trainer, lines in rows.items()}


def read_results(folder):
    """Everything in `folder`; raises ResultError."""
    folder = pathlib.Path(folder)
    if not folder.is_dir():
        raise ResultError(f"{folder} is not a folder; give the output folder of a run, "
                          "e.g. out/iris_chip")
    results = Results(folder)
    _read_hdf5(folder / "results.h5", results)
    if (folder / "summary.json").is_file():
        results.summary = read_summary(folder / "summary.json")
    else:
        results.missing.append("there is no summary.json: the key numbers are left out")
    if (folder / "history.csv").is_file():
        results.history = _read_history(folder / "history.csv")
        for trainer, columns in results.history.items():
            if trainer not in TRAINERS or results.spots:
                continue
            known = results.trainers.setdefault(trainer, {})
            for name in ("loss", "train_accuracy", "test_accuracy", "gradient_norm"):
                if name in columns:
                    known.setdefault(name, columns[name])
    return results
