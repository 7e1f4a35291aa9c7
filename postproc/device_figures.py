"""Pictures of one solved device: chip, fields, S-matrix, energy balance. Lengths in um."""
import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.patheffects import withStroke

from element_figures import LOSS, PHASE, compound
from figure_style import (AMPLITUDE, BLUES, COLORS, GRID, INDEX, INK, MUTED, SIGNED, clean, plt,
                          png, svg)
from planes import lying, port_lines

FLOOR_DB = -80.0
PORT = "#c22f4e"
# Of a picture [in]; a device longer than this many times its width is drawn wider than it is.
HEIGHT = 6.2
LONGEST = 12.0


def decibel(s_matrix):
    """|S|^2 in dB, not below FLOOR_DB."""
    power = np.abs(s_matrix) ** 2
    return 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))


def _extent(device):
    """Edges of the picture: half a cell beyond the first and last cell centre."""
    def edges(centres):
        step = (centres[-1] - centres[0]) / max(len(centres) - 1, 1)
        return centres[0] - step / 2, centres[-1] + step / 2
    return (*edges(device.x), *edges(device.y))


def _map(axes, values, device, **options):
    """Draws values(x, y) at true aspect ratio, very long devices widened."""
    widened = max(1.0, aspect(device) / LONGEST)
    image = axes.imshow(values.T, origin="lower", extent=_extent(device), aspect=widened,
                        interpolation="antialiased", **options)
    axes.set_xlabel(f"{device.axes[0]} [µm]")
    note = f", drawn ×{widened:.2g}" if widened > 1 else ""
    axes.set_ylabel(f"{device.axes[1]} [µm]{note}")
    axes.tick_params(length=3)
    return image


def _colorbar(figure, axes, image, label, width=0.016):
    """A bar as high as the map itself; its width is a part of that of the map."""
    bar = figure.colorbar(image, cax=axes.inset_axes([1.012, 0, width, 1]))
    bar.outline.set_visible(False)
    bar.set_label(label)


def _size(device, width):
    """Figure size [in] that leaves a map of at most `width` inches little empty margin."""
    shape = min(aspect(device), LONGEST)
    drawn = min(width - 1.5, (HEIGHT - 0.7) * shape)
    return drawn + 1.5, max(drawn / shape + 0.7, 1.6)


def aspect(device):
    left, right, bottom, top = _extent(device)
    return (right - left) / (top - bottom)


def _outlines(axes, device, color):
    """Contours of the guides over a field."""
    index = device.index
    if np.ptp(index) > 0:
        level = (index.min() + index.max()) / 2
        axes.contour(device.x, device.y, index.T, levels=[level], colors=color, linewidths=0.45,
                     alpha=0.6)


def _draw_ports(axes, device):
    """The ports that the plane meets with their names, written towards the outside."""
    left, right, bottom, top = _extent(device)
    text = {"textcoords": "offset points", "color": PORT, "fontsize": 8.5,
            "path_effects": [withStroke(linewidth=2.5, foreground="white")]}
    for name, (x0, y0), (x1, y1) in port_lines(device):
        x0, x1 = np.clip((x0, x1), left, right)
        y0, y1 = np.clip((y0, y1), bottom, top)
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, facecolor="none", edgecolor=PORT,
                                 linewidth=1.8))
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        vertical = abs(x1 - x0) < abs(y1 - y0)
        if vertical:
            outward = -1 if x < (left + right) / 2 else 1
            axes.annotate(name, (x, y), (outward * 4, 0), va="center",
                          ha="right" if outward < 0 else "left", **text)
        else:
            outward = -1 if y < (bottom + top) / 2 else 1
            axes.annotate(name, (x, y), (0, outward * 4), ha="center",
                          va="top" if outward < 0 else "bottom", **text)


def _draw_elements(axes, device):
    for element in device.elements:
        contours = [contour[:, ::-1] if device.axes == "yx" else contour
                    for contour in element.contours]
        colour = LOSS if element.attenuates else PHASE
        axes.add_patch(PathPatch(compound(contours), facecolor=colour, alpha=0.45, edgecolor=colour,
                                 linewidth=0.8))


def chip(device):
    """Index map with ports and trainable elements."""
    device = lying(device)
    figure, axes = plt.subplots(figsize=_size(device, 10.6), constrained_layout=True)
    image = _map(axes, device.index, device, cmap=INDEX)
    _draw_elements(axes, device)
    _draw_ports(axes, device)
    _colorbar(figure, axes, image, "refractive index")
    return png(figure, "refractive index of the device with ports and trainable elements")


