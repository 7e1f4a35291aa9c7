"""Pictures of trainable elements: on the layout, their mirror images, commands, crosstalk."""
import dataclasses

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize, to_rgb
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

import element_labels
from elements import by_kind, odd_ones, pairs
from figure_style import BLUES, INDEX, INK, MUTED, plt, png, svg

PHASE, LOSS, LONELY, MIRROR = "#e08a1e", "#8a4fb0", "#c22f4e", "#2c9467"
CYCLE = "twilight_shifted"  # of phases: light at 0, and -pi is pi
ATTENUATION = "YlGn"
HALO = withStroke(linewidth=2.4, foreground="white")
MOST_ARCS = 16
MOST_BLOCKS = 6
WIDTH, HEIGHT = 9.3, 4.4  # of all panels beside each other, and of one [in]
LEFT, RIGHT, TOP, GAP, BELOW = 0.65, 0.9, 0.4, 0.25, 0.7  # between panels, and around them [in]
LONG = 4.0  # such windows stand one below the other
SLIMMEST = 6.0  # a longer window is drawn wider than it is


def compound(contours):
    """Outlines with holes as one path."""
    points, codes = [], []
    for contour in contours:
        points += [*contour, contour[0]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(contour) - 1), Path.CLOSEPOLY]
    return Path(points, codes)


@dataclasses.dataclass
class Window:
    """The part of the device around its elements, lying where it is much higher than wide."""
    low: np.ndarray  # of the first and the second axis of the picture
    high: np.ndarray
    turned: bool  # the first axis is y
    stretch: float  # of the second axis

    @classmethod
    def around(cls, elements):
        boxes = np.array([element.box for element in elements])
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        margin = np.maximum(0.08 * np.max(high - low), 0.8 * np.min(boxes[:, 2:] - boxes[:, :2]))
        low, high = low - margin, high + margin
        turned = bool((high - low)[0] < 0.33 * (high - low)[1])
        if turned:
            low, high = low[::-1], high[::-1]
        shape = (high - low)[0] / (high - low)[1]
        return cls(low, high, turned, max(1.0, shape / SLIMMEST))

    def turn(self, points):
        points = np.asarray(points, float)
        return points[..., ::-1] if self.turned else points

    def columns(self, panels):
        """How many of them stand beside each other."""
        across, up = self.high - self.low
        shape = across / (up * self.stretch)
        return int(np.clip(WIDTH // (min(HEIGHT * shape, WIDTH) + GAP),
                           2 if panels > 1 and shape < LONG else 1, panels))

    def size(self, columns):
        """Inches of a panel across and up."""
        across, up = self.high - self.low
        shape = across / (up * self.stretch)
        width = min(HEIGHT * shape, WIDTH / columns - GAP)
        return width, width / shape

    def boxes(self, elements):
        found = np.array([element.box for element in elements])
        return found[:, [1, 0, 3, 2]] if self.turned else found

    def draw(self, axes, device, faint):
        """The index of the device, where it is known, and the frame."""
        axes.set_facecolor("#fbfcfd")
        if device is not None and device.index is not None and device.axes == "xy":
            step = [(along[-1] - along[0]) / max(len(along) - 1, 1) / 2
                    for along in (device.x, device.y)]
            extent = [device.x[0] - step[0], device.x[-1] + step[0], device.y[0] - step[1],
                      device.y[-1] + step[1]]
            index = device.index if self.turned else device.index.T
            if self.turned:
                extent = extent[2:] + extent[:2]
            axes.imshow(index, origin="lower", extent=extent, cmap=INDEX, alpha=0.35 if faint else 1,
                        interpolation="antialiased")
        axes.set_aspect(self.stretch)
        axes.set_xlim(self.low[0], self.high[0])
        axes.set_ylim(self.low[1], self.high[1])

    def frame(self, axes, is_first, is_lowest):
        names = "yx" if self.turned else "xy"
        note = f", drawn ×{self.stretch:.2g}" if self.stretch > 1 else ""
        axes.set_xlabel(f"{names[0]} [µm]" if is_lowest else "")
        axes.set_ylabel(f"{names[1]} [µm]{note}" if is_first else "")


def _rows(count, columns):
    """Lengths of the rows that `count` panels take."""
    return [min(columns, count - first) for first in range(0, count, columns)]


