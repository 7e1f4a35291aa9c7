"""One picture of a device before it is solved: materials, ports, sources, monitors, PML, lattice."""
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch, Patch, Rectangle

import element_labels
from element_figures import LOSS, MIRROR, compound, draw_arcs, has_arcs, mirror_names
from elements import images_sentence, of_sketch, own_images, pairs, stacked
from figure_style import INDEX, INK, MUTED, plt

PORT, SOURCE, MONITOR, ELEMENT = "#b0455e", "#d9741a", "#2c9467", "#3d6fb5"
MOST_TICKS = 600  # nodes of an axis that are drawn as ticks


def colours(materials):
    """The denser the darker."""
    indices = [n[0] for n in materials.values()]
    low, high = min(indices), max(indices)
    return {name: INDEX((n[0] - low) / (high - low) if high > low else 0.2)
            for name, n in materials.items()}


def frame(axes, across, up, names):
    """Extent, PML and nodes of two axes of the lattice."""
    for side, axis in enumerate((across, up)):
        nodes = np.array(axis["nodes"])
        limits = nodes[[0, -1]]
        (axes.set_xlim if side == 0 else axes.set_ylim)(*limits)
        if len(nodes) <= MOST_TICKS:
            (axes.xaxis if side == 0 else axes.yaxis).set_ticks(nodes, minor=True)
    other = np.array(up["nodes"])[[0, -1]], np.array(across["nodes"])[[0, -1]]
    for side, axis in enumerate((across, up)):
        nodes, (low, high) = axis["nodes"], axis["pml"]
        for start, end in ((nodes[0], nodes[low]), (nodes[-1 - high], nodes[-1])):
            if end == start:
                continue
            corner = (start, other[0][0]) if side == 0 else (other[1][0], start)
            extent = np.ptp(other[side])
            width, height = (end - start, extent) if side == 0 else (extent, end - start)
            axes.add_patch(Rectangle(corner, width, height, facecolor="none", hatch="////",
                                     edgecolor="#aab3bc", linewidth=0, zorder=3))
    axes.tick_params(which="minor", length=2, width=0.3, color=MUTED)
    axes.set_xlabel(f"{names[0]} [µm]")
    axes.set_ylabel(f"{names[1]} [µm]")


def arrow(axes, place, direction, length, colour):
    axes.annotate("", xy=(place[0] + length * direction[0], place[1] + length * direction[1]),
                  xytext=place, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.4},
                  zorder=6)


def box(axes, thing, first, second, colour, label):
    """What has a centre and perhaps a size, seen along the third axis."""
    x, y = thing["centre"][first], thing["centre"][second]
    size = thing.get("size")
    if size is None:
        axes.plot([x], [y], marker="o", markersize=4, color=colour, zorder=6)
    else:
        w, h = size[first], size[second]
        axes.add_patch(Rectangle((x - w / 2, y - h / 2), w, h, facecolor="none", edgecolor=colour,
                                 linewidth=1.2, linestyle="--", zorder=5))
        x, y = x - w / 2, y + h / 2
    axes.annotate(label, (x, y), xytext=(2, 3), textcoords="offset points", color=colour,
                  fontsize=8, zorder=7)


def spans(port):
    """Extents of a port by axis; none along its normal."""
    across = [a for a in range(len(port["at"])) if a != port["axis"]]
    return dict(zip(across, port["span"]))


def meets(port, cut):
    """Whether a port stands in a cut or reaches through it."""
    if cut is None:
        return True
    reach = spans(port).get(cut["axis"], 0) / 2
    return abs(port["at"][cut["axis"]] - cut["at"]) <= reach + 1e-6


