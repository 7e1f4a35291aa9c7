"""Trainable elements as results.h5 or `symwave show` names them. Lengths in um."""
from dataclasses import dataclass

import numpy as np


@dataclass
class Element:
    name: str
    contours: list  # (corners, 2) x, y
    attenuates: bool = False
    image: int = None  # number of its mirror image about x = 0, -1: none; None: not known
    command: int = 0  # column of the commands that drives it

    @property
    def box(self):
        """x0, y0, x1, y1."""
        corners = np.concatenate(self.contours)
        return (*corners.min(axis=0), *corners.max(axis=0))


def of_sketch(data):
    """Those of `symwave show`."""
    def name(one):
        return f"{one['name']} ({one['group']})" if one.get("group") else one["name"]
    return [Element(name(one), [np.array(contour) for contour in one["contours"]],
                    one["attenuates"], one["image"]) for one in data["elements"]]


def read(training, array, strings):
    """Those of a group /training; [] when there are none. Older files know boxes alone."""
    boxes = array(training, "elements", 2)
    if boxes is None:
        return []
    def texts(name, otherwise):
        found = strings(training[name]) if name in training else []
        return found if len(found) == len(boxes) else otherwise
    names = texts("element_names", [str(1 + k) for k in range(len(boxes))])
    changes = texts("element_changes", ["phase"] * len(boxes))
    images = array(training, "element_images", 1)
    corners = array(training, "element_outlines", 2)
    commands = array(training, "element_commands", 1)
    found = []
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        contours = [np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])]
        if corners is not None and np.any(corners[:, 0] == number):
            own = corners[corners[:, 0] == number]
            contours = [own[own[:, 1] == k, 2:] for k in np.unique(own[:, 1])]
        found.append(Element(names[number], contours, changes[number] == "loss",
                             None if images is None else int(images[number]),
                             number if commands is None else int(commands[number])))
    return found


def pairs(elements):
    """(number, number of its mirror image) of every pair of two, once."""
    return [(number, element.image) for number, element in enumerate(elements)
            if element.image is not None and element.image > number]


def own_images(elements):
    return [number for number, element in enumerate(elements) if element.image == number]


def lonely(elements):
    """Numbers of those without a mirror image."""
    return [number for number, element in enumerate(elements) if element.image == -1]


def odd_ones(elements):
    """The same where others have one: a device without any symmetry has none."""
    return lonely(elements) if len(lonely(elements)) < len(elements) else []


def by_kind(elements):
    """(what they are, their numbers) of phase shifters and attenuators, where there are any."""
    kinds = (("phase shifters", [n for n, e in enumerate(elements) if not e.attenuates]),
             ("attenuators", [n for n, e in enumerate(elements) if e.attenuates]))
    return [(kind, numbers) for kind, numbers in kinds if numbers]


def stacked(elements):
    """Numbers of the elements of equal boxes, such as the phase shifter and attenuator of a guide."""
    found = {}
    for number, element in enumerate(elements):
        found.setdefault(tuple(np.round(element.box, 6)), []).append(number)
    return list(found.values())


def images_sentence(elements):
    """How many are their own images, pairs, or without one; "" where it is not known."""
    if not elements or elements[0].image is None:
        return ""
    own, two, none = len(own_images(elements)), len(pairs(elements)), lonely(elements)
    count = len(elements)
    said = [f"{'all ' if own == count > 1 else ''}{_elements(own)} "
            f"{'is its' if own == 1 else 'are their'} own"] if own else []
    said += [f"{_elements(2 * two)} form {two} pair{'' if two == 1 else 's'}"] if two else []
    if none:
        names = ", ".join(elements[number].name for number in none[:8])
        named = f" ({names}{', …' if len(none) > 8 else ''})" if odd_ones(elements) else ""
        said.append(f"{_elements(len(none))} {'has' if len(none) == 1 else 'have'} none{named}")
    return f"Mirror images about x = 0: {'; '.join(said)}."


def _elements(count):
    return f"{count} element{'' if count == 1 else 's'}"
