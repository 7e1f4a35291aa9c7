"""Curves over the size of one error of an optical bench."""
import numpy as np
from matplotlib.ticker import PercentFormatter

from figure_style import COLORS, INK, LABELS, MUTED, clean, plt, svg

NOISE = ("photons", "noise")
NAMES = {"screen": "rough screen", "off_centre": "screen off the centre",
         "photons": "light", "noise": "noise of the field"}
AXES = {"photons": "signal photons per pixel and frame", "noise": "rms over rms of the field",
        "defocus": "Zernike Z4 [rad]", "spherical": "Zernike Z11 [rad]",
        "coma": "Zernike Z8 [rad]", "screen": "rms phase [rad]"}


def groups(bench):
    """(heading, note, names) of the curves that belong together."""
    even = [n for n, s in bench.sweeps.items() if s.even and n not in NOISE]
    odd = [n for n, s in bench.sweeps.items() if not s.even]
    noise = [n for n in NOISE if n in bench.sweeps]
    found = (("Even errors", "They leave the path mirror-symmetric: the light that carries the "
              "error back meets the same optics, whatever they are.", even),
             ("Odd errors", "They break the symmetry: on the way back the error would need the "
              "mirrored bench.", odd),
             ("Noise", "It blurs every measurement, of the data pass and of the error pass.",
              noise))
    return [group for group in found if group[2]]


def curves(bench, names):
    """A column per error: cosine of the gradient above, accuracy below."""
    columns = min(len(names), 4)
    rows = -(-len(names) // columns)
    width = {1: 6.2, 2: 8.6}.get(columns, 2.85 * columns)
    figure, panels = plt.subplots(2 * rows, columns, figsize=(width, 5.0 * rows), squeeze=False,
                                  constrained_layout=True)
    for number, name in enumerate(names):
        row, column = divmod(number, columns)
        _draw(panels[2 * row][column], panels[2 * row + 1][column], name, bench.sweeps[name],
              first=column == 0)
    for number in range(len(names), rows * columns):
        row, column = divmod(number, columns)
        panels[2 * row][column].set_visible(False)
        panels[2 * row + 1][column].set_visible(False)
    handles = {}
    for axes in panels.flat:
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    figure.legend(handles.values(), handles.keys(), loc="lower center", bbox_to_anchor=(0.5, 1.0),
                  ncol=min(len(handles), 4))
    return svg(figure)


# Columns of the energy per operation, and how their curves are drawn.
ENERGIES = {"joules_per_operation": ("signal alone", "-"),
            "joules_per_operation_with_reference": ("with the reference wave", (0, (4, 2.2)))}


def has_energies(bench):
    """Whether light was swept over by a camera that counts photons."""
    return "photons" in bench.sweeps and set(ENERGIES) <= set(bench.sweeps["photons"].columns)


def energies(bench):
    """Energy of an operation over the photons of a pixel and frame."""
    sweep = bench.sweeps["photons"]
    figure, axes = plt.subplots(figsize=(4.6, 3.2), constrained_layout=True)
    order = np.argsort(sweep.size)
    for column, (label, style) in ENERGIES.items():
        axes.plot(sweep.size[order], sweep.columns[column][order], color=INK, linestyle=style,
                  marker="o", markersize=4, label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(AXES["photons"])
    axes.set_ylabel("energy per operation [J]")
    clean(axes)
    axes.legend(loc="best", handlelength=3.5)
    return svg(figure)


def _draw(above, below, name, sweep, first):
    size, unit = _sizes(name, sweep)
    order = np.argsort(size)
    for method, values in sweep.named("cosine_start").items():
        above.plot(size[order], values[order], color=COLORS[method], marker="o", markersize=4,
                   label=LABELS[method])
    for method, values in sweep.named("cosine_end").items():
        above.plot(size[order], values[order], color=COLORS[method], marker="s", markersize=3,
                   linewidth=1.0, linestyle=(0, (3, 2)), alpha=0.75)
    for trainer, values in sweep.named("accuracy").items():
        below.plot(size[order], values[order], color=COLORS.get(trainer, INK), marker="o",
                   markersize=4, label=LABELS.get(trainer, trainer))
    lowest = min([0.0] + [float(np.nanmin(v)) for n, v in sweep.columns.items() if "cosine" in n])
    above.set_ylim(1.1 * lowest, 1.05)
    above.set_title(NAMES.get(name, name.replace("_", " ")))
    below.set_ylim(0, 1.03)
    below.yaxis.set_major_formatter(PercentFormatter(1))
    below.set_xlabel(unit)
    if first:
        above.set_ylabel("cosine with the true gradient")
        below.set_ylabel("test accuracy on the bench")
    for axes in (above, below):
        if name == "photons":
            axes.set_xscale("log")
        clean(axes)


def _sizes(name, sweep):
    """Sizes in the unit of the axis, and its label."""
    if name == "rotation":
        return np.degrees(sweep.size), "angle [°]"
    if name in AXES:
        return sweep.size, AXES[name]
    if sweep.unit == "um" and np.max(np.abs(sweep.size)) >= 1000:
        return 1e-3 * sweep.size, "length [mm]"
    return sweep.size, "length [µm]" if sweep.unit == "um" else f"size [{sweep.unit}]"