def things(axes, data, first, second, reach, cut=None):
    """Ports, sources and monitors in the plane of two axes, the ports of a cut only."""
    for port in filter(lambda one: meets(one, cut), data["ports"]):
        span = spans(port)
        x, y = port["at"][first], port["at"][second]
        dx, dy = span.get(first, 0) / 2, span.get(second, 0) / 2
        if port["axis"] not in (first, second):
            axes.add_patch(Rectangle((x - dx, y - dy), 2 * dx, 2 * dy, facecolor="none",
                                     edgecolor=PORT, linewidth=1.2, zorder=5))
        else:
            axes.plot([x - dx, x + dx], [y - dy, y + dy], color=PORT, linewidth=2, zorder=5)
            sign = 1 if port["forward"] else -1
            arrow(axes, (x, y), (sign * (port["axis"] == first), sign * (port["axis"] == second)),
                  reach, PORT)
        axes.annotate(port["name"], (x + dx, y + dy), xytext=(2, 3), textcoords="offset points",
                      color=PORT, fontsize=8.5, fontweight="bold", zorder=7)
    for source in data["sources"]:
        box(axes, source, first, second, SOURCE, source["type"])
        direction = source.get("direction")
        if direction and (direction[first] or direction[second]):
            length = np.linalg.norm(direction)
            arrow(axes, (source["centre"][first], source["centre"][second]),
                  (direction[first] / length, direction[second] / length), reach, SOURCE)
    for monitor in data["monitors"]:
        box(axes, monitor, first, second, MONITOR, monitor["name"])


def draw_elements(axes, given, inch):
    """Outlines with names or numbers, arcs over mirrored pairs, the mirror plane; `inch` per um."""
    for element in given:
        axes.add_patch(PathPatch(compound(element.contours), alpha=0.45, linewidth=0.8, zorder=4,
                                 facecolor=LOSS if element.attenuates else ELEMENT, edgecolor=INK))
    if has_arcs(given):
        draw_arcs(axes, given, pairs(given))
    if pairs(given) or own_images(given):
        axes.axvline(0, color=MIRROR, linewidth=0.9, linestyle=(0, (6, 3)), zorder=3)
    piles = stacked(given)
    choices = [[element.name for element in given], [str(1 + k) for k in range(len(given))]]
    if pairs(given) and not has_arcs(given):
        choices = [mirror_names(given)]
    words = [[", ".join(dict.fromkeys(names[k] for k in pile)) for pile in piles]
             for names in choices]
    element_labels.write(axes, [given[pile[0]].box for pile in piles], (inch, inch), words)


def element_handles(elements):
    """Entries of the legend."""
    handles = [Patch(facecolor=tone, alpha=0.45, edgecolor=INK, label=label)
               for label, tone, there in (
                   ("trainable element, phase", ELEMENT, any(not e.attenuates for e in elements)),
                   ("trainable element, loss", LOSS, any(e.attenuates for e in elements))) if there]
    if has_arcs(elements):
        handles.append(plt.Line2D([], [], color=MIRROR, linewidth=1.1, label="mirrored pair"))
    elif pairs(elements):
        handles.append(Patch(facecolor="none", label="equal numbers: mirrored pairs"))
    return handles


def cells(axis, name):
    widths = np.diff(axis["nodes"])
    text = f"{widths.min():.4g}" + (f"–{widths.max():.4g}" if np.ptp(widths) > 1e-6 else "")
    return f"{name}: {len(widths)} cells of {text} µm"


def draw_samples(axes, samples, across, up, colour):
    """Materials on a mesh over two axes."""
    tones = np.array([to_rgb(colour[name]) for name in samples["names"]])
    extent = [axis["nodes"][end] for axis in (across, up) for end in (0, -1)]
    axes.imshow(tones[np.array(samples["rows"])], origin="lower", extent=extent, aspect="auto",
                interpolation="nearest")


