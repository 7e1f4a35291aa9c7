"""The sections of a page about a training on an optical bench."""
import html

import bench_figures
import bench_sweep_figures
import training_figures
from figure_style import LABELS, scientific
from page_style import section, table


def sections(results):
    return [_training(results), _light(results), _fidelity(results), _sweeps(results)]


def subtitle(bench):
    """Of the page: what kind of bench."""
    ny, nx = bench.regions.shape
    layers = len(next(iter(bench.masks.values())))
    return [f"{1e3 * bench.wavelength:.4g} nm",
            f"{layers} masks of {nx} × {ny} pixels of {bench.pitch:g} µm",
            f"{1e-3 * bench.distance:g} mm per way"]


def _training(results):
    parts = [bench_figures.accuracy_over_passes(results)]
    confusion = training_figures.confusion_matrices(results)
    if confusion:
        parts += ["<h3>Confusion on the test part</h3>", confusion]
    return section(
        "Training", "Every trainer but in silico learns on the bench with its errors. Forward mode "
        "sends the error through the same bench from the same side; physics aware computes it "
        "backwards through the model; the network in silico is trained on the model and tested "
        "on the bench.", *parts)


def _light(results):
    bench = results.bench
    trainer = "forward_mode" if "forward_mode" in bench.on_bench else next(iter(bench.on_bench))
    parts = []
    masks = bench_figures.masks(bench)
    if masks:
        parts += ["<h3>Learned phase masks</h3>", masks]
    light = bench_figures.light(bench, trainer)
    if light:
        parts += [f"<h3>Light through the layers, {LABELS.get(trainer, trainer)}</h3>", light]
    outputs = bench_figures.outputs(bench)
    if outputs:
        parts += ["<h3>The last plane, measured and ideal</h3>", outputs]
    return section(
        "Light on the bench", f"Amplitudes in planes {bench.width:.3g} mm wide. Squares are the "
        "detectors: green that of the true class, blue the brightest one where it is another.",
        *parts)


def _fidelity(results):
    rows = []
    for when, label in (("start", "at the first masks"), ("end", "at the masks of forward mode")):
        for method in ("forward_mode", "physics_aware", "in_silico"):
            value = results.number(f"gradient_cosine_{when}.{method}")
            if value is not None:
                rows.append((f"cosine with the true gradient {label}: {LABELS[method]}",
                             f"{value:.4f}"))
    for trainer in results.bench.similarity:
        value = results.number(f"{trainer}.ssim")
        if value is not None:
            rows.append((f"structural similarity of bench and model, same masks: "
                         f"{LABELS.get(trainer, html.escape(trainer))}", f"{value:.3f}"))
        value = results.number(f"{trainer}.ssim_to_ideal")
        if value is not None:
            rows.append((f"structural similarity to the ideal network: "
                         f"{LABELS.get(trainer, html.escape(trainer))}", f"{value:.3f}"))
    photons, joules = results.number("photons"), results.number("joules_per_operation")
    if photons:
        rows.append(("signal photons of all trainings", scientific(photons)))
    if joules:
        rows.append(("signal light on the cameras per operation", scientific(joules) + " J"))
        whole = results.number("joules_per_operation_with_reference")
        rows.append(("the same with the reference wave", scientific(whole) + " J"))
    for key, label, form in (("parameters", "parameters", "{:,.0f}"),
                             ("samples_per_second", "samples per second", "{:.0f}"),
                             ("fft_share", "share of transforms in the time", "{:.0%}")):
        value = results.number(key)
        if value is not None:
            rows.append((label, form.format(value).replace(",", " ")))
    parts = [f'<div class="pair"><div>{table(("number", "value"), rows, numbers=(1,))}</div>'
             f"<div>{bench_figures.similarity(results.bench)}</div></div>"] if rows else []
    return section(
        "How far is the bench from its model?", "The true gradient is measured by reverse, from "
        "the output side, on the same bench without noise.", *parts)


def _sweeps(results):
    bench = results.bench
    if not bench.sweeps:
        return ""
    parts = []
    for heading, note, names in bench_sweep_figures.groups(bench):
        parts += [f"<h3>{heading}</h3>", f'<p class="note">{note}</p>',
                  bench_sweep_figures.curves(bench, names)]
    if bench_sweep_figures.has_energies(bench):
        parts += ["<h3>Energy per operation</h3>",
                  '<p class="note">Light on the cameras in a test. An operation is one complex '
                  "multiply-accumulate between a pair of pixels of a layer. The reference wave "
                  "lights every frame of an interference; not counted are light lost on the way, "
                  "lasers, modulators, cameras and electronics.</p>",
                  bench_sweep_figures.energies(bench)]
    return section(
        "How large may the errors be?", "One error at a time, all others as in the deck. Above, "
        "how well gradients point: full lines at the first masks, dashed ones after training. "
        "Below, what each trainer reaches on that bench.", *parts)
