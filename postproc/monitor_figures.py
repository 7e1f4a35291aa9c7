"""Pictures of what the monitors of a run in time domain recorded."""
import html

import numpy as np

from figure_style import AMPLITUDE, COLORS, clean, plt, png, svg

# dB axes end here, and at most so far below the largest value.
FLOOR_DB = -60.0
MAX_INPUTS = 6
# Absorbed power above it is drawn: what is below is the error of the balance.
ABSORBED = 2e-3


def fluxes(results):
    """The sections on power, as HTML: over the incident power where that is known."""
    wavelength = None if results.device is None else results.device.wavelength
    parts = []
    if wavelength is None:
        return parts
    if "reflected" in results.source:
        parts += [f"<h3>Reflection and transmission{_angles(results)}</h3>",
                  *_balance(wavelength, results.source)]
    elif results.shares:
        parts += ["<h3>Power</h3>",
                  *_spectrum(wavelength, results.shares, "share of the incident power")]
    elif results.flux:
        parts += ["<h3>Power</h3>",
                  '<p class="note">That of sources of unit amplitude, over the squared spectrum of '
                  "their waveform.</p>",
                  *_spectrum(wavelength, results.flux, "power [a.u.]")]
    for name, flux in list(results.input_flux.items())[:MAX_INPUTS]:
        if flux:
            parts += [f"<h3>Power, light launched into {html.escape(name)}</h3>",
                      *_spectrum(wavelength, flux, "share of the launched power")]
    return parts


def _angles(results):
    angle = results.source.get("angle")
    if angle is None or np.abs(angle).max() < 1e-9:
        return ""
    low, high = np.abs(angle).min(), np.abs(angle).max()
    return f", {low:.4g}°" if high - low < 1e-6 else f", angle of incidence {low:.3g}° to {high:.3g}°"


def _table(wavelength, curves, unit):
    rows = "".join(f'<tr><td>{html.escape(name)}</td><td class="number">{values[0]:.5g}</td></tr>'
                   for name, values in curves.items())
    return (f'<div class="scroll narrow"><table><tr><th>at {wavelength[0]:.4g} µm</th>'
            f'<th class="number">{unit}</th></tr>{rows}</table></div>')


def _finish(axes, label):
    axes.set_xlabel("wavelength [µm]")
    axes.set_ylabel(label)
    clean(axes)


def _balance(wavelength, source):
    """Reflected, transmitted and absorbed power, linear and in dB."""
    shown = {"transmitted": COLORS["forward_mode"], "reflected": COLORS["in_silico"]}
    if np.max(source["absorbed"]) > ABSORBED:
        shown["absorbed"] = "#56616d"
    if len(wavelength) == 1:
        return [_table(wavelength, {name: source[name] for name in shown},
                       "share of the incident power")]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.6, 3.3), constrained_layout=True)
    for name, color in shown.items():
        left.plot(wavelength, source[name], color=color, label=name)
        decibel = 10 * np.log10(np.maximum(source[name], 10 ** (FLOOR_DB / 10)))
        right.plot(wavelength, decibel, color=color, label=name)
    left.set_ylim(-0.03, 1.05)
    right.set_ylim(top=2)
    _finish(left, "share of the incident power")
    _finish(right, "share of the incident power [dB]")
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=3)
    return [svg(figure)]


def _spectrum(wavelength, curves, label):
    """Curves over the wavelength; logarithmic where positive values span more than two decades."""
    if len(wavelength) == 1:
        return [_table(wavelength, curves, label)]
    figure, axes = plt.subplots(figsize=(8.6, 3.3), constrained_layout=True)
    for name, power in curves.items():
        axes.plot(wavelength, power, label=name, marker="o" if len(wavelength) < 8 else None,
                  markersize=4)
    values = np.concatenate(list(curves.values()))
    if values.min() > 0 and values.max() > 100 * values.min():
        axes.set_yscale("log")
    elif values.min() >= 0:
        axes.set_ylim(0, 1.08 * values.max() or 1.0)
    else:
        axes.axhline(0, color="#aab3bc", linewidth=0.8)
    _finish(axes, label)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return [svg(figure)]


