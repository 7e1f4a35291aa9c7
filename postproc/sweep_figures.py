"""Key numbers of a sweep over its swept keys: lines over one, a map over two, points else."""
import numpy as np

from figure_style import BLUES, MUTED, clean, plt, svg

LINE = "#1b5fb8"
CURVES = 6  # of one line each; more values become a colour map or points


def draw(sweep, name):
    """One key number as an <svg>; "" where there is nothing to draw."""
    keys = [key for key in sweep.varying if key.numeric]
    values = sweep.number(name)
    known = np.isfinite(values)
    if not known.any() or not keys:
        return ""
    if len(keys) == 1 and len(sweep.varying) == 1:
        return _over_one(keys[0], name, values)
    if len(keys) == 2 and len(sweep.varying) == 2 and _is_grid(*keys):
        return _over_two(*keys, name, values)
    return _points(keys, name, values)


def _is_grid(first, second):
    pairs = set(zip(first.values, second.values))
    return len(pairs) == len(first.different) * len(second.different) and len(pairs) == len(
        first.values)


def _over_one(key, name, values):
    figure, axes = plt.subplots(figsize=(6.2, 3.2))
    at = np.array(key.values, float)
    levels = np.unique(at)
    mean = np.array([_mean(values[at == level]) for level in levels])
    axes.plot(levels, mean, color=LINE)
    axes.plot(at, values, "o", color=LINE, markersize=4)
    axes.set(xlabel=key.label, ylabel=name)
    clean(axes)
    return svg(figure)


def _mean(values):
    values = values[np.isfinite(values)]
    return values.mean() if len(values) else np.nan


def _over_two(first, second, name, values):
    """A family of lines where the second key has few values, else a map."""
    if len(first.different) < len(second.different):
        first, second = second, first
    x, y = np.array(first.values, float), np.array(second.values, float)
    figure, axes = plt.subplots(figsize=(6.2, 3.4))
    if len(second.different) <= CURVES:
        for number, level in enumerate(second.different):
            chosen = np.flatnonzero(y == level)
            chosen = chosen[np.argsort(x[chosen])]
            colour = BLUES(0.35 + 0.65 * (number + 1) / len(second.different))
            axes.plot(x[chosen], values[chosen], "o-", color=colour, markersize=3.5,
                      label=f"{level:g}")
        axes.set(xlabel=first.label, ylabel=name)
        axes.legend(title=second.label, loc="center left", bbox_to_anchor=(1.0, 0.5))
        clean(axes)
        return svg(figure)
    grid = np.full((len(second.different), len(first.different)), np.nan)
    grid[np.searchsorted(second.different, y), np.searchsorted(first.different, x)] = values
    picture = axes.pcolormesh(first.different, second.different, grid, cmap=BLUES,
                              shading="nearest", rasterized=True)
    axes.set_facecolor("#c9ced4")  # members without results
    axes.set(xlabel=first.label, ylabel=second.label)
    figure.colorbar(picture, ax=axes, label=name)
    return svg(figure)


def _points(keys, name, values):
    """Of many keys, or of keys that are no grid: a panel each."""
    columns = min(len(keys), 3)
    rows = -(-len(keys) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(3.1 * columns, 2.7 * rows),
                                  squeeze=False, sharey=True, constrained_layout=True)
    for number, axes in enumerate(panels.flat):
        if number >= len(keys):
            axes.set_visible(False)
            continue
        axes.plot(np.array(keys[number].values, float), values, "o", color=LINE, markersize=4,
                  alpha=0.8)
        axes.set_xlabel(keys[number].label)
        clean(axes)
    panels[0][0].set_ylabel(name)
    known = values[np.isfinite(values)]
    figure.suptitle(f"mean {known.mean():.4g}, standard deviation {known.std():.2g}, from "
                    f"{known.min():.4g} to {known.max():.4g}", color=MUTED, fontsize=9, x=0.02,
                    ha="left")
    return svg(figure)
