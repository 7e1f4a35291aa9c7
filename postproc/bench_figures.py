"""Pictures of an optical bench: masks, light on its way, measured against ideal, accuracies."""
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from figure_style import AMPLITUDE, COLORS, INK, LABELS, LINES, MUTED, clean, plt, png, svg

RIGHT, WRONG = "#5be08b", "#38c6ff"
SHOWN_MASKS = ("forward_mode", "in_silico", "physics_aware")


def _boxes(regions):
    """Corner, width and height of every detector in pixels, in the order of the classes."""
    found = []
    for label in range(regions.max() + 1):
        rows, columns = np.nonzero(regions == label)
        found.append((columns.min() - 0.5, rows.min() - 0.5, np.ptp(columns) + 1,
                      np.ptp(rows) + 1))
    return found


def _brightest(plane, regions):
    """The class whose detector gets the most light."""
    light = [plane[regions == label].sum() for label in range(regions.max() + 1)]
    return int(np.argmax(light))


def _plane(axes, plane, title=""):
    """Amplitudes, so that weak light is seen; the scale ends at the brightest thousandth."""
    values = np.sqrt(plane)
    if plane.shape[0] == 1:
        values = np.repeat(values, max(1, plane.shape[1] // 8), axis=0)
    axes.imshow(values, cmap=AMPLITUDE, vmin=0, vmax=np.quantile(values, 0.999) or 1,
                interpolation="nearest")
    axes.set_title(title, fontsize=9, loc="center", pad=4)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _detectors(axes, plane, regions, label):
    """Outlines of all detectors; the true one green, the brightest blue where it is another."""
    seen = _brightest(plane, regions)
    for number, (x, y, width, height) in enumerate(_boxes(regions)):
        color = RIGHT if number == label else WRONG if number == seen else "#c8d2de"
        strong = number in (label, seen)
        axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=color,
                                 linewidth=1.7 if strong else 0.6))
        axes.text(x + width / 2, y - 0.6, str(number), color=color, fontsize=6, ha="center",
                  va="bottom")


def _image(axes, image, title):
    axes.imshow(image, cmap="gray", interpolation="nearest")
    axes.set_title(title, fontsize=9, loc="center", pad=4)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def masks(bench):
    """Phases of every mask, a row per trainer; None without masks."""
    rows = [name for name in SHOWN_MASKS if name in bench.masks] or list(bench.masks)[:1]
    if not rows or bench.regions.shape[0] == 1:
        return None
    layers = len(bench.masks[rows[0]])
    side = min(2.0, 10.2 / layers)
    figure, panels = plt.subplots(len(rows), layers, squeeze=False, constrained_layout=True,
                                  figsize=(side * layers + 0.9, (side + 0.15) * len(rows) + 0.2))
    for row, trainer in enumerate(rows):
        for layer, axes in enumerate(panels[row]):
            picture = axes.imshow(np.mod(bench.masks[trainer][layer], 2 * np.pi),
                                  cmap="twilight", vmin=0, vmax=2 * np.pi,
                                  interpolation="nearest")
            axes.set_xticks([])
            axes.set_yticks([])
            axes.spines[:].set_visible(False)
            if row == 0:
                axes.set_title(f"mask {layer + 1}", fontsize=9, loc="center", pad=4)
        panels[row][0].set_ylabel(LABELS.get(trainer, trainer), color=INK)
    bar = figure.colorbar(picture, ax=panels, shrink=0.7, pad=0.012, aspect=24)
    bar.set_ticks([0, np.pi, 2 * np.pi], labels=["0", "π", "2π"])
    bar.set_label("phase [rad]")
    return png(figure, "learned phase masks")


