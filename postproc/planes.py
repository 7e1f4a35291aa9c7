"""Planes of a device as pictures need them: whole, on equal cells, and lying."""
import dataclasses

import numpy as np

# Higher than wide by this factor, a plane is drawn with its axes exchanged.
TALL = 0.5


def _joined(values, axis, first, sign=1):
    """`values` behind their mirror image; the first `first` points lie on the mirror plane."""
    image = np.flip(np.delete(values, range(first), axis), axis)
    return np.concatenate([sign * image, values], axis)


def unfolded(plane, mirror):
    """The plane with the halves that mirror planes leave out. `mirror`: the sign of the field's
    image beyond the beginning of x and y, 0 where there is none.
    """
    plane = dict(plane)
    for axis, (key, sign) in enumerate(zip("xy", mirror)):
        along = plane[key]
        if sign == 0 or along is None or len(along) < 2:
            continue
        step = along[1] - along[0]
        if along[0] > 0.75 * step:
            continue  # a plane of a monitor that does not reach the mirror
        first = 1 if abs(along[0]) < 0.25 * step else 0
        plane[key] = _joined(along, 0, first, -1)
        if plane["index"] is not None:
            plane["index"] = _joined(plane["index"], axis, first)
        for name, image_sign in (("fields", int(sign)), ("modulus", 1)):
            if plane[name] is not None:
                plane[name] = _joined(plane[name], axis + 1, first, image_sign)
    return plane


def equally_spaced(plane, most=1500):
    """The plane on equal cells as small as its smallest: pictures know no others."""
    plane = dict(plane)
    for axis, key in enumerate("xy"):
        along = plane[key]
        if along is None or len(along) < 3:
            continue
        steps = np.diff(along)
        if steps.max() < 1.01 * steps.min():
            continue
        count = min(int(round((along[-1] - along[0]) / steps.min())) + 1, most)
        even = np.linspace(along[0], along[-1], count)
        nearest = np.searchsorted((along[1:] + along[:-1]) / 2, even)
        plane[key] = even
        for name, skipped in (("index", 0), ("fields", 1), ("modulus", 1)):
            if plane[name] is not None:
                plane[name] = np.take(plane[name], nearest, axis + skipped)
    return plane


def lying(device):
    """The device itself, or a tall one with its axes exchanged."""
    if np.ptp(device.x) >= TALL * np.ptp(device.y):
        return device
    def exchanged(values):
        return None if values is None else np.swapaxes(values, -1, -2)
    return dataclasses.replace(device, x=device.y, y=device.x, axes=device.axes[::-1],
                               index=exchanged(device.index), fields=exchanged(device.fields),
                               modulus=exchanged(device.modulus))


def port_lines(device):
    """(name, corner, corner) in the axes of the picture of every port that the plane meets, those
    of several modes once.
    """
    boxes = device.port_boxes
    if boxes is None:
        if device.port_lines is None or set(device.axes) != set("xy"):
            return []
        boxes = np.insert(np.asarray(device.port_lines, float), (2, 4), 0.0, axis=1)
    first, second = ("xyz".index(axis) for axis in device.axes)
    third = 3 - first - second
    slack = (device.x[1] - device.x[0]) if len(device.x) > 1 else 0.0
    found = {}
    for name, box in zip(device.port_names, boxes):
        inside = box[third] - slack <= device.position <= box[third + 3] + slack
        if inside or device.port_boxes is None:
            found.setdefault(name.split("#")[0], ((box[first], box[second]),
                                                  (box[first + 3], box[second + 3])))
    return [(name, *corners) for name, corners in found.items()]
