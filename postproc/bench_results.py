"""Reads what a training on an optical bench adds to results.h5."""
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Bench:
    """Planes are [y][x]; intensities are over their mean."""

    pitch: float = 0.0  # um
    distance: float = 0.0  # um
    wavelength: float = 0.0  # um
    regions: np.ndarray = None  # class of the detector at a pixel, -1 without one
    images: np.ndarray = None  # (ns, rows, columns) 0 to 255
    labels: np.ndarray = None  # (ns)
    masks: dict = field(default_factory=dict)  # trainer -> (layers, ny, nx) rad
    on_bench: dict = field(default_factory=dict)  # trainer -> (layers, ns, ny, nx)
    on_model: dict = field(default_factory=dict)  # the same masks in the model
    similarity: dict = field(default_factory=dict)  # trainer -> (layers)
    passes: dict = field(default_factory=dict)  # trainer -> per epoch
    sweeps: dict = field(default_factory=dict)  # error -> Sweep

    @property
    def width(self):
        """Of a plane along x, in millimetres."""
        return 1e-3 * self.pitch * self.regions.shape[1]

    @property
    def ideal(self):
        """Light of the network that was trained in silico, on its model; None without one."""
        return self.on_model.get("in_silico")


@dataclass
class Sweep:
    unit: str
    even: bool
    size: np.ndarray
    # accuracy_<trainer>, cosine_start_<method>, cosine_end_<method>, joules_per_operation and the
    # same ..._with_reference
    columns: dict

    def named(self, kind):
        """Trainer or method -> values of the columns `kind`_..."""
        return {name[len(kind) + 1:]: values for name, values in self.columns.items()
                if name.startswith(kind + "_")}


def read(file):
    """The bench of an open results.h5, None when it is not one."""
    if "bench" not in file or "training" not in file:
        return None
    group = file["bench"]
    bench = Bench(pitch=float(group["pitch"][()]), distance=float(group["distance"][()]),
                  wavelength=float(group["wavelength"][()]), regions=group["regions"][()],
                  images=group["images"][()], labels=group["labels"][()])
    parts = {"masks": bench.masks, "trace_bench": bench.on_bench, "trace_model": bench.on_model,
             "similarity": bench.similarity, "passes": bench.passes}
    for trainer, data in file["training"].items():
        for name, target in parts.items():
            if hasattr(data, "keys") and name in data:
                target[trainer] = np.asarray(data[name][()])
    for error, data in file.get("bench_sweep", {}).items():
        columns = {name: np.asarray(data[name][()]) for name in data if name != "size"}
        unit = data.attrs.get("unit", "")
        bench.sweeps[error] = Sweep(unit.decode() if isinstance(unit, bytes) else str(unit),
                                    bool(np.ravel(data.attrs.get("even", 0))[0]),
                                    np.asarray(data["size"][()]), columns)
    return bench
