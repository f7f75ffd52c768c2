"""A grid from the boxes that ruling lines make."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

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


def with_outer(edges: Sequence[Mapping[str, Any]], xs: list[float], ys: Sequence[float]) -> list[float]:
    """The columns of a table with those outside of them that rules down part, though no rule across closes any cell."""
    reach: dict[float, float] = {}
    for edge in edges:
        if edge["orientation"] == "v" and not xs[0] - 2.5 <= edge["x0"] <= xs[-1] + 2.5:
            x = next((v for v in reach if abs(v - edge["x0"]) <= 2.5), edge["x0"])
            inside = min(edge["bottom"], ys[-1]) - max(edge["top"], ys[0])
            reach[x] = reach.get(x, 0.0) + max(inside, 0.0)
    return sorted([*xs, *(x for x, held in reach.items() if held >= 0.8 * (ys[-1] - ys[0]))])


def unclosed(
    edges: Sequence[Mapping[str, Any]],
    xs: Sequence[float],
    ys: Sequence[float],
    cells: Sequence[Box],
    height: float,
    printed: Callable[[Box], bool],
) -> list[Box]:
    """Cells that no rule closes: above the first and below the last rule across, where the rules down go on without one
    (a row that goes on over the end of the page), and merged cells that the end of a page leaves open.

    `edges` are the rules of the page; `height` is that of its letters, in points; `printed` says whether anything is
    printed in a place.
    """
    first, last = _reach(edges, xs, ys, height)
    out: list[Box] = []
    for a, b in itertools.pairwise(xs):
        tops = [(top, bottom) for top, bottom in itertools.pairwise(ys) if not _covered(cells, a, b, top, bottom)]
        runs: list[list[float]] = []
        for top, bottom in tops:
            if runs and runs[-1][1] == top:
                runs[-1][1] = bottom
            else:
                runs.append([top, bottom])
        if first < ys[0]:
            if runs and runs[0][0] == ys[0]:
                runs[0][0] = first
            else:
                runs.insert(0, [first, ys[0]])
        if last > ys[-1]:
            if runs and runs[-1][1] == ys[-1]:
                runs[-1][1] = last
            else:
                runs.append([ys[-1], last])
        opened = [(a, top, b, bottom) for top, bottom in runs]
        out += [box for box in opened if box[1] < ys[0] or box[3] > ys[-1] or printed(box)]
    return out


def _covered(cells: Sequence[Box], a: float, b: float, top: float, bottom: float) -> bool:
    x, y = (a + b) / 2, (top + bottom) / 2
    return any(c[0] <= x < c[2] and c[1] <= y < c[3] for c in cells)


def _reach(
    edges: Sequence[Mapping[str, Any]], xs: Sequence[float], ys: Sequence[float], height: float
) -> tuple[float, float]:
    """How far up and down the rules down of a table go; only where nearly all of them do."""
    up: dict[float, float] = {}
    down: dict[float, float] = {}
    for edge in edges:
        if edge["orientation"] != "v":
            continue
        x = min(xs, key=lambda v: abs(v - edge["x0"]))
        if abs(x - edge["x0"]) > 2.5:
            continue
        if edge["bottom"] >= ys[0] - 2 and edge["top"] < ys[0] - height:
            up[x] = min(up.get(x, ys[0]), edge["top"])
        if edge["top"] <= ys[-1] + 2 and edge["bottom"] > ys[-1] + height:
            down[x] = max(down.get(x, ys[-1]), edge["bottom"])
    enough = max(3, len(xs) - 2)  # the outer rules down may be missing
    return (
        min(up.values()) if len(up) >= enough else ys[0],
        max(down.values()) if len(down) >= enough else ys[-1],
    )


def only_down(edges: Sequence[Mapping[str, Any]], height: float) -> list[Box]:
    """The cells of one row between rules down, on a page without the rules across that would make a table of it: the
    tail of a row from the page before. At least three columns."""
    down = [e for e in edges if e["orientation"] == "v" and e["bottom"] - e["top"] > height]
    xs = levels([e["x0"] for e in down], 2.5)
    if len(xs) < 4:
        return []
    top, bottom = min(e["top"] for e in down), max(e["bottom"] for e in down)
    if any(e["bottom"] < bottom - height or e["top"] > top + height for e in down):
        return []
    return [(a, top, b, bottom) for a, b in itertools.pairwise(xs)]
