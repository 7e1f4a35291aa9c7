"""Far fields and diffraction orders in results.h5."""


def far_fields(file, array):
    """Monitor -> {name: array}; `array(group, name, dimensions)` is None for what is not there."""
    found = {}
    for name, group in file.get("far_field", {}).items():
        found[name] = {key: array(group, key, dimensions) for key, dimensions in (
            ("theta", 1), ("phi", 1), ("intensity", 2), ("power", 1), ("power_below", 1),
            ("power_above", 1), ("flux", 1), ("index", 2), ("interfaces", 1))}
        found[name]["axis"] = int(group.attrs.get("axis", 2))
    return found


def orders(file, array):
    """Monitor -> {name: array}; `share` is that of the incident power."""
    found = {}
    for name, group in file.get("diffraction", {}).items():
        found[name] = {key: array(group, key, dimensions) for key, dimensions in (
            ("order", 2), ("angle", 2), ("azimuth", 2), ("power", 3))}
        found[name]["share"] = array(group, "efficiency", 3)
    return found
