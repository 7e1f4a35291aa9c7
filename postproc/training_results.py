"""What results.h5 has of a training: its trainers, elements, and the tasks at its wavelengths."""
from dataclasses import dataclass, field

import elements

TRAINERS = ("forward_mode", "in_silico", "reverse", "physics_aware", "spsa", "swarm",
            "finite_difference")
CURVES = {"loss": 1, "train_accuracy": 1, "test_accuracy": 1, "confusion": 2,
          "deployed_confusion": 2}


@dataclass
class Task:
    """What was trained at one of several wavelengths."""

    wavelength: float  # um
    classes: list = field(default_factory=list)
    trainers: dict = field(default_factory=dict)  # trainer -> {name: array}


def _of_trainers(training, place, dimensions, array):
    """trainer -> {name: array} of the groups TRAINER/place."""
    trainers = {}
    for trainer in TRAINERS:
        if trainer in training:
            group = training[trainer].get(place) if place else training[trainer]
            found = {name: array(group, name, n) for name, n in dimensions.items()}
            trainers[trainer] = {k: v for k, v in found.items() if v is not None}
    return trainers


def read(training, results, array, strings):
    for name, member in (("classes", "classes"), ("command_names", "commands")):
        if name in training:
            setattr(results, member, strings(training[name]))
    results.elements = elements.read(training, array, strings)
    results.crosstalk = array(training, "crosstalk", 2)
    if results.device is not None:
        results.device.elements = results.elements
    results.trainers = _of_trainers(
        training, "", {**CURVES, "gradient_norm": 1, "symmetry_defect": 1, "commands": 2}, array)
    wavelengths = array(training, "wavelength", 1)
    for number, wavelength in enumerate([] if wavelengths is None else wavelengths, start=1):
        place = f"wavelength_{number}"
        classes = training.get(f"{place}/classes")
        results.tasks.append(Task(float(wavelength), [] if classes is None else strings(classes),
                                  _of_trainers(training, place, CURVES, array)))
