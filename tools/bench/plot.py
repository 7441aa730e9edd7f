#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws how much longer the programs of rivals take than the library.

    tools/bench/plot.py RESULTS.json PLOT.svg

RESULTS.json is what tools/bench/run --json has written.  A panel for each kernel, a bar
for each rival: to the right of the line it takes longer than the library, to the left
it is faster.  The scale is logarithmic.
"""

import html
import json
import math
import sys

LEAST, MOST = 0.25, 32  # ratios at the ends of the scale
TICKS = 0.25, 0.5, 1, 2, 4, 8, 16, 32
PROGRAM, OURS = "programs", "parfun"

COLUMNS = 2
NAME, SCALE, VALUE = 190, 210, 50  # widths within a panel
PANEL, GAP, MARGIN = NAME + SCALE + VALUE, 24, 16
ROW, TITLE, AXIS, HEAD = 17, 26, 26, 44

# Legible on white and on black; a viewer in dark mode gets lighter ones.
STYLE = """
text { font: 12px sans-serif; fill: #24292f; }
.small { font-size: 11px; fill: #57606a; }
.title { font-weight: bold; }
.grid { stroke: #8c959f; stroke-opacity: .35; }
.one { stroke: #24292f; }
.slower { fill: #2f81c7; }
.faster { fill: #d1761f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .small { fill: #9da7b1; }
  .one { stroke: #e6edf3; }
  .slower { fill: #58a6ff; }
  .faster { fill: #f0a04b; }
}
"""


def place(ratio):
    """Where on the scale a ratio stands, in pixels."""
    inside = min(max(ratio, LEAST), MOST)
    return SCALE * math.log(inside / LEAST) / math.log(MOST / LEAST)


def text(x, y, words, kind="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{html.escape(words)}</text>")


def line(x, top, bottom, kind):
    return (f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}" '
            f'class="{kind}"/>')


def draw_bar(left, top, row):
    ratio, one = row["ratio"], place(1)
    start, end = sorted((place(ratio), one))
    kind = "slower" if ratio >= 1 else "faster"
    return [
        text(left + NAME - 8, top + 12, row["what"], "small", "end"),
        f'<rect x="{left + NAME + start:.1f}" y="{top + 3}" height="{ROW - 5}" '
        f'width="{max(end - start, 1):.1f}" class="{kind}"/>',
        text(left + NAME + SCALE + 6, top + 12, f"{ratio:.2f}", "small"),
    ]


def draw_panel(left, top, task, ours, rows):
    bottom = top + TITLE + ROW * len(rows)
    parts = [text(left + NAME, top + 16, f"{task}: {1e3 * ours:.3g} ms", "title")]
    for tick in TICKS:
        x = left + NAME + place(tick)
        parts.append(line(x, top + TITLE, bottom, "one" if tick == 1 else "grid"))
        parts.append(text(x, bottom + 14, f"{tick:g}", "small", "middle"))
    for number, row in enumerate(rows):
        parts += draw_bar(left, top + TITLE + ROW * number, row)
    return parts


def collect(results):
    """For each task the library's seconds, and the rivals' rows."""
    panels = {}
    for row in results:
        if "seconds" in row:
            panels.setdefault(row["task"], [None, []])
            if row["what"] == OURS:
                panels[row["task"]][0] = row["seconds"]
            else:
                panels[row["task"]][1].append(row)
    return panels


def draw(run):
    results = next(p["results"] for p in run["programs"] if p["program"] == PROGRAM)
    panels = collect(results)
    tallest = max(len(rows) for _, rows in panels.values())
    step = TITLE + ROW * tallest + AXIS
    width = 2 * MARGIN + COLUMNS * PANEL + (COLUMNS - 1) * GAP
    height = HEAD + step * math.ceil(len(panels) / COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>Time to the library's on all cores</title><style>{STYLE}</style>",
        text(MARGIN, 20, "Time to the library's on all cores: right of the line slower, "
             "left of it faster than parfun", "title"),
        text(MARGIN, 36, f'{run["date"]}, {run["machine"]}, {run["processors"]} '
             "processors", "small"),
    ]
    for number, (task, (ours, rows)) in enumerate(panels.items()):
        left = MARGIN + number % COLUMNS * (PANEL + GAP)
        parts += draw_panel(left, HEAD + number // COLUMNS * step, task, ours, rows)
    return "\n".join(parts + ["</svg>", ""])


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as source:
        run = json.load(source)
    with open(arguments[1], "w", encoding="utf-8") as target:
        target.write(draw(run))
    return 0


if __name__ == "__main__":
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(__doc__.strip())
    else:
        sys.exit(main(sys.argv[1:]))
