"""The quality numbers of a run and what they are judged by."""
from dataclasses import dataclass

import numpy as np

from figure_style import scientific


@dataclass
class Verdict:
    label: str
    value: float
    limit: float
    sentence: str
    text: str = ""  # instead of the value
    word: str = ""  # instead of "good" or "look"

    @property
    def good(self):
        return abs(self.value) <= self.limit

    @property
    def shown(self):
        return self.text or scientific(self.value)


# key of summary.json, label, limit of green, what the number means
QUALITY = (
    ("max_relative_residual", "Residual", 1e-10,
     "Largest |b − A x| / |b| over all solves. A direct solver in double precision leaves about "
     "10⁻¹²; more than 10⁻¹⁰ means an ill-conditioned matrix."),
    ("reciprocity_defect", "Reciprocity", 1e-8,
     "|S − Sᵀ| / |S|. The discrete operator is symmetric to the last bit, so only rounding may "
     "remain. It says nothing of the mesh."),
    ("energy_balance_error", "Energy balance", 1e-3,
     "Largest |1 − transmitted − reflected − radiated − absorbed| per input, radiation from the flux "
     "of what the port modes do not carry. Some 10⁻⁵ is what a PML of 20 cells sends back; what is "
     "wrong with a larger one, and where, the warnings say. It says nothing of the mesh."),
    ("condensation_defect", "Condensation", 1e-9,
     "|S − S₀| / |S₀| of the block, with its fixed cores eliminated once (S, which trains) and "
     "solved as a whole (S₀). The elimination is exact, so only rounding may remain."),
    ("composition_defect", "Composition", 0.05,
     "|S − S₀| / |S₀| of the block, composed of parts that were solved once (S, which trains) and "
     "solved as a whole (S₀): light that is radiated from one part into the next, and reflections "
     "at the ends of elements, are in S₀ alone."),
    ("amplitude_left", "Light left", 1e-3,
     "Amplitude of the fields at the end of a run in time domain over their highest: S and "
     "gradients are off by about this part."),
    ("symmetry_defect", "Symmetry", 0.1,
     "|W − Wᵀ| / |W| of the programmed blocks. Forward mode takes W for Wᵀ: its gradient is wrong "
     "by about this part. Above 0.1 use the mirrored or the reverse error pass."),
)

ON_A_BENCH = ("|gᵀy − eᵀv| / |gᵀy| of error fields g that are spots in the dark: zero where the bench "
              "is symmetric and launches and measures exactly. The gradient of forward mode is wrong "
              "by about this part; the trainer reverse needs no symmetry.")

OF_TRAINED_CHIPS = ("condensation_defect", "composition_defect", "amplitude_left",
                    "symmetry_defect")

# Spectra of fields in time domain, apart from what is left inside at the end: rounding of some
# thousand steps.
ROUNDING = {"float32": 1e-5, "float64": 1e-10}
# Spectra of a run that ends with more of its highest energy inside are off by a percent.
SPECTRUM_DECIBEL = -40.0

ACCURACIES = (
    ("forward_mode.test_accuracy", "Forward mode", "forward_mode", "trained on the chip"),
    ("in_silico.model_test_accuracy", "In silico", "in_silico", "on the ideal model"),
    ("in_silico.deployed_test_accuracy", "In silico, deployed", "in_silico", "on the chip"),
    ("reverse.test_accuracy", "Reverse", "reverse", "trained on the chip"),
    ("physics_aware.test_accuracy", "Physics aware", "physics_aware", "trained on the chip"),
    ("spsa.test_accuracy", "SPSA", "spsa", "trained on the chip"),
    ("swarm.test_accuracy", "Particle swarm", "swarm", "trained on the chip"),
    ("finite_difference.test_accuracy", "Finite difference", "finite_difference",
     "trained on the chip"),
)


def quality(results):
    """Verdicts on the quality numbers that the run wrote."""
    if results.in_time_domain:
        found = (_ending(results), _reciprocity(results), _balance(results), _resonances(results),
                 _mesh(results))
        return [verdict for verdict in found if verdict is not None]
    gradient = _gradient(results)
    found = [gradient] if gradient else []
    for key, label, limit, sentence in QUALITY:
        value = results.number(key)
        trained = results.trainers or results.spots
        if value is None or (key in OF_TRAINED_CHIPS and not trained):
            continue
        if key == "symmetry_defect" and gradient:
            continue
        if key == "symmetry_defect" and (results.bench is not None or results.spots):
            sentence = ON_A_BENCH
        found.append(Verdict(label, value, _limit(results, key, limit), sentence))
    mesh = _mesh(results)
    return found + [mesh] if mesh else found


def _limit(results, key, otherwise):
    """Of the run's own judgement, where it wrote one."""
    written = results.number({"reciprocity_defect": "reciprocity_limit",
                              "energy_balance_error": "energy_balance_limit"}.get(key, ""))
    return otherwise if written is None else written


def _mesh(results):
    """What none of the other numbers sees."""
    if results.bench is not None or results.spots or results.device is None:
        return None
    estimate = results.number("mesh_error_estimate.n_eff_relative")
    said = results.summary.get("mesh_error_estimate")
    said = said.get("sentence", "") if isinstance(said, dict) else ""
    of = "n_eff" if said.startswith("n_eff") else "index"
    text = "not known" if estimate is None else f"{of} ≈ {scientific(estimate)}"
    sentence = ("The other checks hold on the lattice, whatever its cells: they say nothing of how "
                "far its light is from that between smooth walls. Nothing but finer cells measures "
                "that: run the deck at half the cell and compare.")
    if estimate is not None:
        sentence += " " + (said or "Expected from the lattice's own dispersion, relative to n_eff.")
        sentence += " Walls between cells come on top of it."
    return Verdict("Mesh", np.nan if estimate is None else estimate, 0.0, sentence, text,
                   "not known" if estimate is None else "estimate")


