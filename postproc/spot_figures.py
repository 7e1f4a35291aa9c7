"""Pictures of light brought into spots: foci behind a scatterer, and a hidden object."""
import numpy as np

from figure_style import AMPLITUDE, COLORS, LABELS, MUTED, clean, plt, png, svg

CROP_WIDTHS = 14  # side of a picture of a focus, in diffraction limits


def _axis(count, pitch):
    return (np.arange(count) - 0.5 * (count - 1)) * pitch


def _extent(shape, pitch):
    half_x, half_y = 0.5 * shape[1] * pitch, 0.5 * shape[0] * pitch
    return (-half_x, half_x, half_y, -half_y)


def _central(focus):
    """Number of the focus nearest to the centre of the plane."""
    return int(np.argmin(np.hypot(focus["x"], focus["y"])))


def _pictures(focus, position):
    """(name, colour, frame, numbers) of the lens and of every trainer that learned the focus."""
    found = [("lens without scatterer", MUTED, focus["lens_in_air"], position),
             ("lens through the scatterer", "#d9741a", focus["lens_scattered"], position)]
    for trainer in sorted(focus["trainer_names"], key=lambda name: name == "forward_mode"):
        data = focus["trainers"][trainer]
        place = np.flatnonzero(data["position"] == position)
        if len(place):
            found.append((LABELS[trainer], COLORS[trainer], data, int(place[0])))
    return [(name, tint, data["frame"][k], {key: data[key][k] for key in
                                            ("fwhm_x", "fwhm_y", "psnr", "share", "peak")})
            for name, tint, data, k in found]


def focus_frames(focus):
    """What the camera sees about the central focus, square root, at the exposure in air."""
    position = _central(focus)
    pictures = _pictures(focus, position)
    pitch, limit = float(focus["pitch"]), float(focus["limit"])
    half = 0.5 * CROP_WIDTHS * limit
    figure, panels = plt.subplots(1, len(pictures), figsize=(2.75 * len(pictures), 3.3),
                                  squeeze=False, sharey=True, constrained_layout=True)
    for axes, (name, _, frame, numbers) in zip(panels[0], pictures):
        top = pictures[0][3]["peak"]
        axes.imshow(np.sqrt(np.maximum(frame, 0) / top), cmap=AMPLITUDE, vmin=0, vmax=1,
                    extent=_extent(frame.shape, pitch), interpolation="nearest")
        axes.set_xlim(focus["x"][position] - half, focus["x"][position] + half)
        axes.set_ylim(focus["y"][position] + half, focus["y"][position] - half)
        axes.set_title(f"{name}\npeak {numbers['peak'] / top:.3f}, PSNR {numbers['psnr']:.0f} dB",
                       fontsize=9.5)
        axes.set_xlabel("x [µm]")
    panels[0][0].set_ylabel("y [µm]")
    return png(figure, "Camera frames about the central focus")


def focus_profiles(focus):
    """Rows through the central focus beside sinc²: each over its peak, and in dB."""
    position = _central(focus)
    pitch, limit = float(focus["pitch"]), float(focus["limit"])
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.5), constrained_layout=True)
    fine = np.linspace(-7, 7, 1401) * limit
    ideal = np.sinc(fine * 0.886 / limit) ** 2
    left.fill_between(fine, ideal, color="#e4e8ec", label="diffraction limit, sinc²")
    right.fill_between(fine, 10 * np.log10(np.maximum(ideal, 1e-6)), -60, color="#e4e8ec")
    reference = None
    for name, tint, frame, numbers in _pictures(focus, position):
        reference = reference or numbers["peak"]
        x = _axis(frame.shape[1], pitch)
        near = np.hypot(*np.meshgrid(x - focus["x"][position],
                                     _axis(frame.shape[0], pitch) - focus["y"][position]))
        row = np.unravel_index(np.argmax(np.where(near < 1.5 * limit, frame, -1)), frame.shape)[0]
        here = x - focus["x"][position]
        style = {"color": tint, "marker": "o", "markersize": 3, "linewidth": 1.5}
        if frame[row].max() >= 0.999 * frame.max() and numbers["peak"] >= 0.999 * frame.max():
            width = np.sqrt(numbers["fwhm_x"] * (numbers["fwhm_y"] or numbers["fwhm_x"]))
            left.plot(here, frame[row] / numbers["peak"], label=f"{name}: {width:.1f} µm", **style)
        right.plot(here, 10 * np.log10(np.maximum(frame[row] / reference, 1e-9)), label=name,
                   **style)
    left.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    left.set_xlim(-5 * limit, 5 * limit)
    left.set_ylim(0, 1.08)
    left.set_ylabel("intensity over its peak")
    left.set_title(f"full width at half maximum, limit {limit:.1f} µm")
    right.set_xlim(-7 * limit, 7 * limit)
    right.set_ylim(-45, 18)
    right.set_ylabel("intensity over the peak in air [dB]")
    right.set_title("what is left beside the focus")
    for axes in (left, right):
        axes.set_xlabel("x from the focus [µm]")
        clean(axes)
    left.legend(fontsize=7.5, loc="upper right")
    right.legend(fontsize=7.5, loc="upper right")
    return svg(figure)