def light(bench, trainer):
    """What is measured behind every layer for a few images; None where it was not written."""
    trace = bench.on_bench.get(trainer)
    if trace is None:
        return None
    layers, samples = trace.shape[:2]
    side = min(1.9, 10.4 / (layers + 1))
    figure, panels = plt.subplots(samples, layers + 1, squeeze=False, constrained_layout=True,
                                  figsize=(side * (layers + 1), side * samples + 0.2))
    for sample in range(samples):
        _image(panels[sample][0], bench.images[sample], "image" if sample == 0 else "")
        for layer in range(layers):
            title = f"behind layer {layer + 1}" if sample == 0 else ""
            _plane(panels[sample][layer + 1], trace[layer, sample], title)
        _detectors(panels[sample][-1], trace[-1, sample], bench.regions, bench.labels[sample])
    return png(figure, "light behind every layer of the bench")


def outputs(bench):
    """The last plane: ideal network, and what the bench shows with each trainer's masks."""
    rows = [(f"{LABELS.get(name, name)},\non the bench", planes)
            for name, planes in bench.on_bench.items() if name in SHOWN_MASKS]
    if not rows:
        return None
    if bench.ideal is not None:
        rows.insert(0, ("ideal model,\nin silico", bench.ideal))
    if "forward_mode" in bench.on_model:
        rows.append(("model with masks\nof forward mode", bench.on_model["forward_mode"]))
    samples = rows[0][1].shape[1]
    figure, panels = plt.subplots(len(rows), samples, squeeze=False, constrained_layout=True,
                                  figsize=(1.9 * samples + 1.1, 1.9 * len(rows) + 0.2))
    for row, (label, planes) in enumerate(rows):
        for sample, axes in enumerate(panels[row]):
            title = f"image of a {bench.labels[sample]}" if row == 0 else ""
            _plane(axes, planes[-1, sample], title)
            _detectors(axes, planes[-1, sample], bench.regions, bench.labels[sample])
        panels[row][0].set_ylabel(label, color=INK, rotation=0, ha="right", va="center",
                                  fontsize=9)
    return png(figure, "last plane, measured and ideal")


def accuracy_over_passes(results):
    """Test accuracy on the bench and loss over the launches of light."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.7), constrained_layout=True)
    for trainer, data in results.trainers.items():
        passes = results.bench.passes.get(trainer)
        if passes is None or "test_accuracy" not in data:
            continue
        style = LINES.get(trainer, {"linewidth": 1.5})
        label = LABELS.get(trainer, trainer)
        if trainer == "in_silico":
            label += ", deployed"
        marker = {"marker": "o", "markersize": 3.5}
        left.plot(passes, data["test_accuracy"], label=label, **style, **marker)
        right.plot(passes, data["loss"], **style, **marker)
    ideal = results.number("ideal_model_accuracy")
    if ideal is not None:
        left.axhline(ideal, color=MUTED, linewidth=1.2, linestyle=(0, (4, 3)))
        left.annotate(f"ideal model {100 * ideal:.1f} %", (0.01, ideal), (0, 3),
                      xycoords=("axes fraction", "data"), textcoords="offset points",
                      color=MUTED, fontsize=8.5)
    left.set_ylim(0, 1.03)
    left.yaxis.set_major_formatter(PercentFormatter(1))
    left.set_title("test accuracy on the bench")
    right.set_ylim(bottom=0)
    right.set_title("loss of the training part")
    for axes in (left, right):
        axes.set_xlabel("launches of light (in silico: computed ones)")
        clean(axes)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    left.legend(loc="best")
    return svg(figure)


def similarity(bench):
    """Structural similarity of bench and model with the same masks, layer by layer."""
    figure, axes = plt.subplots(figsize=(5.2, 2.9), constrained_layout=True)
    for trainer, values in bench.similarity.items():
        axes.plot(1 + np.arange(len(values)), values, marker="o", markersize=4,
                  color=COLORS.get(trainer), label=LABELS.get(trainer, trainer))
    axes.set_xlabel("layer")
    axes.set_xticks(1 + np.arange(max(len(v) for v in bench.similarity.values())))
    axes.set_ylabel("structural similarity")
    axes.set_ylim(0, 1.03)
    clean(axes)
    axes.legend()
    return svg(figure)
