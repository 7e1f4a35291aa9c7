"""The quality numbers of a run and what they are judged by."""
from dataclasses import dataclass


@dataclass
class Verdict:
    label: str
    value: float
    limit: float
    sentence: str

    @property
    def good(self):
        return abs(self.value) <= self.limit


# key of summary.json, label, limit of green, what the number means
QUALITY = (
    ("max_relative_residual", "Residual", 1e-10,
     "Largest |b − A x| / |b| over all solves. A direct solver in double precision leaves about "
     "10⁻¹²; more than 10⁻¹⁰ means an ill-conditioned matrix."),
    ("reciprocity_defect", "Reciprocity", 1e-8,
     "|S − Sᵀ| / |S|. The discrete operator is symmetric to the last bit, so only rounding may "
     "remain; more than 10⁻⁸ means that a port mode is not what it should be."),
    ("energy_balance_error", "Energy balance", 1e-3,
     "Largest |1 − transmitted − reflected − radiated − absorbed| per input. Some 10⁻⁵ is what a "
     "PML of 20 cells sends back; above 10⁻³ a port's span cuts its mode or the PML is too thin."),
    ("condensation_defect", "Condensation", 1e-9,
     "|S − S₀| / |S₀| of the block, with its fixed cores eliminated once (S, which trains) and "
     "solved as a whole (S₀). The elimination is exact, so only rounding may remain."),
    ("symmetry_defect", "Symmetry", 0.1,
     "|W − Wᵀ| / |W| of the programmed blocks. Forward mode takes W for Wᵀ: its gradient is wrong "
     "by about this part. Above 0.1 use the mirrored or the reverse error pass."),
)

OF_TRAINED_CHIPS = ("condensation_defect", "symmetry_defect")

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
    found = []
    for key, label, limit, sentence in QUALITY:
        value = results.number(key)
        if value is None or (key in OF_TRAINED_CHIPS and not results.trainers):
            continue
        found.append(Verdict(label, value, limit, sentence))
    return found


def accuracies(results):
    """(label, trainer, remark, value) of each accuracy in the summary."""
    hardware = "bench" if results.bench is not None else "chip"
    found = [(label, trainer, remark.replace("chip", hardware), results.number(key))
             for key, label, trainer, remark in ACCURACIES]
    return [row for row in found if row[3] is not None]
