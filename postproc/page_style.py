"""The style sheet of a report, and the parts that every page is made of."""
import html

CSS = """
:root { --ink: #1d2733; --muted: #67727e; --line: #e1e6eb; --paper: #f4f6f8; --blue: #1b5fb8;
  --orange: #d9741a; --green: #2c9467; --good: #1e7d53; --good-bg: #e6f4ec; --fair: #96600a;
  --fair-bg: #fdf1dc; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans",
  sans-serif; }
main { max-width: 1140px; margin: 0 auto; padding: 36px 24px 60px; }
header h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -0.01em; }
header p { margin: 0; color: var(--muted); }
section { background: white; border: 1px solid var(--line); border-radius: 10px; margin-top: 22px;
  padding: 20px 24px 22px; }
h2 { font-size: 17px; margin: 0 0 4px; }
h3 { font-size: 14px; margin: 18px 0 4px; }
.note { color: var(--muted); margin: 0 0 12px; max-width: 100ch; font-size: 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 14px;
  margin-top: 22px; }
.tile { background: white; border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
.tile .label { color: var(--muted); font-size: 13.5px; }
.tile .value { font-size: 31px; font-weight: 650; line-height: 1.25; letter-spacing: -0.02em; }
.tile.forward_mode .value { color: var(--blue); }
.tile.in_silico .value { color: var(--orange); }
.tile.reverse .value { color: var(--green); }
.tile.physics_aware .value { color: #8a4fb0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--muted); font-size: 13px; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;
  padding-right: 20px; }
.scroll { overflow-x: auto; }
.narrow { max-width: 520px; }
td:first-child b { white-space: nowrap; }
.badge { display: inline-block; min-width: 58px; text-align: center; border-radius: 20px;
  padding: 1px 11px; font-size: 12.5px; font-weight: 600; }
.badge.good { background: var(--good-bg); color: var(--good); }
.badge.fair { background: var(--fair-bg); color: var(--fair); }
img, svg.drawing { display: block; max-width: 100%; height: auto; margin: 4px auto 0; }
.pair { display: flex; flex-wrap: wrap; gap: 10px 26px; align-items: flex-start;
  justify-content: space-around; }
.pair > div { flex: 0 1 auto; max-width: 100%; }
.choice { display: flex; flex-wrap: wrap; gap: 6px; margin: 6px 0 10px; }
.choice > input { position: absolute; opacity: 0; }
.choice > label { border: 1px solid var(--line); border-radius: 6px; padding: 2px 11px;
  font-size: 13px; cursor: pointer; color: var(--muted); }
.choice > input:checked + label { background: var(--ink); border-color: var(--ink); color: white; }
.choice > input:focus-visible + label { outline: 2px solid var(--blue); outline-offset: 1px; }
.choice > .shown { display: none; order: 1; width: 100%; }
details { margin-top: 8px; }
summary { cursor: pointer; font-weight: 600; font-size: 14px; }
pre { background: var(--paper); border-radius: 8px; padding: 14px 16px; overflow-x: auto;
  font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
ul.warnings { color: var(--fair); background: var(--fair-bg); border-radius: 8px; font-size: 14px;
  margin: 4px 0 0; padding: 8px 14px 8px 30px; }
ul.missing { color: var(--muted); font-size: 13.5px; margin: 0; padding-left: 18px; }
@media print { body { background: white; } section, .tile { break-inside: avoid; } }
"""


def section(heading, note, *parts):
    text = f'<p class="note">{note}</p>' if note else ""
    return f"<section><h2>{heading}</h2>{text}{''.join(parts)}</section>"


def choice(name, titles, pictures):
    """One picture of several, chosen by its title; works without scripts."""
    if len(pictures) == 1:
        return pictures[0]
    buttons, rules = [], []
    for number, title in enumerate(titles):
        checked = " checked" if number == 0 else ""
        buttons.append(f'<input type="radio" name="{name}" id="{name}{number}"{checked}>'
                       f'<label for="{name}{number}">{html.escape(title)}</label>')
        rules.append(f"#{name}{number}:checked ~ #{name}_shown{number}")
    shown = [f'<div class="shown" id="{name}_shown{number}">{picture}</div>'
             for number, picture in enumerate(pictures)]
    style = f"<style>{', '.join(rules)} {{ display: block; }}</style>"
    return f'{style}<div class="choice">{"".join(buttons + shown)}</div>'


def table(header, rows, numbers=()):
    """A table; the columns in `numbers` are aligned right. Cells are HTML already."""
    def cell(tag, column, text):
        kind = ' class="number"' if column in numbers else ""
        return f"<{tag}{kind}>{text}</{tag}>"
    head = "".join(cell("th", column, text) for column, text in enumerate(header))
    body = "".join("<tr>" + "".join(cell("td", c, text) for c, text in enumerate(row)) + "</tr>"
                   for row in rows)
    kind = "scroll narrow" if len(header) == 2 else "scroll"
    return f'<div class="{kind}"><table><tr>{head}</tr>{body}</table></div>'
