"""The part of a page about a training at several wavelengths: what was learned at each."""
import html

from matplotlib.ticker import PercentFormatter

import training_figures
from figure_style import LABELS, LINES, clean, plt, svg
from page_style import choice, section, table

MOST_COLUMNS = 4


def _name(task):
    return f"{task.wavelength:.6g} µm"


def _curves(tasks):
    """Test accuracy over the epochs, a panel per wavelength."""
    columns = min(len(tasks), MOST_COLUMNS)
    rows = -(-len(tasks) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(max(2.8 * columns, 5), 2.8 * rows), sharex=True,
                                  sharey=True, squeeze=False, constrained_layout=True)
    for axes, task in zip(panels.flat, tasks):
        for trainer, data in task.trainers.items():
            if "test_accuracy" in data:
                epochs = range(1, 1 + len(data["test_accuracy"]))
                axes.plot(epochs, data["test_accuracy"], label=LABELS[trainer], **LINES[trainer])
        axes.set_title(_name(task))
        axes.set_ylim(0, 1.03)
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        clean(axes)
    for axes in panels.flat[len(tasks):]:
        axes.set_visible(False)
    for axes in panels[-1]:
        axes.set_xlabel("epoch")
    for axes in panels[:, 0]:
        axes.set_ylabel("test accuracy")
    panels[0][0].legend(loc="lower right")
    return svg(figure)


def _percent(entry, key):
    value = entry.get(key)
    return f"{100 * value:.1f} %" if isinstance(value, (int, float)) else "–"


def _accuracies(results):
    """Rows of the summary: trainer, wavelength, test accuracy, deployed, loss."""
    rows = []
    for trainer in results.trainers:
        of_trainer = results.summary.get(trainer)
        for number, task in enumerate(results.tasks, start=1):
            entry = of_trainer.get(f"wavelength_{number}") if isinstance(of_trainer, dict) else None
            if not isinstance(entry, dict):
                continue
            key = "model_test_accuracy" if "model_test_accuracy" in entry else "test_accuracy"
            loss = entry.get("loss")
            rows.append((LABELS[trainer], _name(task), html.escape(", ".join(task.classes)),
                         _percent(entry, key), _percent(entry, "deployed_test_accuracy"),
                         f"{loss:.4f}" if isinstance(loss, (int, float)) else "–"))
    return rows


def tasks_section(results):
    if not results.tasks:
        return ""
    parts = [_curves(results.tasks)]
    rows = _accuracies(results)
    if rows:
        parts.append(table(("trainer", "wavelength", "classes", "test accuracy", "deployed", "loss"),
                           rows, numbers=(3, 4, 5)))
    confusion = [(_name(task), training_figures.confusion_matrices(task)) for task in results.tasks]
    confusion = [(name, picture) for name, picture in confusion if picture]
    if confusion:
        parts += ["<h3>Confusion on the test part</h3>", choice("task", *zip(*confusion))]
    return section(
        "At each wavelength", "One set of commands serves all wavelengths: it changes the same index "
        f"at each of them, radians being those at {_name(results.tasks[0])}. The mean of the losses "
        "was trained.", *parts)
