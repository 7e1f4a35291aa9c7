"""The report of a sweep: its members in one table, key numbers over the swept keys."""
import html
import math

import sweep_figures
from page_style import CSS, section, table

STATES = ("done", "incomplete", "failed", "running", "stopped", "missing")
WORDS = {"incomplete": "have results of which parts failed", "failed": "have failed",
         "running": "are at work", "stopped": "have stopped and can go on",
         "missing": "have not begun"}
MOST_ROWS = 2000


def build(sweep):
    """The whole page as text."""
    title = f"Sweep {html.escape(sweep.sweep)}"
    subtitle = " · ".join([f"{len(sweep.members)} members", f"deck {sweep.deck}",
                           *[f"--set {setting}" for setting in sweep.settings]])
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>", f"<style>{CSS}</style></head><body><main>",
        f"<header><h1>{title}</h1><p>{html.escape(subtitle)}</p></header>",
        _tiles(sweep), _numbers(sweep), _failures(sweep), _members(sweep), _missing(sweep),
        "</main></body></html>", ""])


def _tiles(sweep):
    tiles = [f'<div class="tile"><div class="label">{state}</div>'
             f'<div class="value">{sweep.count(state)}</div></div>'
             for state in STATES if state == "done" or sweep.count(state)]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _numbers(sweep):
    parts = []
    for name in sweep.plot:
        figure = sweep_figures.draw(sweep, name)
        if figure:
            parts.append(f"<h3>{html.escape(name)}</h3>{figure}")
    if not parts:
        return ""
    return section("Key numbers", "Of the members that have results, from their summary.json; "
                   "`plot` in the sweep file chooses them.", *parts)


def _failures(sweep):
    rows = [(_link(sweep, member), html.escape(_values(sweep, member)),
             html.escape(member["reason"]))
            for member in sweep.members if member["state"] in ("failed", "incomplete")]
    if not rows:
        return ""
    return section("What failed", "", table(("member", "values", "why"), rows))


def _values(sweep, member):
    return ", ".join(f"{key.name} = {_shown(value)}{' ' + key.unit if key.unit else ''}"
                     for key, value in zip(sweep.keys, member["values"]))


def _shown(value):
    if isinstance(value, str):
        return value
    return f"{value:.6g}" if math.isfinite(value) else "–"


def _link(sweep, member):
    """To the report of the member, to its log where there is none yet, else to its folder."""
    for name in ("report.html", "log.txt", ""):
        if (sweep.folder / member["folder"] / name).exists():
            return f'<a href="{member["folder"]}/{name}">{member["member"]}</a>'
    return str(member["member"])


def _members(sweep):
    header = ["member", *[html.escape(key.label) for key in sweep.keys], "state",
              *[html.escape(name) for name in sweep.plot], "seconds"]
    rows = []
    for member in sweep.members[:MOST_ROWS]:
        numbers = [_shown(member["numbers"].get(name, math.nan))
                   for name in (*sweep.plot, "seconds")]
        rows.append([_link(sweep, member),
                     *[html.escape(_shown(value)) for value in member["values"]], _badge(member),
                     *numbers])
    right = [0, *[k + 1 for k, key in enumerate(sweep.keys) if key.numeric],
             *range(len(sweep.keys) + 2, len(header))]
    note = "All numbers of all members stand in sweep.csv."
    if len(sweep.members) > MOST_ROWS:
        note = f"The first {MOST_ROWS}. " + note
    return section("Members", note, table(header, rows, numbers=right))


def _badge(member):
    kind = "good" if member["state"] == "done" else "fair"
    return f'<span class="badge {kind}">{member["state"]}</span>'


def _missing(sweep):
    lines = [f"{sweep.count(state)} of {len(sweep.members)} members {WORDS[state]}"
             for state in STATES[1:] if sweep.count(state)]
    lines += [f"no member has the number {html.escape(name)}" for name in sweep.absent]
    if not lines:
        return ""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return section("What is missing", "", f'<ul class="missing">{items}</ul>')
