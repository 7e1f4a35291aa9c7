"""Pictures of what the monitors of a run in time domain recorded."""
import numpy as np

from figure_style import AMPLITUDE, clean, plt, png, svg


def flux_curves(results):
    """Power through every flux monitor over the wavelength."""
    figure, axes = plt.subplots(figsize=(7.2, 3.1), constrained_layout=True)
    wavelength = results.device.wavelength
    for name, power in results.flux.items():
        marker = "o" if len(power) == 1 else None
        axes.plot(wavelength, power, label=name, marker=marker)
    axes.set_xlabel("wavelength [µm]")
    axes.set_ylabel("power")
    clean(axes)
    axes.legend()
    return svg(figure)


def far_field(results, pattern):
    """Intensity over the angle at the middle wavelength: a polar curve, in 3D a map."""
    intensity = pattern["intensity"][len(pattern["intensity"]) // 2]
    theta, phi = pattern["theta"], pattern["phi"]
    if np.ptp(theta) == 0:
        figure, axes = plt.subplots(figsize=(4.2, 4.2), subplot_kw={"projection": "polar"})
        axes.plot(np.append(phi, phi[0]), np.append(intensity, intensity[0]))
        axes.tick_params(labelsize=8)
        return svg(figure)
    shape = (len(np.unique(theta)), -1)
    figure, axes = plt.subplots(figsize=(7.2, 3.4), constrained_layout=True)
    image = axes.pcolormesh(np.degrees(phi.reshape(shape)), np.degrees(theta.reshape(shape)),
                            intensity.reshape(shape), cmap=AMPLITUDE, shading="nearest")
    axes.set_xlabel("azimuth [°]")
    axes.set_ylabel("angle from z [°]")
    axes.invert_yaxis()
    figure.colorbar(image, ax=axes, label="intensity")
    return png(figure, "intensity of the far field over the angles")
