"""A bar chart as SVG inside the page: prints, needs no script, and is told in words to who cannot see it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal

MOST = 24
WIDTH, LABEL, ROW = 640, 190, 30


def bars(key: str, title: str, unit: str, values: Sequence[tuple[str, Decimal]]) -> str:
    """Horizontal bars, one for each name. Nothing where there is nothing to compare or somewhere a minus."""
    held = [(name, value) for name, value in values if name][:MOST]
    top = max((value for _, value in held), default=Decimal(0))
    if len(held) < 2 or top <= 0 or any(value < 0 for _, value in held):
        return ""
    words = html.escape("；".join(f"{name} {value:,f}{unit}" for name, value in held))
    name_of = html.escape(f"{title}（{unit}）" if unit else title)
    height = len(held) * ROW + 8
    out = [
        f'<svg class="chart" role="img" viewBox="0 0 {WIDTH} {height}" aria-labelledby="chart-{key} chart-{key}-text">',
        f'<title id="chart-{key}">{name_of}</title><desc id="chart-{key}-text">{words}</desc>',
    ]
    space = WIDTH - LABEL - 120
    for at, (name, value) in enumerate(held):
        y = at * ROW + 4
        wide = max(1, round(float(value / top) * space))
        short = name if len(name) <= 13 else name[:12] + "…"
        out.append(
            f'<text x="{LABEL - 8}" y="{y + 17}" text-anchor="end">{html.escape(short)}</text>'
            f'<rect x="{LABEL}" y="{y + 3}" width="{wide}" height="{ROW - 10}"/>'
            f'<text x="{LABEL + wide + 6}" y="{y + 17}">{value:,f}</text>'
        )
    return "".join(out) + "</svg>"
