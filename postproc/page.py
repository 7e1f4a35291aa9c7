"""Puts the results of a run together as one self-contained HTML page."""
import html

import numpy as np

import bench_page
import deployed_page
import device_figures
import element_page
import insitu_figures
import monitor_figures
import spot_page
import task_page
import training_figures
import verdicts
from figure_style import LABELS, scientific
from page_style import CSS
from page_style import choice as _choice
from page_style import section as _section
from page_style import table as _table

MAX_FIELDS = 8


def build(results):
    """The whole page as text. A part whose results are missing is left out, and a line says so."""
    if results.spots:
        return _page(results, _spot_tiles(results), [
            _quality(results), *spot_page.sections(results, _table), _costs(results),
            _deck(results), _versions(results), _missing(results)])
    if results.bench is not None:
        physics = bench_page.sections(results)
    else:
        physics = [_device(results), _training(results), task_page.tasks_section(results),
                   deployed_page.deployed_section(results),
                   element_page.elements_section(results), element_page.symmetry_section(results),
                   _sweeps(results), _scattering(results), _monitors(results), _energy(results)]
    return _page(results, _accuracy_tiles(results), [
        _quality(results), *physics, _pictures(results), _costs(results), _deck(results), _versions(results),
        _missing(results)])


def _page(results, tiles, sections):
    title = html.escape(results.title)
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>", f"<style>{CSS}</style></head><body><main>",
        f"<header><h1>{title}</h1><p>{html.escape(_subtitle(results))}</p></header>",
        tiles, *[section for section in sections if section],
        "</main></body></html>", ""])


def _subtitle(results):
    parts = bench_page.subtitle(results.bench) if results.bench is not None else []
    device = results.device
    if device is not None and device.wavelength is not None:
        low, high = device.wavelength.min(), device.wavelength.max()
        band = f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        parts.append(f"{band} µm")
    if device is not None and device.port_names:
        parts.append(f"{len(device.port_names)} port modes")
    if results.classes:
        parts.append("classes " + ", ".join(results.classes))
    if "symwave_version" in results.meta:
        parts.append(f"symwave {results.meta['symwave_version']}")
    if "ranks" in results.meta:
        ranks = results.meta["ranks"]
        parts.append(f"{ranks} MPI rank{'' if ranks == '1' else 's'}")
    return " · ".join(parts)


def _accuracy_tiles(results):
    tiles = [f'<div class="tile {trainer}"><div class="label">{label}</div>'
             f'<div class="value">{100 * value:.1f} %</div>'
             f'<div class="label">test accuracy {remark}</div></div>'
             for label, trainer, remark, value in verdicts.accuracies(results)]
    return f'<div class="tiles">{"".join(tiles)}</div>' if tiles else ""


def _spot_tiles(results):
    tiles = [f'<div class="tile"><div class="label">{label}</div><div class="value">{value}</div>'
             f'<div class="label">{remark}</div></div>'
             for label, value, remark in spot_page.tiles(results)]
    return f'<div class="tiles">{"".join(tiles)}</div>' if tiles else ""


def _quality(results):
    rows = []
    for verdict in verdicts.quality(results):
        kind, word = ("good", "good") if verdict.good else ("fair", "look")
        word = verdict.word or word
        rows.append((f"<b>{verdict.label}</b>", verdict.shown,
                     f'<span class="badge {kind}">{word}</span>', verdict.sentence))
    parts = []
    if rows:
        parts.append(_table(("check", "value", "verdict", "what it says"), rows, numbers=(1,)))
    else:
        results.missing.append("no quality numbers (residual, reciprocity, energy balance)")
    if results.warnings:
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in results.warnings)
        parts.append(f'<h3>Warnings of the run</h3><ul class="warnings">{lines}</ul>')
    return _section("Can these numbers be trusted?", "", *parts) if parts else ""


def _device(results):
    device = results.device
    if device is None or device.index is None or device.x is None or device.y is None:
        results.missing.append("no picture of the device (group view)")
        return ""
    parts = [device_figures.chip(device)]
    if device.fields is None:
        results.missing.append("no fields (set output.fields: true in the deck)")
    else:
        parts += _fields(device, results.component)
    for plane in device.slices:
        third = next(axis for axis in "xyz" if axis not in plane.axes)
        parts.append(f"<h3>Plane {third} = {plane.position:.3g} µm</h3>")
        parts.append(device_figures.chip(plane))
        if plane.fields is not None:
            parts.append(device_figures.field_pair(plane, 0, results.component))
    return _section("Device and fields", _device_note(results), *parts)


