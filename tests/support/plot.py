"""Draws lines over time into an SVG file, with nothing but the language."""

from html import escape

WIDTH, PANEL_HEIGHT, LEFT, TOP, GAP, RIGHT = 900, 200, 70, 30, 50, 190
COLOURS = ["#1b6ca8", "#c8553d", "#2e7d32", "#7b4b94", "#b8860b", "#00838f",
           "#5d4037", "#455a64", "#ad1457", "#9e9d24"]


def scaled(values, low, high, start, size):
    span = high - low or 1
    return [start + (value - low) / span * size for value in values]


def panel(title, times, series, top, end):
    """One diagram: `series` is a dict from a name to its values."""
    high = max(max(values) for values in series.values()) * 1.1 or 1
    bottom = top + PANEL_HEIGHT
    width = WIDTH - LEFT - RIGHT
    yield f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">' \
          f'{escape(title)}</text>'
    for step in range(5):
        y = bottom - PANEL_HEIGHT * step / 4
        yield f'<path d="M{LEFT} {y:.1f}h{width}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">' \
              f'{high * step / 4:.4g}</text>'
    for step in range(7):
        x = LEFT + width * step / 6
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">' \
              f'{end * step / 6:.3g}</text>'
    xs = scaled(times, 0, end, LEFT, width)
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        ys = scaled(values, 0, high, bottom, -PANEL_HEIGHT)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys))
        yield f'<polyline points="{points}" fill="none" stroke="{colour}"/>'
        yield f'<text x="{WIDTH - RIGHT + 10}" y="{top + 12 + 15 * number}" ' \
              f'fill="{colour}">{escape(name)}</text>'


def write_svg(path, times, panels):
    """`panels` is a dict from a title to its series; `times` are the moments
    of all values, in the unit that the last line names."""
    height = TOP + len(panels) * (PANEL_HEIGHT + GAP)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
             f'height="{height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{WIDTH}" height="{height}" fill="white"/>']
    for number, (title, series) in enumerate(panels.items()):
        lines += panel(title, times, series,
                       TOP + number * (PANEL_HEIGHT + GAP), max(times))
    lines.append("</svg>")
    path.write_text("\n".join(lines) + "\n")
