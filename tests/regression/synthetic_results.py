"""Output folders with made-up numbers in the layout of a run, for tests of the report."""
import json

import h5py
import numpy as np

CLASSES = ["setosa", "versicolor", "virginica"]
TRAINERS = ("forward_mode", "in_silico", "reverse")

DECK = """job: train
title: "Made-up chip <of> two blocks"
grid: {polarization: Ez, cell: 0.05 um}
training:
  error_pass: symmetric
  symmetry_threshold: 0.1
"""


def _complex(values):
    """Compound {r, i}, which is what the program writes."""
    return np.asarray(values, dtype=np.complex128)


def _unitary(rng, size):
    """A random symmetric unitary matrix."""
    q, _ = np.linalg.qr(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))
    return q @ q.T


def write_meta(file, deck=DECK):
    meta = file.create_group("meta")
    meta.attrs["format_version"] = 1
    meta.attrs["symwave_version"] = "0.1.0"
    meta.attrs["ranks"] = 2
    meta["deck"] = deck
    meta["resolved_deck"] = deck
    meta["libraries"] = json.dumps({"PETSc": "3.18.5", "MUMPS": "5.5.1", "BLAS": "OpenBLAS 0.3.21"})
    meta["timers"] = json.dumps({"factorization": 31.25, "solve": 74.5, "modes": 0.4})


def _ports(pairs, half_length, pitch):
    """(name, line) of `pairs` guides on each side."""
    heights = (np.arange(pairs) - (pairs - 1) / 2) * pitch
    names, lines = [], []
    for side, x in (("in", -half_length), ("out", half_length)):
        for number, y in enumerate(heights):
            names.append(f"{side}{number + 1}")
            lines.append([x, y - pitch / 2, x, y + pitch / 2])
    return names, np.array(lines), heights


def _index(x, y, half_length, heights, core_half):
    """Guides that open into a multimode core around x = 0."""
    index = np.full((len(x), len(y)), 1.444)
    inside_core = np.abs(x) < half_length / 2.2
    index[np.ix_(inside_core, np.abs(y) < core_half)] = 2.848
    for height in heights:
        index[np.ix_(~inside_core, np.abs(y - height) < 0.23)] = 2.848
    return index


def write_device(group, pairs=4, pitch=1.5, half_length=9.0, wavelengths=(1.55,), seed=1):
    """S-matrix, powers, ports and view of a device with `pairs` guides on each side."""
    rng = np.random.default_rng(seed)
    names, lines, heights = _ports(pairs, half_length, pitch)
    count = len(names)
    s_matrix = np.zeros((len(wavelengths), count, count), complex)
    for number, wavelength in enumerate(wavelengths):
        w = 0.86 * _unitary(np.random.default_rng(seed), pairs)
        w = w * np.exp(40j * (wavelength - 1.55))
        s_matrix[number, pairs:, :pairs] = w
        s_matrix[number, :pairs, pairs:] = w.T
        s_matrix[number] += 1e-2 * np.eye(count)
    group["wavelength"] = np.array(wavelengths)
    group["ports/name"] = names
    group["ports/line"] = lines
    group["s_matrix"] = _complex(s_matrix)
    group["n_eff"] = _complex(np.full((len(wavelengths), count), 2.5312))
    power = np.abs(s_matrix) ** 2
    reflected = np.einsum("wii->wi", power)
    transmitted = power.sum(axis=1) - reflected
    group["power/reflected"] = reflected
    group["power/transmitted"] = transmitted
    group["power/absorbed"] = np.zeros_like(reflected)
    group["power/radiated"] = 1 - reflected - transmitted
    group["power/balance_error"] = 1e-9 * rng.normal(size=reflected.shape)
    x = np.linspace(-half_length - 2, half_length + 2, 221)
    y = np.linspace(-pairs * pitch / 2 - 2, pairs * pitch / 2 + 2, 121)
    index = _index(x, y, half_length, heights, pairs * pitch / 2 + 0.6)
    group["view/x"], group["view/y"] = x, y
    group["view/index"] = index.astype(np.float32)
    fields = [np.exp(-((y[None, :] - height) / (0.6 + 0.25 * np.abs(x[:, None] + 5))) ** 2)
              * np.exp(9.0j * x[:, None]) * (0.25 + (index > 2)) for height in heights]
    group["view/field"] = _complex(fields).astype(np.complex64)
    group["residual"] = np.full(len(wavelengths), 2.3e-13)


