"""The sections of a report about spots: foci behind a scatterer, a hidden object."""
import html

import spot_figures
from figure_style import LABELS

SECTION = "<section><h2>{}</h2><p class=\"note\">{}</p>{}</section>"


def sections(results, table):
    """HTML sections of the run's spots; `table(header, rows, numbers)` makes a table."""
    found = []
    if "focus" in results.spots:
        found += _focus(results, results.spots["focus"], table)
    if "hidden_object" in results.spots:
        found += _hidden(results, results.spots["hidden_object"], table)
    return found


def tiles(results):
    """The headline numbers: (label, value, remark)."""
    found = []
    limit = results.number("diffraction_limit_um")
    if limit is not None:
        widths = (("forward_mode.fwhm_um", "forward mode, mean width"),
                  ("lens_in_air.fwhm_um", "lens without scatterer"))
        found += [("FWHM", f"{results.number(key):.1f} µm", f"{text}; limit {limit:.1f} µm")
                  for key, text in widths if results.number(key) is not None]
        similar, before = (results.number(f"scan.ssim{k}") for k in ("", "_without_learning"))
        if similar is not None and before is not None:
            found.append(("scanned target", f"{similar:.2f}",
                          f"structural similarity; {before:.2f} without learning"))
    bits, before = (results.number(f"{k}.bit_accuracy") for k in ("forward_mode", "untrained"))
    if bits is not None and before is not None:
        found.append(("hidden object", f"{100 * bits:.1f} %",
                      f"of the bits; {100 * before:.1f} % untrained"))
        rate = results.number("read_out_frames_per_second")
        scan = results.number("scanning_frames_per_second")
        found.append(("read-out", f"{rate:.0f} / s", f"all positions at once; one by one {scan:.1f} / s"))
    return found


def _text(results, key, form, factor=1):
    value = results.number(key)
    return "–" if value is None else format(factor * value, form)


def _focus_table(results, focus, table):
    rows = [("lens without scatterer", _text(results, "lens_in_air.fwhm_um", ".1f"),
             _text(results, "lens_in_air.psnr_db", ".1f"),
             _text(results, "lens_in_air.share", ".1f", 100), "–", "–", "–"),
            ("lens through the scatterer", "–", _text(results, "lens_scattered.psnr_db", ".1f"),
             _text(results, "lens_scattered.share", ".1f", 100),
             _text(results, "lens_scattered.enhancement", ".0f"), "–", "–")]
    for name in focus["trainer_names"]:
        at_limit = _text(results, f"{name}.passes_to_limit", ".0f")
        foci = f"{_text(results, f'{name}.foci_at_limit', '.0f')} of {_text(results, f'{name}.foci', '.0f')}"
        rows.append((html.escape(LABELS[name]), _text(results, f"{name}.fwhm_um", ".1f"),
                     _text(results, f"{name}.psnr_db", ".1f"),
                     _text(results, f"{name}.share", ".1f", 100),
                     _text(results, f"{name}.enhancement", ".0f"),
                     f"{foci}, {at_limit}", _text(results, f"{name}.passes", ".0f")))
    return table(("mask", "FWHM [µm]", "PSNR [dB]", "light in the spot [%]", "enhancement",
                  "foci at the limit, after passes", "passes"), rows, numbers=(1, 2, 3, 4, 5, 6))


def _rival_note(results, focus):
    notes = []
    for name in focus["trainer_names"]:
        best = results.number(f"{name}.passes_to_best")
        equal = results.number(f"{name}.forward_mode_passes_to_same_loss")
        if best is not None and equal is not None:
            notes.append(f"The {LABELS[name]} is best after {best:.0f} passes; forward "
                         f"mode is as good after {equal:.0f}.")
    return " ".join(notes)


def _focus(results, focus, table):
    found = [SECTION.format(
        "Focus behind the scatterer",
        "At the limit: both widths at most 10 % above 0.886 λz/D and no brighter pixel anywhere, "
        "from then on; scattered light of a wider area may focus more sharply. "
        "Enhancement: peak over the mean intensity with an even mask. The table has the means of "
        "all foci, the pictures show the central one.",
        _focus_table(results, focus, table) + spot_figures.focus_frames(focus)
        + spot_figures.focus_profiles(focus)),
        SECTION.format("Learning", _rival_note(results, focus),
                       spot_figures.focus_learning(focus, results.history))]
    if len(focus["x"]) > 1:
        found.append(SECTION.format(
            "All foci", "Brightest value of all frames, square root; circles: where the light is "
            "wanted.", spot_figures.focus_overview(focus)))
    if "scan" in focus:
        note = ("The focus is moved from point to point through the scatterer; what passes the "
                "target is collected. Structural similarity with the target: "
                f"{_text(results, 'scan.ssim', '.2f')}, without learning "
                f"{_text(results, 'scan.ssim_without_learning', '.2f')}.")
        found.append(SECTION.format("Imaging through the scatterer", note,
                                    spot_figures.scanned_target(focus)))
    return found


def _hidden(results, hidden, table):
    rows = []
    for name in ["untrained", *hidden["trainer_names"]]:
        rows.append((html.escape(LABELS.get(name, name)),
                     _text(results, f"{name}.bit_accuracy", ".1f", 100),
                     _text(results, f"{name}.ssim", ".2f"), _text(results, f"{name}.psnr_db", ".1f"),
                     _text(results, f"{name}.crosstalk", ".1f", 100),
                     _text(results, f"{name}.passes", ".0f"),
                     _text(results, f"{name}.laboratory_training_seconds", ".0f")))
    numbers = table(("mask", "bits [%]", "similarity", "PSNR [dB]", "crosstalk [%]", "passes",
                     "training in a laboratory [s]"), rows, numbers=(1, 2, 3, 4, 5, 6))
    note = ("A read value is the light of a region over what its position alone sends there. "
            f"All positions are read in one frame: {_text(results, 'read_out_frames_per_second', '.0f')} "
            "objects per second, where scanning position by position reaches "
            f"{_text(results, 'scanning_frames_per_second', '.1f')}.")
    return [SECTION.format("The object around the corner", note,
                           numbers + spot_figures.hidden_frames(hidden)),
            SECTION.format("On the camera", "Square root of the intensity. Blue: regions of "
                           "positions that shine; grey: of dark ones.",
                           spot_figures.hidden_camera(hidden)),
            SECTION.format("Crosstalk", "Where the light of a lone position goes.",
                           spot_figures.hidden_crosstalk(hidden)),
            SECTION.format("Learning", "", spot_figures.hidden_learning(hidden, results.history))]
