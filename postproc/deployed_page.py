"""The part of a page on commands that another training has learnt, measured on this hardware."""
import html
import pathlib

import numpy as np

from figure_style import BLUES, COLORS, INK, LABELS, plt, svg
from page_style import choice, section, table

MOST_PORTS = 12  # with numbers in the cells
PLACES = ("hardware", "model")


def deployed_section(results):
    """What the commands do here and did there: accuracies, and the matrices beside each other."""
    if not results.deployed:
        return ""
    named = names(results)
    rows = [(html.escape(name), place, f"{100 * float(one[place]['test_accuracy']):.1f} %",
             _distance(one[place])) for name, one in named for place in PLACES if place in one]
    drawn = [(name, transmissions(one)) for name, one in named if "transmission" in one]
    pictures = choice("deployed", [name for name, _ in drawn], [picture for _, picture in drawn])
    return section(
        "Commands from elsewhere", "Learnt in another run, and measured on the optics here without "
        "learning more. The distance is |W − W₀| / |W₀| over the blocks, W here and W₀ there, but for "
        "a phase that all light of a block has in common.",
        table(("commands of", "on the", "test accuracy", "distance"), rows),
        accuracies(results, named), pictures if drawn else "")


def names(results):
    """[(what it is called, what it does)] of the trainings from elsewhere."""
    return [(f"{LABELS.get(one['trainer'], one['trainer'])} of {_short(one['file'])}", one)
            for one in results.deployed]


def _short(path):
    """The folder of a results.h5."""
    return pathlib.PurePath(path).parent.name or path


def _distance(place):
    distance = float(place["distance"])
    return f"{distance:.3g}" if np.isfinite(distance) else "not known"


def accuracies(results, named):
    return svg(accuracies_figure(results, named))


def accuracies_figure(results, named):
    """Bars: what was trained here, and what was brought."""
    bars = []
    for trainer in results.trainers:
        model = trainer == "in_silico"
        for key, place in ((f"{'model_' if model else ''}test_accuracy",
                            "on the model" if model else "on the hardware"),
                           ("deployed_test_accuracy", "on the hardware")):
            value = results.number(f"{trainer}.{key}")
            if value is not None:
                bars.append((f"{LABELS[trainer]}, {place}", value, COLORS[trainer]))
    bars += [(f"{name}, on the {place}", float(one[place]["test_accuracy"]), "#7b8794")
             for name, one in named for place in reversed(PLACES) if place in one]
    figure, axes = plt.subplots(figsize=(8.4, 0.34 * len(bars) + 0.7), constrained_layout=True)
    for place, (_, value, color) in enumerate(bars):
        axes.barh(place, 100 * value, color=color, height=0.62)
        axes.text(100 * value + 1, place, f"{100 * value:.1f} %", va="center", fontsize=8.5)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, 112)
    axes.set_xlabel("test accuracy [%]")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def transmissions(one):
    return svg(transmissions_figure(one))


def transmissions_figure(one):
    """|W|^2 there and here, a row per block; above each how far it is from the one there."""
    places = [place for place in reversed(PLACES) if place in one]
    blocks = len(one["transmission"])
    figure, panels = plt.subplots(blocks, 1 + len(places), squeeze=False, constrained_layout=True,
                                  figsize=(0.3 + 3.1 * (1 + len(places)), 2.9 * blocks))
    for block, w0 in enumerate(one["transmission"]):
        _draw(panels[block][0], f"block {block + 1}, where it was trained", w0)
        for axes, place in zip(panels[block][1:], places):
            w = one[place]["transmission"][block]
            turn = np.exp(-1j * np.angle(np.vdot(w0, w)))
            apart = np.linalg.norm(turn * w - w0) / np.linalg.norm(w0)
            _draw(axes, f"on the {place} here: distance {apart:.2g}", w)
    return figure


def _draw(axes, title, amplitudes):
    values = np.abs(amplitudes) ** 2
    axes.imshow(values, cmap=BLUES, vmin=0, vmax=max(0.5, values.max()))
    if max(values.shape) <= MOST_PORTS:
        for (row, column), value in np.ndenumerate(values):
            axes.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=7.5,
                      color="white" if value > 0.55 * max(0.5, values.max()) else INK)
    axes.set_xticks(range(values.shape[1]), range(1, values.shape[1] + 1))
    axes.set_yticks(range(values.shape[0]), range(1, values.shape[0] + 1))
    axes.set_xlabel("input")
    axes.set_ylabel("output")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title, fontsize=9.5)