def field_pair(device, number, component):
    """|E|, or the magnitude of the only component, and the real part of `component` for one
    launched port, beside each other (long devices: one above the other).
    """
    device = lying(device)
    values = device.fields[number]
    whole = device.modulus is not None
    magnitude = device.modulus[number] if whole else np.abs(values)
    side_by_side = aspect(device) < 2.2
    width, height = _size(device, 5.4 if side_by_side else 10.6)
    shape = (1, 2) if side_by_side else (2, 1)
    figure, (left, right) = plt.subplots(
        *shape, figsize=(width * shape[1], height * shape[0]), constrained_layout=True)
    figure.get_layout_engine().set(wspace=0.05)
    # A few cells next to the source or a corner must not take the whole scale.
    scale = float(np.percentile(magnitude, 99.8)) or 1.0
    image = _map(left, magnitude, device, cmap=AMPLITUDE, vmin=0, vmax=scale)
    _outlines(left, device, "white")
    _colorbar(figure, left, image, "|E|" if whole else f"|{component}|")
    if whole:
        scale = float(np.percentile(np.abs(values), 99.8)) or 1.0
    image = _map(right, values.real, device, cmap=SIGNED, vmin=-scale, vmax=scale)
    _colorbar(figure, right, image, f"Re {component}")
    _outlines(right, device, INK)
    return png(figure, "field of the launched mode", dpi=130)


def s_heat_map(device):
    """|S|^2 in dB at the centre wavelength, rows out, columns in."""
    values = decibel(device.s_matrix[device.centre])
    ports = len(values)
    side = float(np.clip(0.42 * ports + 1.6, 3.6, 8.2))
    figure, axes = plt.subplots(figsize=(side * 1.12, side))
    image = axes.imshow(values, cmap=BLUES, vmin=max(FLOOR_DB, min(values.min(), -40)), vmax=0)
    axes.set_xticks(range(ports), device.port_names, rotation=90 if ports > 4 else 0, fontsize=8)
    axes.set_yticks(range(ports), device.port_names, fontsize=8)
    axes.set_xlabel("in")
    axes.set_ylabel("out")
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(ports + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(ports + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.2)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)
    if ports <= 16:
        middle = (image.norm.vmin + image.norm.vmax) / 2
        for (row, column), value in np.ndenumerate(values):
            text = f"{value:.0f}" if ports > 6 else f"{value:.1f}"
            if value <= FLOOR_DB:
                text = f"<{FLOOR_DB:.0f}"
            axes.text(column, row, text.replace("-", "−"), ha="center", va="center",
                      fontsize=6.5 if ports > 6 else 9, color="white" if value > middle else INK)
    _colorbar(figure, axes, image, "|S|² [dB]", width=0.03)
    return svg(figure)


def s_curves(device):
    """|S|^2 over wavelength, a panel for each of the first four inputs."""
    inputs = min(len(device.port_names), 4)
    columns = min(inputs, 2)
    rows = -(-inputs // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(5.2 * columns, 2.9 * rows), squeeze=False,
                                  sharex=True, sharey=True, constrained_layout=True)
    curves = decibel(device.s_matrix)
    palette = plt.get_cmap("tab10")
    for port, axes in enumerate(panels.flat):
        if port >= inputs:
            axes.set_visible(False)
            continue
        for out, name in enumerate(device.port_names):
            axes.plot(device.wavelength, curves[:, out, port], color=palette(out % 10), label=name)
        axes.set_title(f"in: {device.port_names[port]}")
        clean(axes)
        axes.set_ylim(max(FLOOR_DB, curves.min() - 2), 2)
    for axes in panels[-1]:
        axes.set_xlabel("wavelength [µm]")
    for axes in panels[:, 0]:
        axes.set_ylabel("|S|² [dB]")
    panels[0, -1].legend(title="out", loc="upper left", bbox_to_anchor=(1.01, 1))
    return svg(figure)


def energy_bars(device):
    """Where the power of each input goes, at the centre wavelength; the bars add up to 1."""
    parts = (("transmitted", COLORS["forward_mode"]), ("reflected", COLORS["in_silico"]),
             ("radiated", "#b9c3cd"), ("absorbed", "#56616d"))
    ports = next(iter(device.power.values())).shape[1]
    figure, axes = plt.subplots(figsize=(float(np.clip(0.62 * ports + 1.8, 4.6, 10.4)), 3.1))
    bottom = np.zeros(ports)
    for name, color in parts:
        if name not in device.power:
            continue
        values = device.power[name][device.centre]
        axes.bar(range(ports), values, bottom=bottom, width=0.68, color=color, label=name)
        bottom += values
    axes.axhline(1, color=INK, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.set_xticks(range(ports), device.port_names[:ports], fontsize=8,
                    rotation=45 if ports > 8 else 0)
    axes.set_ylim(0, max(1.06, float(bottom.max()) * 1.03))
    axes.set_xlabel("in")
    axes.set_ylabel("part of the launched power")
    clean(axes)
    axes.grid(False, axis="x")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.16), ncol=4, handlelength=1)
    axes.spines["left"].set_color(GRID)
    axes.tick_params(axis="x", length=0, labelcolor=MUTED)
    return svg(figure)
