"""The last pictures that a run has drawn while it went on."""
import base64
import html
import re

MAX_PICTURES = 6


def _series(folder):
    """What is drawn -> its pictures in the order of their frames, as their names count them."""
    series = {}
    for path in sorted(folder.rglob("*.png")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        series.setdefault(re.sub(r"_\d+$", "", name), []).append(path)
    return series


def _picture(name, paths):
    """The last one with its caption, "" where it cannot be read."""
    try:
        content = base64.b64encode(paths[-1].read_bytes()).decode("ascii")
    except OSError:
        return ""
    frames = "1 frame" if len(paths) == 1 else f"the last of {len(paths)} frames"
    return (f'<div><img style="max-width: 100%" alt="{html.escape(name)}" '
            f'src="data:image/png;base64,{content}">'
            f"<p>{html.escape(paths[-1].name)}, {frames}</p></div>")


def pictures(folder):
    """Of what changes most often the last picture each, at most MAX_PICTURES; and a line on how
    many there are. An empty list without pictures."""
    series = _series(folder)
    shown = sorted(series.items(), key=lambda item: (-len(item[1]), item[0]))[:MAX_PICTURES]
    drawn = [picture for name, paths in shown if (picture := _picture(name, paths))]
    if not drawn:
        return []
    count = sum(len(paths) for paths in series.values())
    pairs = [f'<div class="pair">{"".join(drawn[k:k + 2])}</div>' for k in range(0, len(drawn), 2)]
    files = "1 picture lies" if count == 1 else f"{count} pictures lie"
    return [*pairs, f"<p>{files} in {html.escape(folder.name)}/.</p>"]
