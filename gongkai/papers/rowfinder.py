"""Where the rows of a table without rules begin and end."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median

from gongkai.papers.words import Word

_ORDINAL = re.compile(r"[（(]?(\d{1,3}|[一二三四五六七八九十]{1,3})[）)]?[.．、]?")
_ITEM = re.compile(
    r"\d{1,3}\s*[.．、](?!\d(?!\d?月|\d{3}年))|[（(]\d{1,2}[）)]|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|[①-⑳]"
)
_SENTENCE_END = "。；;！"


@dataclass(slots=True)
class Piece:
    y: float
    column: int
    word: Word


def row_bounds(
    pieces: list[Piece], columns: list[tuple[float, float]], walls: list[float], pitch: float
) -> list[tuple[float, float]]:
    """The [low, high) ranges of height of the rows."""
    ys = sorted({p.y for p in pieces})
    if not ys:
        return []
    bounds: list[tuple[float, float]] = []
    head = [p for p in pieces if abs(p.y - ys[0]) < 0.01]
    plain = all(len(p.word.text) <= 10 and not re.search(r"[，。；、\d]", p.word.text) for p in head)
    if len(ys) > 1 and len({p.column for p in head}) >= max(2, len(columns) - 1) and plain:
        # The heads of the columns stand on a line of their own.
        words = {p.word.text for p in head}
        repeats = [y for y in ys if {p.word.text for p in pieces if abs(p.y - y) < 0.01} == words]
        bounds += [(y, y + 0.01) for y in repeats]
        ys = [y for y in ys if y not in repeats]
        walls = [*walls, *repeats]
        if not ys:
            return bounds
    groups = _gap_groups(ys, walls, pitch)
    ordinals = _ordinal_column(pieces, columns)
    body = _body_column(pieces, len(columns))
    gapped = len(groups) >= 4 and len(groups) >= 0.25 * len(ys)
    for group in groups:
        inside = [p for p in pieces if group[0] <= p.y <= group[-1]]
        numbers = (
            [p.y for p in inside if p.column == ordinals and _ORDINAL.fullmatch(p.word.text)]
            if ordinals is not None
            else []
        )
        bounds += _split_group(group, inside, body, columns, numbers, gapped)
    return bounds


def _body_column(pieces: list[Piece], width: int) -> int:
    """The column of tasks: the one with numbered lines or sentences, else the one with most text."""

    def weight(column: int) -> tuple[int, int]:
        own = [p.word.text for p in pieces if p.column == column]
        marked = sum(1 for t in own if _ITEM.match(t) and len(t) > 6) + sum(1 for t in own if t[-1:] in _SENTENCE_END)
        return (marked if marked >= 3 else 0), sum(len(t) for t in own)

    return max(range(width), key=weight)


def _gap_groups(ys: list[float], walls: list[float], pitch: float) -> list[list[float]]:
    groups = [[ys[0]]]
    for a, b in itertools.pairwise(ys):
        if b - a > pitch * 1.45 or any(a < w < b for w in walls):
            groups.append([])
        groups[-1].append(b)
    return groups


def _ordinal_column(pieces: list[Piece], columns: list[tuple[float, float]]) -> int | None:
    for c in dict.fromkeys((0, 1, len(columns) - 1)):
        if c >= len(columns):
            continue
        own = [p for p in pieces if p.column == c]
        good = sum(1 for p in own if _ORDINAL.fullmatch(p.word.text))
        if good >= 3 and good >= 0.6 * len(own):
            return c
    return None


def _split_group(
    ys: list[float],
    pieces: list[Piece],
    body: int,
    columns: list[tuple[float, float]],
    numbers: list[float],
    gapped: bool,
) -> list[tuple[float, float]]:
    end = ys[-1] + 0.01
    if len(numbers) >= 2 or (numbers and not gapped):
        starts = _starts_by_number(ys, pieces, body, numbers)
    elif gapped and not _marked_lines(pieces, body)[1:]:
        starts = [ys[0]]
    else:
        starts = _starts_by_text(ys, pieces, body, columns)
    starts = sorted({ys[0], *starts})
    return [(a, b) for a, b in zip(starts, [*starts[1:], end], strict=True)]


def _marked_lines(pieces: list[Piece], body: int) -> list[float]:
    return [p.y for p in pieces if p.column == body and _ITEM.match(p.word.text)]


def _starts_by_number(ys: list[float], pieces: list[Piece], body: int, numbers: list[float]) -> list[float]:
    """Rows from their numbers: a number stands on the first line of its row, or in the middle of it."""
    body_lines = {p.y: p.word.text for p in sorted(pieces, key=lambda p: p.y) if p.column == body}
    lines = sorted(body_lines)
    if lines and lines[0] >= numbers[0] - 0.01 and all(any(abs(n - y) < 0.5 for y in lines) for n in numbers):
        before = [max((y for y in lines if y < n), default=None) for n in numbers[1:]]
        ended = sum(1 for y in before if y is not None and body_lines[y][-1:] in _SENTENCE_END)
        if ended >= 0.5 * max(1, len(before)):
            return numbers
    # Centred numbers: a row reaches as far below its number as above it.
    starts = [ys[0]]
    top = ys[0]
    for number, following in zip(numbers, [*numbers[1:], None], strict=True):
        if following is None:
            break
        bottom = 2 * number - top
        candidates = [y for y in lines if number <= y < following] or [number]
        best = min(
            candidates,
            key=lambda y: abs(y - bottom) - (1.2 if body_lines.get(y, "")[-1:] in _SENTENCE_END else 0),
        )
        after = [y for y in ys if y > best]
        if not after:
            break
        top = after[0]
        starts.append(top)
    return starts


def _starts_by_text(ys: list[float], pieces: list[Piece], body: int, columns: list[tuple[float, float]]) -> list[float]:
    """Rows without numbers: a marked line begins one, and so does the line after a sentence that ended early."""
    lines = sorted((p for p in pieces if p.column == body), key=lambda p: p.y)
    if not lines:
        return [ys[0]]
    if all(p.word.text[-1:] in _SENTENCE_END for p in lines):
        return sorted({p.y for p in lines})  # no line goes on in the next: each is a row
    right = columns[body][1]
    wide = median(p.word.x1 - p.word.x0 for p in lines)
    starts: list[float] = []
    previous: Piece | None = None
    for piece in lines:
        if (
            previous is None
            or _ITEM.match(piece.word.text)
            or (previous.word.text[-1:] in _SENTENCE_END and right - previous.word.x1 > 0.12 * max(wide, 1))
        ):
            starts.append(piece.y)
        previous = piece
    head = [p for p in pieces if abs(p.y - ys[0]) < 0.01]
    if (
        len(ys) > 1
        and len(head) >= 2
        and all(len(p.word.text) <= 10 and not re.search(r"[，。；、]", p.word.text) for p in head)
    ):
        # The heads of the columns stand on a line of their own.
        starts.append(ys[1])
        starts.sort()
    # A cell of another column may begin a line above the text of its row (cells set in the middle): then the row
    # begins there. Where cells begin at the top, such a line is the rest of the row above.
    above = {y: [x for x in ys if x < y and not any(x <= p.y < y for p in lines)] for y in starts}
    level = sum(1 for y in starts if any(p.column != body and abs(p.y - y) < 0.01 for p in pieces))
    if level >= sum(1 for y in starts if above[y]):
        return starts
    moved: list[float] = []
    for start in starts:
        moved.append(min(above[start]) if above[start] and moved else start)
    return moved
