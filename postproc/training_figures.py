"""Pictures of training: curves, confusion matrices, trained phases, error sweeps."""
import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from figure_style import (BLUES, COLORS, INK, LABELS, LINES, MUTED, clean, plt, svg)

# Errors that leave the block mirror-symmetric: of the whole layer, heat that depends on distances, and those of the
# drive where every element is its own mirror image. All others, such as local roughness, break the symmetry.
SYMMETRIC_ERRORS = ("thickness_bias", "etch_bias", "crosstalk")
DRIVE_ERRORS = ("offset_range", "gain_sigma")
MOST_NAMES = 24  # of commands, side by side below the panels
MOST_BARS = 24  # commands that stand beside each other


def _curve(values):
    """Epochs and values, without the epochs at which nothing was measured."""
    measured = np.flatnonzero(np.isfinite(values))
    return measured + 1, values[measured]


def training_curves(results):
    """Loss and accuracy of all trainers over the epochs; the deployed network as a fall."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.5), constrained_layout=True)
    for trainer, data in results.trainers.items():
        style = LINES[trainer]
        if "loss" in data:
            left.plot(*_curve(data["loss"]), label=LABELS[trainer], **style)
        if "test_accuracy" in data:
            right.plot(*_curve(data["test_accuracy"]), **style)
        if "train_accuracy" in data:
            right.plot(*_curve(data["train_accuracy"]),
                       **{**style, "linewidth": 0.9, "alpha": 0.5})
    _mark_deployment(right, results)
    left.set_ylabel("loss")
    left.set_ylim(bottom=0)
    right.set_ylabel("accuracy")
    right.set_ylim(0, 1.03)
    right.yaxis.set_major_formatter(PercentFormatter(1))
    right.set_title("test (strong) and training part (faint)")
    left.set_title("training part")
    for axes in (left, right):
        axes.set_xlabel("epoch")
        clean(axes)
    left.legend()
    return svg(figure)


def _mark_deployment(axes, results):
    """An arrow from the accuracy in silico to that of the same commands on the hardware."""
    model = results.number("in_silico.model_test_accuracy")
    deployed = results.number("in_silico.deployed_test_accuracy")
    curve = results.trainers.get("in_silico", {}).get("test_accuracy")
    if deployed is None or curve is None:
        return
    end = len(curve)
    start = model if model is not None else float(curve[-1])
    axes.annotate("", (end, deployed), (end, start),
                  arrowprops={"arrowstyle": "-|>", "color": COLORS["in_silico"], "linewidth": 1.3,
                              "shrinkA": 0, "shrinkB": 3})
    axes.plot([end], [deployed], "o", color=COLORS["in_silico"], markersize=6, zorder=5)
    axes.annotate(f"in silico, deployed: {100 * deployed:.0f} %", (end, deployed), (-8, 0),
                  textcoords="offset points", ha="right", va="center", fontsize=9,
                  color=COLORS["in_silico"])


def symmetry(curves, threshold):
    """Defects of the programmed device per epoch (curves: trainer -> values), and the threshold."""
    figure, axes = plt.subplots(figsize=(10.4, 3.1), constrained_layout=True)
    for trainer, values in curves.items():
        epochs, measured = _curve(np.where(values > 0, values, np.nan))
        marker = "o" if len(measured) <= 30 else None
        axes.plot(epochs, measured, marker=marker, markersize=4, label=LABELS[trainer],
                  **LINES[trainer])
    axes.set_yscale("log")
    if threshold is not None:
        axes.axhline(threshold, color=INK, linewidth=1.2, linestyle=(0, (5, 2.5)), zorder=2)
        axes.annotate(f"symmetry_threshold {threshold:g}", (1, threshold), (-4, 4), color=INK,
                      xycoords=axes.get_yaxis_transform(), textcoords="offset points", ha="right",
                      va="bottom", fontsize=9)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.08)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch")
    axes.set_ylabel("symmetry defect")
    clean(axes)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return svg(figure)


def confusion_matrices(results):
    """One matrix per trained network, rows true, columns predicted; None when there is none."""
    found = []
    for trainer, data in results.trainers.items():
        model = ", on the model" if trainer == "in_silico" else ""
        if "confusion" in data:
            found.append((LABELS[trainer] + model, data["confusion"]))
        if "deployed_confusion" in data:
            found.append((LABELS[trainer] + ", deployed", data["deployed_confusion"]))
    if not found:
        return None
    many = len(found[0][1]) > 5
    columns = min(len(found), 3) if many else len(found)
    rows = -(-len(found) // columns)
    side = 3.5 if many else 2.75
    figure, panels = plt.subplots(rows, columns, squeeze=False, constrained_layout=True,
                                  figsize=(min(side * columns + 0.5, 11), (side + 0.35) * rows))
    for number, (axes, (title, counts)) in enumerate(zip(panels.flat, found)):
        _draw_confusion(axes, title, np.asarray(counts), results.classes,
                        first=number % columns == 0)
    for axes in panels.flat[len(found):]:
        axes.set_visible(False)
    return svg(figure)


def _draw_confusion(axes, title, counts, classes, first):
    labels = classes if len(classes) == len(counts) else [str(k) for k in range(len(counts))]
    rows = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(counts / rows, cmap=BLUES, vmin=0, vmax=1)
    if len(counts) <= 12:
        for (row, column), count in np.ndenumerate(counts):
            strong = count / rows[row, 0] > 0.55
            axes.text(column, row, f"{int(count)}", ha="center", va="center",
                      fontsize=9.5 if len(counts) <= 5 else 6.5,
                      color="white" if strong else INK if count else "#b6bec7")
    ticks = range(len(counts))
    turned = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(ticks, labels, fontsize=8,
                    **(turned if max(map(len, labels)) > 2 else {}))
    axes.set_yticks(ticks, labels if first else [""] * len(counts), fontsize=8)
    axes.set_xlabel("predicted")
    if first:
        axes.set_ylabel("true")
    axes.set_xticks(np.arange(len(counts) + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(counts) + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    accuracy = np.trace(counts) / max(counts.sum(), 1)
    axes.set_title(f"{title}\n{100 * accuracy:.1f} %", fontsize=9.5)


def trained_phases(results):
    """Commands after training, a row per trainer and block; None when there are none, or too many
    to tell apart.
    """
    found = [(trainer, data["commands"]) for trainer, data in results.trainers.items()
             if "commands" in data]
    if not found or found[0][1].shape[1] > MOST_BARS:
        return None
    blocks = max(len(commands) for _, commands in found)
    figure, panels = plt.subplots(1, blocks, figsize=(10.4, 2.6), squeeze=False, sharey=True,
                                  constrained_layout=True)
    for block, axes in enumerate(panels[0]):
        for number, (trainer, commands) in enumerate(found):
            if block >= len(commands):
                continue
            place = 1 + np.arange(commands.shape[1]) + (number - (len(found) - 1) / 2) * 0.24
            axes.vlines(place, 0, commands[block], color=COLORS[trainer], linewidth=1.4)
            axes.plot(place, commands[block], "o", color=COLORS[trainer], markersize=4.5,
                      label=LABELS[trainer])
        axes.axhline(0, color=MUTED, linewidth=0.8)
        axes.set_title(f"block {block + 1}")
        axes.set_xlabel("command")
        count = found[0][1].shape[1]
        if len(results.commands) == count and count * blocks <= MOST_NAMES:
            axes.set_xticks(1 + np.arange(count))
            axes.set_xticklabels(results.commands, rotation=45)
        else:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True, min_n_ticks=1))
        clean(axes)
        axes.grid(False, axis="x")
    losses = any(element.attenuates for element in results.elements)
    panels[0][0].set_ylabel(f"command [rad{'; loss: neper' if losses else ''}]")
    panels[0][-1].legend(loc="upper left", bbox_to_anchor=(1, 1))
    return svg(figure)


def error_sweeps(results):
    """As an <svg>."""
    return svg(sweeps_figure(results))


def sweeps_figure(results):
    """Accuracy and gradient cosine over the size of each error; symmetric errors first."""
    names = sorted(results.sweeps, key=lambda name: (not _keeps_symmetry(name, results), name))
    columns = min(len(names), 3)
    rows = -(-len(names) // columns)
    width = {1: 6.4, 2: 9.6}.get(columns, 11)
    figure, panels = plt.subplots(rows, columns, figsize=(width, 3.3 * rows), squeeze=False,
                                  sharey=True, constrained_layout=True)
    for axes, name in zip(panels.flat, names):
        _draw_sweep(axes, name, results.sweeps[name], _keeps_symmetry(name, results))
    for axes in panels.flat[len(names):]:
        axes.set_visible(False)
    handles = {}
    for axes in panels.flat:
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    figure.legend(handles.values(), handles.keys(), loc="lower center", bbox_to_anchor=(0.5, 1.0),
                  ncol=len(handles))
    return figure


def _keeps_symmetry(name, results):
    """Elements of older files, whose images are not known, lie in the centre plane."""
    own = all(element.image in (None, number) for number, element in enumerate(results.elements))
    return name in SYMMETRIC_ERRORS or (name in DRIVE_ERRORS and own)


def _draw_sweep(axes, name, sweep, symmetric):
    curves = (("accuracy", "forward mode: accuracy", COLORS["forward_mode"], "-", "o"),
              ("accuracy_reverse", "reverse: accuracy", COLORS["reverse"], (0, (4, 2)), "o"),
              ("accuracy_deployed", "in silico, deployed: accuracy", COLORS["in_silico"], "-", "o"),
              ("gradient_cosine", "cosine with the true gradient", INK, (0, (3, 2)), "s"),
              ("symmetry_defect", "symmetry defect |W − Wᵀ| / |W|", MUTED, (0, (1, 1.6)), "^"))
    order = np.argsort(sweep["size"])
    unit, size = sweep["unit"], sweep["size"]
    if unit == "um" and np.max(size) < 0.1:
        unit, size = "nm", 1000 * size
    for key, label, color, dashes, marker in curves:
        if key in sweep:
            axes.plot(size[order], sweep[key][order], color=color, linestyle=dashes,
                      marker=marker, markersize=4, label=label)
        if f"{key}_spread" in sweep:
            mean, spread = sweep[key][order], sweep[f"{key}_spread"][order]
            axes.fill_between(size[order], mean - spread, mean + spread, color=color, alpha=0.15,
                              linewidth=0)
    kind = "keeps the symmetry" if symmetric else "breaks the symmetry"
    axes.set_title(f"{name.replace('_', ' ')}: {kind}")
    axes.set_xlabel("size" if unit in ("", "1") else f"size [{unit.replace('um', 'µm')}]")
    lowest = min([0.0] + [float(np.nanmin(sweep[c[0]])) for c in curves if c[0] in sweep])
    axes.set_ylim(min(0, 1.08 * lowest), 1.05)
    clean(axes)