def focus_learning(focus, rows):
    """Share of the light and PSNR against passes; `rows`: trainer -> columns of history.csv."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.5), constrained_layout=True)
    central = _central(focus)
    for trainer in focus["trainer_names"]:
        columns = rows.get(trainer)
        if columns is None:
            continue
        for position in np.unique(columns["position"]):
            mine = columns["position"] == position
            strong = position == central
            for axes, name in ((left, "share"), (right, "psnr")):
                axes.plot(columns["passes"][mine], columns[name][mine], color=COLORS[trainer],
                          linewidth=2.4 if strong else 0.8, alpha=1 if strong else 0.45,
                          label=LABELS[trainer] if strong else None, zorder=3 if strong else 2)
    for axes, name in ((left, "share"), (right, "psnr")):
        axes.axhline(float(np.mean(focus["lens_in_air"][name])), color=MUTED, linewidth=1.1,
                     linestyle=(0, (4, 3)), label="lens without scatterer")
        axes.axhline(float(np.mean(focus["lens_scattered"][name])), color="#d9741a", linewidth=1.1,
                     linestyle=(0, (1, 1.6)), label="lens through the scatterer")
        axes.set_xscale("log")
        axes.set_xlabel("optical passes")
        clean(axes)
    left.set_yscale("log")
    left.set_ylabel("share of the light in the spot")
    left.set_title("central focus (strong) and the others (faint)")
    right.set_ylabel("peak over rms background [dB]")
    left.legend(fontsize=8)
    return svg(figure)


def focus_overview(focus):
    """The brightest of all frames at every pixel, before and after learning."""
    trainer = "forward_mode" if "forward_mode" in focus["trainers"] else focus["trainer_names"][0]
    pitch = float(focus["pitch"])
    figure, panels = plt.subplots(1, 2, figsize=(8.2, 4.1), sharey=True, constrained_layout=True)
    frames = ((f"lens through the scatterer, {len(focus['x'])} masks",
               focus["lens_scattered"]["frame"]),
              (f"{LABELS[trainer]}, {len(focus['x'])} masks", focus["trainers"][trainer]["frame"]))
    top = float(np.max(focus["trainers"][trainer]["frame"]))
    for axes, (name, stack) in zip(panels, frames):
        image = np.max(stack, axis=0)
        axes.imshow(np.sqrt(np.maximum(image, 0) / top), cmap=AMPLITUDE, vmin=0, vmax=1,
                    extent=_extent(image.shape, pitch), interpolation="nearest")
        axes.plot(focus["x"], focus["y"], "o", markersize=15, markerfacecolor="none",
                  markeredgecolor="#7fd1ff", markeredgewidth=0.7)
        axes.set_title(name)
        axes.set_xlabel("x [µm]")
    panels[0].set_ylabel("y [µm]")
    return png(figure, "All foci at once")


def scanned_target(focus):
    """The target, and its images without and with learning."""
    scan = focus["scan"]
    xs, ys = np.unique(scan["x"]), np.unique(scan["y"])
    step = xs[1] - xs[0]
    extent = (xs[0] - step / 2, xs[-1] + step / 2, ys[-1] + step / 2, ys[0] - step / 2)
    figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.5), sharey=True, constrained_layout=True)
    for axes, (name, key) in zip(panels, (("target", "truth"),
                                          ("scan without learning", "untrained"),
                                          ("scan with learned foci", "trained"))):
        axes.imshow(scan[key], cmap="gray", vmin=0, vmax=1, extent=extent, interpolation="nearest")
        axes.set_title(name)
        axes.set_xlabel("x [µm]")
    panels[0].set_ylabel("y [µm]")
    return png(figure, "Scanned target")


def hidden_frames(hidden, shown=9):
    """Rows: where the object is, what the camera reads before and after training."""
    count = len(hidden["truth"])
    chosen = np.unique(np.linspace(0, count - 1, min(shown, count)).round().astype(int))
    rows = [("truth", hidden["truth"]), ("untrained", hidden["untrained"]["frames"])]
    rows += [(LABELS[name], hidden["trainers"][name]["frames"]) for name in hidden["trainer_names"]]
    figure, panels = plt.subplots(len(rows), len(chosen), squeeze=False, constrained_layout=True,
                                  figsize=(1.12 * len(chosen) + 0.9, 1.17 * len(rows) + 0.3))
    for number, (name, frames) in enumerate(rows):
        for axes, frame in zip(panels[number], chosen):
            image = axes.imshow(np.clip(frames[frame], 0, 1), cmap=AMPLITUDE, vmin=0, vmax=1)
            axes.set_xticks([])
            axes.set_yticks([])
            if number == 0:
                axes.set_title(f"frame {frame + 1}", fontsize=8.5)
        panels[number][0].set_ylabel(name, fontsize=9)
    figure.colorbar(image, ax=panels.ravel().tolist(), shrink=0.8,
                    label="over the light of\nthe position alone")
    return png(figure, "Frames of the hidden object")


def hidden_camera(hidden):
    """One frame of the camera with the regions that are read, before and after training."""
    pitch, radius = float(hidden["pitch"]), float(hidden["radius"])
    pictures = [("untrained", hidden["untrained"]["camera"])]
    pictures += [(LABELS[name], hidden["trainers"][name]["camera"])
                 for name in hidden["trainer_names"]]
    middle = len(pictures[0][1]) // 2
    lit = hidden["truth"][middle].ravel() > 0.5
    figure, panels = plt.subplots(1, len(pictures), figsize=(4.3 * len(pictures), 4.3),
                                  squeeze=False, sharey=True, constrained_layout=True)
    for axes, (name, camera) in zip(panels[0], pictures):
        image = np.sqrt(np.maximum(camera[middle], 0))
        axes.imshow(image, cmap=AMPLITUDE, vmin=0, vmax=np.quantile(image, 0.9995),
                    extent=_extent(image.shape, pitch), interpolation="nearest")
        for x, y, shines in zip(hidden["x"], hidden["y"], lit):
            axes.add_patch(plt.Circle((x, y), 1.6 * radius, fill=False, linewidth=1.1,
                                      edgecolor="#7fd1ff" if shines else "#5b6b7a"))
        axes.set_title(f"{name}, frame {middle + 1}")
        axes.set_xlabel("x [µm]")
    panels[0][0].set_ylabel("y [µm]")
    return png(figure, "Camera and regions")


def hidden_crosstalk(hidden):
    """Where the light of each position goes, over what all regions get."""
    pictures = [("untrained", hidden["untrained"]["shares"][0])]
    pictures += [(LABELS[name], hidden["trainers"][name]["shares"][0])
                 for name in hidden["trainer_names"]]
    figure, panels = plt.subplots(1, len(pictures), figsize=(3.9 * len(pictures), 3.5),
                                  squeeze=False, sharey=True, constrained_layout=True)
    for axes, (name, shares) in zip(panels[0], pictures):
        image = axes.imshow(shares / shares.sum(axis=1, keepdims=True), cmap=AMPLITUDE, vmin=0,
                            vmax=1, interpolation="nearest")
        axes.set_title(name)
        axes.set_xlabel("region on the camera")
    panels[0][0].set_ylabel("hidden position")
    figure.colorbar(image, ax=panels[0].tolist(), shrink=0.85, label="part of the regions' light")
    return png(figure, "Crosstalk")


def hidden_learning(hidden, rows):
    """Loss and sorted positions against passes."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.2), constrained_layout=True)
    for trainer in hidden["trainer_names"]:
        columns = rows.get(trainer)
        if columns is None:
            continue
        left.plot(columns["passes"], columns["loss"], color=COLORS[trainer], label=LABELS[trainer])
        right.plot(columns["passes"], 100 * columns["test_accuracy"], color=COLORS[trainer])
    left.set_ylabel("loss")
    right.set_ylabel("positions that shine most into\ntheir own region [%]")
    right.set_ylim(0, 103)
    for axes in (left, right):
        axes.set_xlabel("optical passes")
        clean(axes)
    left.legend()
    return svg(figure)
