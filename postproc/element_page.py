"""The parts of a page on trainable elements and on the symmetry of the programmed device."""
import html

import numpy as np

import element_figures
import training_figures
from elements import by_kind, images_sentence, odd_ones, own_images, pairs
from figure_style import LABELS, scientific
from page_style import choice, section, table

MOST_ROWS = 24

# What has to be the transpose of W for the error that a pass sends to be the right one.
PASSES = {
    "symmetric": ("the error field enters at the inputs of the same programmed device", "W = Wᵀ"),
    "mirrored": ("the error field enters at the inputs while every element has the command of its "
                 "mirror image", "W′ = Wᵀ"),
    "reverse": ("the error field enters at the outputs",
                "reciprocity alone, no symmetry")}


def elements_section(results):
    """Elements on the layout with names, mirror images and commands; what crosses between them."""
    elements = results.elements
    if not elements:
        return ""
    sentence = images_sentence(elements)
    parts = [element_figures.layout(elements, results.device),
             f"<p>{html.escape(sentence)}</p>" if sentence else "", _pair_table(elements)]
    if elements[0].image is None:
        results.missing.append("no mirror images of the elements (results of an older version)")
    parts += _commands(results) + _crosstalk(results)
    kinds = " and ".join(f"{len(numbers)} {_kind(kind, len(numbers))}"
                         for kind, numbers in by_kind(elements))
    return section("Trainable elements", f"{kinds} in every block.", *filter(None, parts))


def _kind(kind, count):
    return kind if count > 1 else kind[:-1]


def _pair_table(elements):
    """Whose image is which, where they are few and not all their own."""
    if elements[0].image is None or len(elements) > MOST_ROWS:
        return ""
    rows = [(html.escape(elements[a].name), html.escape(elements[b].name))
            for a, b in pairs(elements)]
    if not rows and not odd_ones(elements):
        return ""
    rows += [(html.escape(elements[number].name), "itself") for number in own_images(elements)]
    rows += [(html.escape(elements[number].name), "none: only error_pass reverse has its gradient")
             for number in odd_ones(elements)]
    return table(("element", "mirror image"), rows)


def _commands(results):
    elements = results.elements
    columns = [element.command for element in elements]
    trained = {trainer: data["commands"][:, columns] for trainer, data in results.trainers.items()
               if "commands" in data and columns and data["commands"].shape[1] > max(columns)}
    if not trained:
        return []
    losses = [n for n, element in enumerate(elements) if element.attenuates]
    largest = max([float(values[:, losses].max()) for values in trained.values()]
                  if losses else [0.0]) or 1.0
    pictures = [element_figures.commands(elements, results.device, values, largest)
                for values in trained.values()]
    blocks = len(next(iter(trained.values())))
    note = ("" if blocks <= element_figures.MOST_BLOCKS else
            f"<p>The first {element_figures.MOST_BLOCKS} of {blocks} blocks.</p>")
    return ["<h3>What they were trained to</h3>",
            choice("commands", [LABELS[trainer] for trainer in trained], pictures), note]


def _crosstalk(results):
    shares = results.crosstalk
    if shares is None or len(shares) != len(results.elements):
        return []
    names = [html.escape(element.name) for element in results.elements]
    others = np.where(np.eye(len(shares), dtype=bool), 0, shares)
    if others.max() <= 0:
        return ["<h3>Crosstalk</h3><p>No element reaches the guide of another one.</p>"]
    to, source = np.unravel_index(np.argmax(others), others.shape)
    most = int(np.argmax(others.sum(axis=1)))
    sentence = (f"At most {_percent(others.max())} of a command reach the guide of another element "
                f"({names[source]} to {names[to]}); with equal commands everywhere, the guide of "
                f"{names[most]} would feel {_percent(others[most].sum())} from all others. Along the "
                "middle of the outline of each; below 0.01 % white.")
    return ["<h3>Crosstalk</h3>", f"<p>{sentence}</p>",
            element_figures.crosstalk(results.elements, shares)]


def _percent(share):
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"


def symmetry_section(results):
    """The symmetry defect of the programmed device over the epochs, and what the error pass needs."""
    curves = {trainer: data["symmetry_defect"] for trainer, data in results.trainers.items()
              if np.any(data.get("symmetry_defect", np.zeros(1)) > 0)}
    if not curves:
        if results.trainers:
            results.missing.append("no symmetry of the programmed device per epoch")
        return ""
    threshold = _threshold(results)
    lines = "".join(f"<li>{_sentence(results, trainer, values, threshold)}</li>"
                    for trainer, values in curves.items())
    return section("Symmetry of the programmed device",
                   "W takes the inputs of a block to its outputs. The error pass is right where what "
                   "it sends the error through is Wᵀ.",
                   f"<ul>{lines}</ul>", training_figures.symmetry(curves, threshold))


def _threshold(results):
    text = results.deck("training.symmetry_threshold")
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _sentence(results, trainer, values, threshold):
    """What the error pass of a trainer needs and whether it had it all the time."""
    chosen = "reverse" if trainer == "reverse" else results.deck("training.error_pass")
    where = " on the model" if trainer == "in_silico" else ""
    text = f"<b>{LABELS[trainer][0].upper()}{LABELS[trainer][1:]}</b>{where}"
    if chosen in PASSES:
        how, needs = PASSES[chosen]
        text += f" ({chosen}): {how}, which needs {needs}"
    worst = int(np.nanargmax(values))
    largest = f"the defect was at most {scientific(float(values[worst]))}, in epoch {worst + 1}"
    if threshold is None:
        return f"{text}; {largest}."
    above = int(np.sum(values > threshold))
    if above == 0:
        return f"{text}. It had it in all {len(values)} epochs: {largest}, below {threshold:g}."
    ignored = results.deck("training.ignore_asymmetry") == "on"
    return (f"{text}. It did not have it in {above} of {len(values)} epochs: {largest}, above "
            f"{threshold:g}; the gradient is wrong by about as much there"
            f"{' (training.ignore_asymmetry: on)' if ignored else ''}.")
