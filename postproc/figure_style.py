"""The look that all figures of a report share, and their way into the page."""
import base64
import io
import math
import re

import matplotlib

matplotlib.use("Agg")

# matplotlib reads its backend when pyplot is imported.
from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.colors import LinearSegmentedColormap  # noqa: E402

INK = "#1d2733"
MUTED = "#67727e"
GRID = "#e4e8ec"

LABELS = {"forward_mode": "forward mode", "in_silico": "in silico", "reverse": "reverse",
          "physics_aware": "physics aware", "spsa": "SPSA", "swarm": "particle swarm",
          "finite_difference": "finite difference"}
COLORS = {"forward_mode": "#1b5fb8", "in_silico": "#d9741a", "reverse": "#2c9467",
          "physics_aware": "#8a4fb0", "spsa": "#5d7285", "swarm": "#a3762b",
          "finite_difference": "#b0455e"}
# Forward mode and reverse often coincide: a wide line under a dashed narrow one shows both.
LINES = {
    "forward_mode": {"color": COLORS["forward_mode"], "linewidth": 3.0, "alpha": 0.85},
    "in_silico": {"color": COLORS["in_silico"], "linewidth": 1.8},
    "reverse": {"color": COLORS["reverse"], "linewidth": 1.5, "linestyle": (0, (4, 2.2)),
                "zorder": 3},
    **{name: {"color": COLORS[name], "linewidth": 1.8}
       for name in ("physics_aware", "spsa", "swarm", "finite_difference")},
}

# |E|: dark to light, so that guides shine; Re E: blue, white, red about zero.
AMPLITUDE = "inferno"
SIGNED = "RdBu_r"
INDEX = LinearSegmentedColormap.from_list("index", ["#f3f6f9", "#55677d"])
BLUES = LinearSegmentedColormap.from_list("blues", ["#f7fafd", "#8db6e2", "#1b5fb8", "#0b2f63"])

plt.rcParams.update({
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.edgecolor": "#aab3bc",
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.titlepad": 8,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "symwave",
})


def clean(axes):
    """Leaves two spines and a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True)


def svg(figure):
    """The figure as an <svg> element; closes the figure."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", bbox_inches="tight", pad_inches=0.06,
                   metadata={"Date": None, "Creator": None})
    plt.close(figure)
    text = stream.getvalue()
    text = text[text.index("<svg"):]
    # Several drawings share one page: their identifiers must not meet. Those of images repeat
    # when the images are equal, and nothing refers to them.
    svg.count += 1
    text = re.sub(r'(<image [^>]*?) id="[^"]*"', r"\1", text)
    text = re.sub(r'(id="|"#|url\(#)', rf"\g<1>f{svg.count}-", text)
    return re.sub(r'(width="[\d.]+pt") height="[\d.]+pt"', r'\1 class="drawing"', text, count=1)


svg.count = 0


def png(figure, alternative, dpi=160):
    """The figure as an <img> element with its data inside, at its size on paper; closes it."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=dpi, bbox_inches="tight", pad_inches=0.06)
    plt.close(figure)
    data = stream.getvalue()
    # A PNG begins with its signature and the header chunk: 16 bytes, then the width in pixels.
    width = round(96 * int.from_bytes(data[16:20], "big") / dpi)
    text = base64.b64encode(data).decode("ascii")
    return f'<img alt="{alternative}" width="{width}" src="data:image/png;base64,{text}">'


def scientific(value):
    """1.2e-09 as 1.2·10⁻⁹; what is not finite as a dash."""
    if not math.isfinite(value):
        return "–"
    mantissa, exponent = f"{value:.1e}".split("e")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa}·10{power}" if int(exponent) else mantissa