def _device_note(results):
    device = results.device
    note = "First block of the trained hardware" if results.trainers else "The device"
    if results.trainers or results.has_fabrication_errors:
        note += ", fabrication errors included"
    marks = ["ports red"] if device.port_names else []
    marks += ["trainable elements orange"] if device.elements else []
    note += f"; {', '.join(marks)}." if marks else "."
    if any(any(plane.mirrored) for plane in (device, *device.slices)):
        note += " Halves behind mirror planes are the images of those computed."
    return note


def _fields(device, component):
    """The fields of every input, or of the sources."""
    at = "" if device.field_wavelength is None else f" at {device.field_wavelength:.4g} µm"
    if not device.port_names:
        return [f"<h3>Fields of the sources{at}</h3>",
                device_figures.field_pair(device, 0, component)]
    return [f"<h3>Fields{at}, light launched into port</h3>", _field_choice(device, component)]


def _field_choice(device, component):
    """One picture per launched port."""
    count = min(len(device.fields), MAX_FIELDS)
    names = [device.port_names[k] if k < len(device.port_names) else str(k) for k in range(count)]
    return _choice("launch", names, [device_figures.field_pair(device, number, component)
                                     for number in range(count)])


def _training(results):
    if not results.trainers:
        return ""
    parts = [training_figures.training_curves(results)]
    confusion = training_figures.confusion_matrices(results)
    if confusion:
        parts += ["<h3>Confusion on the test part</h3>", confusion]
    elif not results.tasks:
        results.missing.append("no confusion matrices")
    phases = training_figures.trained_phases(results)
    if phases:
        parts += ["<h3>Trained phases</h3>", phases]
    return _section(
        "Training", "Forward mode and reverse are trained on the imperfect chip, in silico on the "
        "ideal model of it, then deployed on the chip with the same commands.", *parts)


def _sweeps(results):
    if not results.sweeps:
        return ""
    return _section(
        "How large may the errors be?", "Forward mode measures instead of modelling: errors that "
        "leave the blocks mirror-symmetric leave its gradient exact, the others bend it away as "
        "the symmetry goes. The network trained in silico meets every error at its deployment.",
        training_figures.error_sweeps(results))


def _monitors(results):
    """Flux spectra, resonances, far fields and diffraction orders."""
    parts = monitor_figures.fluxes(results)
    for name, table in results.resonances.items():
        rows = [(f"{wavelength:.6f}", f"{1 / wavelength:.8f}", f"{299.792458 / wavelength:.4f}",
                 scientific(error), f"{quality:.1f}", scientific(spread), scientific(amplitude),
                 "yes" if resolved else "no")
                for wavelength, error, quality, spread, amplitude, resolved
                in zip(*(table[key] for key in ("wavelength", "error", "quality", "quality_error",
                                                "amplitude", "resolved")))]
        parts += [f"<h3>Resonances at {html.escape(name)}</h3>", _table(
            ("wavelength [µm]", "1 / wavelength [1/µm]", "frequency [THz]", "relative error",
             "quality factor", "relative error", "amplitude", "resolved"), rows,
            numbers=range(7))]
    for name, pattern in results.far_fields.items():
        parts += [f"<h3>Far field of {html.escape(name)}</h3>",
                  monitor_figures.far_field(results, pattern),
                  *monitor_figures.far_field_powers(results, pattern, _table)]
    for name, orders in results.diffraction.items():
        parts += [f"<h3>Diffraction orders at {html.escape(name)}</h3>",
                  *monitor_figures.diffraction(results, orders, _table)]
    return _section("Monitors", "", *parts) if parts else ""


def _pictures(results):
    parts = insitu_figures.pictures(results.folder / "insitu")
    return _section("While it ran", "Drawn in situ.", *parts) if parts else ""


def _scattering(results):
    device = results.device
    if device is None or device.s_matrix is None:
        if (results.flux or results.resonances or results.far_fields or results.diffraction):
            return ""
        results.missing.append("no S-matrix")
        return ""
    several = device.wavelength is not None and len(device.wavelength) > 1
    at = "" if device.wavelength is None else f" at {device.wavelength[device.centre]:.4g} µm"
    drawings = f"<div>{device_figures.s_heat_map(device)}</div>"
    if device.n_eff is not None:
        drawings += f"<div>{_mode_table(device)}{_lattice_note(results)}</div>"
    parts = [f'<div class="pair">{drawings}</div>']
    if several:
        parts += ["<h3>Over the wavelength</h3>", device_figures.s_curves(device)]
    return _section("S-matrix", f"Power from port mode to port mode{at}.", *parts)


