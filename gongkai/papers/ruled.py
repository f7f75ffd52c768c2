"""A grid from the boxes that ruling lines make."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gongkai.papers.grid import Table
from gongkai.papers.seams import settle

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def levels(values: Sequence[float], tolerance: float) -> list[float]:
    """The distinct places among values of which several mean one line."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > tolerance:
            found.append(value)
    return found


def nearest(places: list[float], value: float) -> int:
    """Index of the place next to `value`."""
    return min(range(len(places)), key=lambda i: abs(places[i] - value))


def grid_of(boxes: Sequence[Box], text_of: Callable[[Box], str], *, tolerance: float, page: int | None) -> Table | None:
    """The boxes as a table, merged cells included; None when they make neither two rows nor two columns."""
    xs = levels([v for b in boxes for v in (b[0], b[2])], tolerance)
    ys = levels([v for b in boxes for v in (b[1], b[3])], tolerance)
    if len(xs) < 3 and len(ys) < 3:
        return None
    placed = []
    for box in boxes:
        row = nearest(ys, box[1])
        placed.append((row, max(nearest(ys, box[3]) - row, 1), box[0], box[2], text_of(box)))
    return settle(placed, len(ys) - 1, page=page, wrapped=True)