def _gradient(results):
    """Of forward mode on a bench, where its true gradient was measured."""
    cosine = results.number("gradient_cosine_end.forward_mode")
    if cosine is None:
        return None
    defect = results.number("symmetry_defect")
    symmetry = f" Symmetry defect as measured: {scientific(defect)}." if defect else ""
    return Verdict(
        "Gradient", 1 - cosine, 0.1,
        "1 − cosine of forward mode's gradient at the trained masks with the true one, which reverse "
        "measures on the same bench without noise. Above 0.1 the bench is not symmetric, or noise "
        f"and background of launched fields outweigh the error field.{symmetry}")


def _left(results):
    """The largest amplitude in the lattice at the end of a run, over the highest."""
    decibel = results.number("energy_decay_db")
    return 0.0 if decibel is None else 10 ** (decibel / 20)


def _ending(results):
    """How far the light had left when the run ended."""
    decibel = results.number("energy_decay_db")
    if decibel is None:
        return None
    asked = results.deck("solver.stop.max_time" if _continuous(results) else "solver.stop.decay")
    has_spectra = bool(results.flux or results.far_fields or results.input_flux
                       or results.device is not None and results.device.s_matrix is not None)
    converged = results.summary.get("converged") is True
    if _continuous(results):
        sentence = (f"A continuous wave is lit to the end, {asked} after its start; what it has "
                    "not reached by then, or what still rings from its switching on, is an error.")
    else:
        wanted = scientific(float(asked)) if asked else "10⁻⁷"
        sentence = ("Field energy at the end over its highest value"
                    + (f"; the deck asks for {wanted}. " if converged else
                       f". The deck asks for {wanted}, which was not reached by "
                       "solver.stop.max_time. ")
                    + f"Fields and spectra are off by about its square root, "
                    f"{scientific(_left(results))} of the amplitude")
        sentence += "; resonances are judged below." if results.resonances else "."
        sentence += _left_in_figures(results)
    good = converged and (_continuous(results) or not has_spectra or decibel <= SPECTRUM_DECIBEL)
    return Verdict("Energy left", 0.0 if good else 1.0, 0.5, sentence,
                   f"{decibel:.0f} dB".replace("-", "−"))


def _left_in_figures(results):
    """What the decay means for each kind of figure."""
    weakest = results.number("decay_error.amplitude_at_weakest")
    if weakest is None:
        return ""
    wavelength = results.number("decay_error.weakest_wavelength_um")
    figures = (("S-parameters", results.device is not None and results.device.s_matrix is not None),
               ("fields", True), ("far-field amplitudes", bool(results.far_fields)))
    powers = (("|S|²", figures[0][1]), ("fluxes", bool(results.flux or results.input_flux)),
              ("cross-sections", bool(results.flux) and not results.shares),
              ("far-field powers", bool(results.far_fields)))
    named = [[name for name, there in kinds if there] for kinds in (figures, powers)]
    sentence = (f" Where the pulse has least light, at {wavelength:.4g} µm, {_list(named[0])} may "
                f"be off by {scientific(weakest)}")
    if named[1]:
        sentence += f", {_list(named[1])} by {scientific(2 * weakest)}"
    return sentence + "; a smaller solver.stop.decay lowers both."


def _list(words):
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _continuous(results):
    return "kind: cw" in results.meta.get("resolved_deck", "")


def _precision(results):
    return results.deck("solver.precision") or "float32"


def _reciprocity(results):
    value = results.number("reciprocity_defect")
    if value is None:
        return None
    precision = _precision(results)
    limit = _limit(results, "reciprocity_defect",
                   min(ROUNDING.get(precision, ROUNDING["float32"]) + _left(results), 1e-2))
    return Verdict(
        "Reciprocity", value, limit,
        f"|S − Sᵀ| / |S|, largest over the wavelengths. Rounding in {precision} and the light left "
        f"inside may make {scientific(limit)}. It says nothing of the mesh.")


def _balance(results):
    value = results.number("energy_balance_error")
    if value is None:
        return None
    limit = _limit(results, "energy_balance_error", min(1e-3 + 2 * _left(results), 1e-2))
    of_ports = results.device is not None and results.device.s_matrix is not None
    what = ("1 − transmitted − reflected − radiated − absorbed" if of_ports
            else "1 − transmitted − reflected")
    sentence = (", radiation from the flux of what the port modes do not carry" if of_ports
                else "; where a medium absorbs, the largest gain")
    return Verdict(
        "Energy balance", value, limit,
        f"Largest |{what}| over the wavelengths{sentence}. The PML and the light left inside may "
        f"make {scientific(limit)}; what is wrong with a larger one the warnings say. It says "
        "nothing of the mesh.")


def _resonances(results):
    marks = [bool(resolved) for table in results.resonances.values()
             for resolved in table.get("resolved", [])]
    if not marks:
        return None
    return Verdict(
        "Resonances", 1 - sum(marks) / len(marks), 0,
        "A resonance is resolved where its quality factor is known to a tenth: the first three "
        "quarters of its record give the same line. One that is not rings too weakly, was watched "
        "too briefly, or does not exist.",
        f"{sum(marks)} of {len(marks)} resolved")


def accuracies(results):
    """(label, trainer, remark, value) of each accuracy in the summary."""
    hardware = "bench" if results.bench is not None else "chip"
    found = [(label, trainer, remark.replace("chip", hardware), results.number(key))
             for key, label, trainer, remark in ACCURACIES]
    return [row for row in found if row[3] is not None]
