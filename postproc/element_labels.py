"""Words on elements that do not overlap: the longest that find room, in the largest type."""
import numpy as np
from matplotlib.patheffects import withStroke

from figure_style import INK

SIZES = (9, 8, 7, 6)  # points
LETTER, LINE = 0.62, 1.45  # width of a letter and height of a line, over the size of the type


def _overlap(a, b):
    """Which rectangles (x0, y0, x1, y1) of a meet which of b."""
    return ((a[:, None, 0] < b[None, :, 2]) & (b[None, :, 0] < a[:, None, 2])
            & (a[:, None, 1] < b[None, :, 3]) & (b[None, :, 1] < a[:, None, 3]))


def _places(boxes, words, size):
    """Rectangles of the words [in], and which of them stand inside of their boxes."""
    extent = np.array([[LETTER * size / 72 * max(len(word), 1), LINE * size / 72] for word in words])
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    upright = (height > 1.5 * width) & (extent[:, 0] > width)
    extent[upright] = extent[upright][:, ::-1]
    inside = (extent[:, 0] <= width) & (extent[:, 1] <= height)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    y = np.where(inside, y, boxes[:, 3] + extent[:, 1] / 2 + 0.02)
    corner = np.stack([x, y], axis=1)
    return np.hstack([corner - extent / 2, corner + extent / 2]), inside, upright


def _fits(boxes, words, size):
    rectangles, _, _ = _places(boxes, words, size)
    others = ~np.eye(len(boxes), dtype=bool)
    return not np.any(others & (_overlap(rectangles, rectangles) | _overlap(rectangles, boxes)))


def write(axes, boxes, inch, choices, colours=None):
    """Writes the first of `choices` (lists of words, one an element) that has room, and returns its
    number, None where none has. `boxes` in data, `inch` (across, up) inches per unit of data,
    `colours` of words inside of their boxes, without it all words have a halo.
    """
    boxes = np.asarray(boxes, float)
    scaled = boxes * np.array([*inch, *inch])
    for number, words in enumerate(choices):
        size = next((size for size in SIZES if _fits(scaled, words, size)), None)
        if size is None:
            continue
        rectangles, inside, upright = _places(scaled, words, size)
        for k, word in enumerate(words):
            x, y = rectangles[k, :2] + rectangles[k, 2:]
            bare = inside[k] and colours is not None
            halo = [] if bare else [withStroke(linewidth=2, foreground="white")]
            axes.text(x / 2 / inch[0], y / 2 / inch[1], word, fontsize=size, ha="center",
                      va="center", rotation=90 if upright[k] else 0, zorder=8, path_effects=halo,
                      color=colours[k] if bare else INK)
        return number
    return None