def _mode_table(device):
    header = ["port mode", "effective index", "imaginary part"]
    if device.group_index is not None:
        header.append("group index")
    rows = []
    for number, value in enumerate(device.n_eff[device.centre]):
        loss = scientific(value.imag) if abs(value.imag) > 1e-12 else "0"
        row = [html.escape(device.port_names[number]), f"{value.real:.5f}", loss]
        if device.group_index is not None:
            row.append(f"{device.group_index[device.centre][number]:.4f}")
        rows.append(row)
    return _table(header, rows, numbers=(1, 2, 3))


def _lattice_note(results):
    """Effective indices are those of the lattice; what part its dispersion has, where known."""
    estimate = results.summary.get("mesh_error_estimate") or {}
    part = max((abs(mode["n_eff_relative"]) for mode in estimate.get("modes") or ()), default=None)
    share = ("the part that its cells have in them is not known" if part is None else
             f"its dispersion has a part of about {scientific(part)} in them")
    return f"<p>Effective indices of the lattice, walls averaged in its cells: {share}.</p>"


def _energy(results):
    device = results.device
    if device is None or not device.power:
        if not (results.flux or results.resonances or results.far_fields or results.diffraction):
            results.missing.append("no energy balance")
        return ""
    note = "Where the light of each input goes; the dashed line is the launched power."
    if "balance_error" in device.power:
        worst = float(np.abs(device.power["balance_error"]).max())
        note += f" The parts add up to it within {scientific(worst)}."
    parts = {name: v for name, v in device.power.items() if name != "balance_error"}
    return _section("Energy balance", note, device_figures.energy_bars(device)) if parts else ""


def _costs(results):
    rows = []
    for key, label in (("passes", "optical passes (launched columns)"),
                       ("solves", "right-hand sides solved"), ("factorizations", "factorizations"),
                       ("cells", "cells"), ("runs", "runs in time"), ("steps", "time steps"),
                       ("mcells_per_second", "million cells per second"),
                       ("bytes_per_cell", "bytes per cell")):
        value = results.number(key)
        if value is not None:
            rows.append((label, f"{value:,.0f}".replace(",", " ")))
    seconds = results.number("seconds")
    if seconds is not None:
        rows.append(("wall-clock time", f"{seconds:.1f} s"))
    memory = results.number("memory_mb")
    if memory is not None:
        rows.append(("memory of the factorization, all ranks", f"{memory:.0f} MB"))
    for trainer, columns in results.history.items():
        if trainer in LABELS and "passes" in columns and "seconds" in columns:
            rows.append((f"{LABELS.get(trainer, html.escape(trainer))}: passes, seconds",
                         f"{columns['passes'][-1]:.0f}, {columns['seconds'][-1]:.1f} s"))
    parts = [_table(("quantity", "value"), rows, numbers=(1,))] if rows else []
    if results.timers:
        timers = sorted(results.timers.items(), key=lambda item: -_seconds(item[1]))
        parts.append("<details><summary>Timers</summary>" + _table(
            ("part", "seconds"), [(html.escape(k), f"{_seconds(v):.2f}") for k, v in timers],
            numbers=(1,)) + "</details>")
    return _section("Cost", "", *parts) if parts else ""


def _seconds(value):
    return float(value) if isinstance(value, (int, float)) else 0.0


def _deck(results):
    text = results.meta.get("resolved_deck") or results.meta.get("deck")
    if not text:
        return ""
    note = ("Every value that the job uses, defaults included; this text run again gives the same "
            "results.")
    return _section("Deck", note, "<details><summary>Resolved deck</summary><pre>"
                    f"{html.escape(text)}</pre></details>")


def _versions(results):
    rows = [("symwave", results.meta.get("symwave_version", ""))]
    rows += list(results.libraries.items())
    rows = [(html.escape(name), html.escape(str(version))) for name, version in rows if version]
    return _section("Versions", "", _table(("library", "version"), rows)) if rows else ""


def _missing(results):
    if not results.missing:
        return ""
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in results.missing)
    return _section("Not in these results", "", f'<ul class="missing">{lines}</ul>')