def _sides(pattern):
    """The half-spaces of a layered outside as text, (below, above); None for one medium."""
    index = pattern.get("index")
    if index is None or pattern.get("interfaces") is None:
        return None
    axis = "xyz"[pattern["axis"]]
    below, above = index[len(index) // 2]
    text = [f"{sign}{axis}: n = {value:.4g}" if value > 0 else f"{sign}{axis}: opaque"
            for sign, value in (("−", below), ("+", above))]
    return text


def far_field_powers(results, pattern, table):
    """Where the power goes at the middle wavelength, as HTML."""
    if pattern.get("flux") is None:
        return []
    middle = len(pattern["flux"]) // 2
    flux = pattern["flux"][middle]
    if not flux > 0:
        return []
    axis = "xyz"[pattern["axis"]]
    rows = [(f"towards {sign}{axis}", f"{pattern[key][middle] / flux:.5f}")
            for sign, key in (("−", "power_below"), ("+", "power_above"))]
    rows.append(("guided along layers, absorbed, or error",
                 f"{1 - pattern['power'][middle] / flux:.5f}"))
    at = f"at {results.device.wavelength[middle]:.4g} µm"
    return [table((f"power far away {at}", "over the flux out of the box"), rows, numbers=(1,))]


def diffraction(results, orders, table):
    """The orders at the middle wavelength as a table, over the wavelength as curves."""
    shares = orders["share"] if orders["share"] is not None else orders["power"]
    unit = "share of the incident power" if orders["share"] is not None else "power [a.u.]"
    if shares is None:
        return []
    middle = len(shares) // 2
    rows = []
    for number, order in enumerate(orders["order"]):
        angle = orders["angle"][middle, number]
        if np.isnan(angle):
            continue
        row = [", ".join(str(m) for m in order), f"{angle:.3f}"]
        if orders["azimuth"] is not None:
            row.append(f"{orders['azimuth'][middle, number]:.3f}")
        rows.append((*row, *(f"{value:.5f}" for value in shares[middle, number])))
    header = ["order", "angle [°]", *([] if orders["azimuth"] is None else ["azimuth [°]"]),
              "to smaller coordinates", "to larger coordinates"]
    at = f"at {results.device.wavelength[middle]:.4g} µm"
    parts = [f'<p class="note">{unit}, {at}.</p>', table(header, rows, numbers=range(1, len(header)))]
    if len(shares) > 1:
        largest = shares.max(axis=2).max(axis=0)
        shown = np.argsort(largest)[::-1][:6]
        curves = {}
        for number in sorted(shown):
            name = ", ".join(str(m) for m in orders["order"][number])
            for sense, sign in ((0, "−"), (1, "+")):
                if shares[:, number, sense].max() > 1e-3 * largest.max():
                    curves[f"{name} ({sign})"] = shares[:, number, sense]
        parts += _spectrum(results.device.wavelength, curves, unit)
    return parts


def far_field(results, pattern):
    """Intensity over the angle at the middle wavelength, over its largest: a polar curve, in 3D a
    map. Layers outside are a line, with the index of both half-spaces.
    """
    middle = len(pattern["intensity"]) // 2
    intensity = pattern["intensity"][middle] / (pattern["intensity"][middle].max() or 1.0)
    title = f"at {results.device.wavelength[middle]:.4g} µm"
    theta, phi = pattern["theta"], pattern["phi"]
    sides = _sides(pattern)
    if np.ptp(theta) == 0:
        figure = _polar(np.append(phi, phi[0]), np.append(intensity, intensity[0]), title)
        if sides is not None:
            _mark_plane(figure, pattern["axis"], sides)
        return svg(figure)
    if sides is not None:
        title += f"; {sides[0]}, {sides[1]}"
    shape = (len(np.unique(theta)), -1)
    figure, axes = plt.subplots(figsize=(7.2, 3.4), constrained_layout=True)
    image = axes.pcolormesh(np.degrees(phi.reshape(shape)), np.degrees(theta.reshape(shape)),
                            intensity.reshape(shape), cmap=AMPLITUDE, shading="nearest", vmin=0)
    if sides is not None:
        _mark_border(axes, pattern["axis"])
    axes.set_xlabel("azimuth from x [°]")
    axes.set_ylabel("angle from z [°]")
    axes.set_title(title)
    axes.set_yticks(range(0, 181, 45))
    axes.invert_yaxis()
    figure.colorbar(image, ax=axes, label="intensity / largest")
    return png(figure, "intensity of the far field over the angles")


def _mark_plane(figure, axis, sides):
    """The plane of the layers in polar curves."""
    ends = (0.0, np.pi) if axis == 1 else (0.5 * np.pi, 1.5 * np.pi)
    for panel in figure.axes:
        low, high = panel.get_ylim()
        for end in ends:
            panel.plot((end, end), (low, high), color="#56616d", linewidth=1.2)
    figure.supxlabel(f"layers across {'xyz'[axis]} (line); {sides[0]}, {sides[1]}", fontsize=9)


def _mark_border(axes, axis):
    """Directions along the layers in the map of angles."""
    if axis == 2:
        axes.axhline(90, color="white", linewidth=1, linestyle="--")
        return
    for azimuth in ((90, 270) if axis == 0 else (180,)):
        axes.axvline(azimuth, color="white", linewidth=1, linestyle="--")


def _polar(phi, intensity, title):
    """The intensity, linear and in dB, over the angle from x."""
    figure, panels = plt.subplots(1, 2, figsize=(9.2, 4.2), subplot_kw={"projection": "polar"},
                                  constrained_layout=True)
    low = max(FLOOR_DB, 10 * np.floor(np.log10(max(intensity.min(), 1e-9))))
    decibel = 10 * np.log10(np.maximum(intensity, 1e-9))
    for axes, values, floor, what in ((panels[0], intensity, 0.0, "intensity / largest"),
                                      (panels[1], decibel, min(low, -10.0), "in dB")):
        axes.plot(phi, np.maximum(values, floor))
        axes.set_rlim(floor, 1.0 if floor == 0 else 0.0)
        axes.set_rlabel_position(67.5)
        axes.tick_params(labelsize=8)
        axes.set_title(f"{what}, {title}", pad=14)
    return figure