def draw_plan(axes, data, colour, inch):
    plan = data["plan"]
    axes.set_facecolor(colour[plan["base"]])
    if "samples" in plan:
        draw_samples(axes, plan["samples"], *data["axes"][:2], colour)
    for region in plan["regions"] if "samples" not in plan else []:
        axes.add_patch(PathPatch(compound(region["contours"]), facecolor=colour[region["material"]],
                                 edgecolor=INK, linewidth=0.4))
    frame(axes, data["axes"][0], data["axes"][1], "xy")
    reach = 0.05 * np.ptp(np.array(data["axes"][0]["nodes"])[[0, -1]])
    things(axes, data, 0, 1, reach)
    if data["elements"]:
        draw_elements(axes, of_sketch(data), inch)
    axes.set_aspect("equal")
    height = f" at z = {plan['z']:.4g} µm" if len(data["axes"]) == 3 else ""
    axes.set_title(f"{data['title']}: from above{height}")


def draw_cut(axes, data, cut, colour):
    across = 1 - cut["axis"]
    if "samples" in cut:
        draw_samples(axes, cut["samples"], data["axes"][across], data["axes"][2], colour)
    for part in cut["parts"] if "samples" not in cut else []:
        (low, high), (bottom, top) = part["across"], part["z"]
        axes.add_patch(Rectangle((low, bottom), high - low, top - bottom, linewidth=0,
                                 facecolor=colour[part["material"]]))
    frame(axes, data["axes"][across], data["axes"][2], ("xy"[across], "z"))
    reach = 0.05 * np.ptp(np.array(data["axes"][across]["nodes"])[[0, -1]])
    things(axes, data, across, 2, reach, cut)
    axes.set_aspect("equal")
    axes.set_title(f"cut at {'xy'[cut['axis']]} = {cut['at']:.4g} µm")


def draw(data, path):
    """Writes the picture; its format by the ending of the path."""
    colour = colours(data["materials"])
    cuts, elements = data["cuts"], of_sketch(data)
    extent = [np.ptp(np.array(axis["nodes"])[[0, -1]]) for axis in data["axes"]]
    width = 9.5
    heights = [min(max(width * extent[1] / extent[0], 2), 9)]
    heights += [min(max(width * extent[2] / extent[1 - cut["axis"]], 1.6), 4) for cut in cuts]
    figure, panels = plt.subplots(len(heights), 1, figsize=(width, sum(heights) + 1.1 * len(heights)),
                                  gridspec_kw={"height_ratios": heights}, squeeze=False,
                                  constrained_layout=True)
    inch = min((width - 0.8) / extent[0], heights[0] / extent[1])
    draw_plan(panels[0, 0], data, colour, inch)
    for axes, cut in zip(panels[1:, 0], cuts):
        draw_cut(axes, data, cut, colour)
    handles = [Patch(facecolor=colour[name], edgecolor=INK, linewidth=0.4,
                     label=f"{name}, n = {n[0]:.4g}" + (f" + {n[1]:.2g}i" if n[1] else ""))
               for name, n in data["materials"].items()]
    handles.append(Patch(facecolor="none", edgecolor="#aab3bc", hatch="////", label="PML"))
    for label, tone, shown in (("port", PORT, data["ports"]), ("source", SOURCE, data["sources"]),
                               ("monitor", MONITOR, data["monitors"])):
        if shown:
            handles.append(Patch(facecolor="none", edgecolor=tone, label=label))
    handles += element_handles(elements)
    below = (0.4 if elements else 0.25) / sum(heights)  # of the figure's height
    figure.legend(handles=handles, loc="upper center", ncol=min(5, len(handles)),
                  bbox_to_anchor=(0.5, -below))
    lattice = "   ".join(cells(axis, name) for axis, name in zip(data["axes"], "xyz"))
    said = f"lattice (short ticks)  {lattice}"
    if elements:
        said += f"\n{images_sentence(elements)}"
    figure.text(0.5, 0, said, fontsize=8.5, color=MUTED, ha="center",
                va="top")
    figure.savefig(path, dpi=150, bbox_inches="tight", pad_inches=0.1)
    plt.close(figure)