def _panels(window, columns, rows):
    """Panels of equal size in rows of these lengths, and inches per um of them. They are placed by
    hand: an automatic layout draws all words several times.
    """
    width, height = window.size(columns)
    size = LEFT + columns * (width + GAP) + RIGHT, TOP + len(rows) * (height + BELOW)
    figure = plt.figure(figsize=size)
    panels = []
    for row, length in enumerate(rows):
        for column in range(length):
            left, top = LEFT + column * (width + GAP), TOP + row * (height + BELOW)
            axes = figure.add_axes([left / size[0], 1 - (top + height) / size[1],
                                    width / size[0], height / size[1]])
            is_lowest = row + 1 == len(rows) or rows[row + 1] <= column
            axes.tick_params(length=3, labelleft=column == 0, labelbottom=is_lowest)
            window.frame(axes, column == 0, is_lowest)
            panels.append(axes)
    return figure, panels, np.array([width, height]) / (window.high - window.low)


def _fill(axes, window, element, **style):
    contours = [window.turn(contour) for contour in element.contours]
    lonely_one = style["edgecolor"] == LONELY
    axes.add_patch(PathPatch(compound(contours), linewidth=2 if lonely_one else 0.8,
                             zorder=5 if lonely_one else 4, **style))


def dark(colour):
    """Whether white words are read best on it."""
    red, green, blue = to_rgb(colour)
    return 0.3 * red + 0.59 * green + 0.11 * blue < 0.5


def draw_arcs(axes, elements, shown, turn=lambda points: points):
    """A thin arc over every mirrored pair, from the top of one to the top of the other."""
    for first, second in shown:
        a, b = elements[first].box, elements[second].box
        start, end = [(box[0] + box[2]) / 2 for box in (a, b)]
        top, height = max(a[3], b[3]), a[3] - a[1]
        middle = ((start + end) / 2, top + height)
        path = turn([(start, top), middle, (end, top)])
        axes.add_patch(PathPatch(Path(path, [Path.MOVETO, Path.CURVE3, Path.CURVE3]), zorder=6,
                                 facecolor="none", edgecolor=MIRROR, linewidth=1.1,
                                 path_effects=[HALO]))


def mirror_names(elements):
    """A number for every pair, that both have; "self" of own images, "none" of those without."""
    names = ["none" if element.image == -1 else "self" for element in elements]
    for number, pair in enumerate(pairs(elements)):
        for one in pair:
            names[one] = str(1 + number)
    return names


def _has_images(elements):
    return any(element.image not in (None, -1) for element in elements)


def has_arcs(elements):
    return 0 < len(pairs(elements)) <= MOST_ARCS


def layout(elements, device):
    """Outlines, names or numbers, and mirror images, a panel for phase shifters and attenuators."""
    window = Window.around(elements)
    kinds = by_kind(elements)
    columns = window.columns(len(kinds))
    figure, panels, inch = _panels(window, columns, _rows(len(kinds), columns))
    numbered = len(pairs(elements)) > MOST_ARCS
    for axes, (kind, numbers) in zip(panels, kinds):
        window.draw(axes, device, faint=False)
        shown = [elements[number] for number in numbers]
        colour = LOSS if shown[0].attenuates else PHASE
        odd = odd_ones(elements)
        for number, element in zip(numbers, shown):
            _fill(axes, window, element, facecolor=colour, edgecolor=LONELY if number in odd else INK)
        if has_arcs(elements):
            draw_arcs(axes, elements, [pair for pair in pairs(elements) if pair[0] in numbers],
                      window.turn)
        words = [[element.name for element in shown], [str(1 + number) for number in numbers]]
        if numbered:
            of_pairs = mirror_names(elements)
            words = [[of_pairs[number] for number in numbers]]
        written = element_labels.write(axes, window.boxes(shown), inch, words,
                                       ["white" if dark(colour) else INK] * len(shown))
        what = " (equal numbers: mirror images)" if numbered and written is not None else ""
        axes.set_title(f"{kind}{what}")
        if _has_images(elements):
            line = axes.axhline if window.turned else axes.axvline
            line(0, color=MIRROR, linewidth=1, linestyle=(0, (6, 3)), zorder=3, path_effects=[HALO])
    _legend(figure, elements)
    return png(figure, "trainable elements on the layout and their mirror images")