def write_elements(training, centres, size, images, losses=()):
    """Boxes as elements; images: numbers of the mirror images, losses: those of attenuators."""
    for name in ("elements", "element_names", "element_changes", "element_images",
                 "element_outlines", "crosstalk"):
        training.pop(name, None)
    half = np.array(size) / 2
    boxes = np.array([np.r_[centre - half, centre + half] for centre in np.array(centres, float)])
    training["elements"] = boxes
    training["element_names"] = [f"heater{1 + k}" for k in range(len(boxes))]
    training["element_changes"] = ["loss" if k in losses else "phase" for k in range(len(boxes))]
    training["element_images"] = images
    training["element_outlines"] = [[k, 0, x, y] for k, (x0, y0, x1, y1) in enumerate(boxes)
                                    for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def write_training(file, epochs=120, elements=8, blocks=2):
    rng = np.random.default_rng(2)
    training = file.create_group("training")
    training["classes"] = CLASSES
    heights = (np.arange(elements) - (elements - 1) / 2) * 0.9
    write_elements(training, [(0, y) for y in heights], (3, 0.7), list(range(elements)))
    training["crosstalk"] = 0.05 ** np.abs(np.subtract.outer(range(elements), range(elements)))
    epoch = np.arange(epochs)
    for trainer in TRAINERS:
        group = training.create_group(trainer)
        loss = 0.12 + 0.98 * np.exp(-epoch / 25) + 0.008 * rng.normal(size=epochs)
        group["loss"] = loss
        group["train_accuracy"] = np.clip(1.03 - 0.65 * np.exp(-epoch / 14), 0, 0.98)
        group["test_accuracy"] = np.clip(1.00 - 0.65 * np.exp(-epoch / 15), 0, 0.956)
        group["gradient_norm"] = np.exp(-epoch / 40)
        group["symmetry_defect"] = (0.02 if trainer == "forward_mode" else 1e-14) * (2 + np.sin(epoch))
        group["commands"] = rng.normal(scale=0.9, size=(blocks, elements))
        group["confusion"] = [[15, 0, 0], [0, 14, 1], [0, 1, 14]]
    training["in_silico/deployed_confusion"] = [[9, 6, 0], [8, 3, 4], [15, 0, 0]]


def write_sweep(file):
    for name, unit, sizes in (("roughness", "um", [0, 0.001, 0.002, 0.005, 0.01]),
                              ("thickness_bias", "um", [0, 0.001, 0.003, 0.006, 0.01]),
                              ("offset_range", "rad", [0, 0.5, 1.0, 2.0, 3.14])):
        group = file.create_group(f"sweep/{name}")
        group.attrs["unit"] = unit
        size = np.array(sizes) / sizes[-1]
        breaks = size if name == "roughness" else 0 * size
        group["size"] = sizes
        group["accuracy"] = 0.955 - 0.25 * breaks**2
        group["accuracy_deployed"] = 0.3 + 0.65 * np.exp(-4 * size)
        group["gradient_cosine"] = 1 - 0.7 * breaks**2
        group["symmetry_defect"] = 0.35 * breaks
        if name == "offset_range":  # of several devices
            group["accuracy_reverse"] = 0.955 + 0 * size
            group["accuracy_spread"] = group["accuracy_deployed_spread"] = 0.1 * size


def write_texts(folder, trainers=TRAINERS):
    """summary.json and history.csv."""
    summary = {"passes": 72000, "solves": 5760, "factorizations": 720, "seconds": 171.3,
               "memory_mb": 512, "reciprocity_defect": 4.1e-13,
               "energy_balance_error": 3.3e-9, "max_relative_residual": 2.3e-13}
    if trainers:
        summary.update({"forward_mode.test_accuracy": 0.956, "in_silico.model_test_accuracy": 0.956,
                        "in_silico.deployed_test_accuracy": 0.267, "reverse.test_accuracy": 0.956,
                        "symmetry_defect": 0.031, "condensation_defect": 2.0e-12})
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    lines = ["trainer,epoch,loss,train_accuracy,test_accuracy,gradient_norm,passes,seconds"]
    for trainer in trainers:
        lines += [f"{trainer},{e},{1 / e},{1 - 0.6 / e},{0.95 - 0.6 / e},{1 / e},{200 * e},{e / 3}"
                  for e in range(1, 21)]
    (folder / "history.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


TIME_DOMAIN_DECK = """job: simulate
title: Made-up grating
solver:
  method: time_domain
  precision: float32
  stop:
    decay: 1e-07
    max_time: 20 um
"""


def make_plane_wave(folder, converged=True, warnings=""):
    """A tall period in time domain, lit by a plane wave."""
    wavelength = np.linspace(0.8, 1.0, 21)
    reflected = 0.02 + 0.9 / (1 + ((wavelength - 0.93) / 0.005) ** 2)
    with h5py.File(folder / "results.h5", "w") as file:
        write_meta(file, TIME_DOMAIN_DECK)
        if warnings:
            file["meta/warnings"] = warnings
        file["wavelength"] = wavelength
        file["source/angle"] = 180 / np.pi * np.arcsin(2 * wavelength / (2 * np.pi))
        file["source/reflected"] = reflected
        file["source/transmitted"] = 1 - reflected
        file["source/absorbed"] = 0 * reflected
        file["flux/up/power"] = 1e-4 * (1 - reflected)
        file["flux/up/share"] = 1 - reflected
        x, y = np.linspace(-0.25, 0.25, 41), np.linspace(-1.5, 1.5, 241)
        file["view/x"], file["view/y"] = x, y
        file["view/index"] = (1 + (np.abs(y) < 0.2) * np.ones((41, 1))).astype(np.float32)
        file["view/field"] = np.exp(6j * y * np.ones((1, 41, 1))).astype(np.complex64)
        file["view"].attrs["wavelength"] = 0.9
    summary = {"method": "time_domain", "converged": converged, "energy_balance_error": 4e-5,
               "energy_decay_db": -71.0 if converged else -12.0, "steps": 4000, "seconds": 2.0}
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")


def add_far_fields(folder):
    """A layered far field in the plane and over the sphere, and the orders of a grating."""
    with h5py.File(folder / "results.h5", "a") as file:
        phi = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        polar = np.repeat(np.linspace(0, np.pi, 19), 24)
        around = np.tile(np.linspace(0, 2 * np.pi, 24, endpoint=False), 19)
        for name, theta, azimuth, axis in (("plane", 0 * phi + np.pi / 2, phi, 1),
                                           ("sphere", polar, around, 2)):
            group = file.create_group(f"far_field/{name}")
            group["theta"], group["phi"] = theta, azimuth
            group["intensity"] = np.ones((21, 1)) * np.sin(theta) ** 2 + 0.01
            group["power_below"], group["power_above"] = 0.6 * np.ones(21), 0.3 * np.ones(21)
            group["power"], group["flux"] = 0.9 * np.ones(21), np.ones(21)
            group["index"] = np.ones((21, 1)) * [1.5, 1.0]
            group["interfaces"] = [0.0]
            group.attrs["axis"] = axis
        group = file.create_group("diffraction/orders")
        group["order"] = [[-1], [0]]
        group["angle"] = np.ones((21, 1)) * [np.nan, 18.0]
        group["efficiency"] = np.ones((21, 1, 1)) * [[0.0, 0.0], [0.25, 0.75]]
        group["power"] = group["efficiency"][()]


def make_train(folder):
    with h5py.File(folder / "results.h5", "w") as file:
        write_meta(file)
        write_device(file.create_group("block"))
        write_training(file)
        write_sweep(file)
    write_texts(folder)


def change_elements(folder, centres, size, images, losses=(), blocks=2):
    """Other elements, and commands of two turns for them."""
    with h5py.File(folder / "results.h5", "a") as file:
        training = file["training"]
        write_elements(training, centres, size, images, losses)
        for trainer in TRAINERS:
            commands = np.linspace(-6, 6, blocks * len(centres)).reshape(blocks, -1)
            commands[:, list(losses)] = np.abs(commands[:, list(losses)])
            del training[trainer]["commands"]
            training[trainer]["commands"] = commands


def make_simulate(folder, wavelengths=tuple(np.linspace(1.5, 1.6, 11))):
    with h5py.File(folder / "results.h5", "w") as file:
        write_meta(file, "job: simulate\ntitle: Made-up coupler\n")
        write_device(file, pairs=2, pitch=3.0, wavelengths=wavelengths)
    write_texts(folder, trainers=())