def _legend(figure, elements):
    handles = [Patch(facecolor=colour, edgecolor=INK, label=label)
               for label, colour, there in (
                   ("changes phase", PHASE, any(not e.attenuates for e in elements)),
                   ("changes loss", LOSS, any(e.attenuates for e in elements))) if there]
    if odd_ones(elements):
        handles.append(Patch(facecolor="white", edgecolor=LONELY, linewidth=2,
                             label="without mirror image"))
    if _has_images(elements):
        handles.append(plt.Line2D([], [], color=MIRROR, linewidth=1, linestyle=(0, (6, 3)),
                                  label="mirror plane x = 0"))
    if has_arcs(elements):
        handles.append(plt.Line2D([], [], color=MIRROR, linewidth=1.1, label="mirrored pair"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncol=len(handles))


def commands(elements, device, values, largest_loss):
    """Commands of one trainer on the layout: values (blocks, elements), rad and neper."""
    window = Window.around(elements)
    blocks = min(len(values), MOST_BLOCKS)
    columns, kinds = window.columns(blocks), by_kind(elements)
    figure, panels, inch = _panels(window, columns, _rows(blocks, columns) * len(kinds))
    for number, (kind, members) in enumerate(kinds):
        own = panels[number * blocks:(number + 1) * blocks]
        for block, axes in enumerate(own):
            window.draw(axes, device, faint=True)
            _colour(axes, window, [elements[n] for n in members], values[block, members],
                    largest_loss, inch)
            axes.set_title(f"block {block + 1}, {kind}")
        _bar(figure, own, elements[members[0]].attenuates, largest_loss)
    return png(figure, "trained commands of the elements on the layout")


def _bar(figure, panels, attenuates, largest_loss):
    """A colour bar at the right of these panels, at most as high as one and a half."""
    places = [axes.get_position() for axes in panels]
    top, low = max(place.y1 for place in places), min(place.y0 for place in places)
    low = max(low, top - 1.5 * places[0].height)
    across = figure.get_size_inches()[0]
    norm, colours, label, ticks, words = _scale(attenuates, largest_loss)
    room = figure.add_axes([max(place.x1 for place in places) + 0.15 / across, low, 0.16 / across,
                            top - low])
    bar = figure.colorbar(ScalarMappable(norm, colours), cax=room, label=label)
    bar.outline.set_visible(False)
    if ticks is not None:
        bar.set_ticks(ticks, labels=words)


def _scale(attenuates, largest_loss):
    """Norm, colours, label, ticks and their words."""
    if attenuates:
        return Normalize(0, largest_loss), ATTENUATION, "attenuation [neper]", None, None
    ticks = np.pi * np.array([-1, -0.5, 0, 0.5, 1])
    return Normalize(-np.pi, np.pi), CYCLE, "phase [rad]", ticks, ["−π", "−π/2", "0", "π/2", "π"]


def wrapped(phases):
    return (np.asarray(phases) + np.pi) % (2 * np.pi) - np.pi


def _colour(axes, window, elements, values, largest_loss, inch):
    norm, colours, *_ = _scale(elements[0].attenuates, largest_loss)
    values = values if elements[0].attenuates else wrapped(values)
    faces = [plt.get_cmap(colours)(norm(value)) for value in values]
    for element, face in zip(elements, faces):
        _fill(axes, window, element, facecolor=face, edgecolor=INK)
    words = [[f"{value:.{digits}f}".replace("-", "−") for value in values] for digits in (2, 1)]
    element_labels.write(axes, window.boxes(elements), inch, words,
                         ["white" if dark(face[:3]) else INK for face in faces])


def crosstalk(elements, shares):
    """Percent of a unit command of one element that the guide of another one feels."""
    count = len(shares)
    side = float(np.clip(0.5 * count + 1.4, 3.6, 6.4))
    figure, axes = plt.subplots(figsize=(side * 1.2, side), constrained_layout=True)
    seen = np.ma.masked_less(100 * np.asarray(shares), 0.01)
    image = axes.imshow(seen, cmap=BLUES, norm=LogNorm(0.01, 100))
    few = count <= 24
    names = [element.name for element in elements]
    if few:
        turned = 90 if max(map(len, names)) > 3 else 0
        axes.set_xticks(range(count), names, fontsize=8, rotation=turned)
        axes.set_yticks(range(count), names, fontsize=8)
        axes.set_xticks(np.arange(count + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(count + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="white", linewidth=1.2)
    else:
        ticks = range(9, count, 10)
        axes.set_xticks(ticks, [1 + tick for tick in ticks], fontsize=8)
        axes.set_yticks(ticks, [1 + tick for tick in ticks], fontsize=8)
    for (row, column), value in np.ndenumerate(seen.filled(0)):
        if count <= 12 and value > 0:
            axes.text(column, row, f"{value:.2g}" if value < 99.5 else "100", ha="center",
                      va="center", fontsize=8, color="white" if value > 3 else INK)
    axes.set_xlabel("unit command of element")
    axes.set_ylabel("guide of element")
    axes.tick_params(which="both", length=0, labelcolor=MUTED)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, fraction=0.045, pad=0.02, label="of the command [%]")
    bar.outline.set_visible(False)
    return svg(figure)
