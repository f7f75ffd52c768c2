"""One cell, several items: `6.…\\n7.…` becomes two tasks that share their row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.plans.reading.numbering import HEADING_KINDS, Mark, mark_of


@dataclass(slots=True)
class Item:
    """A piece of a cell: its number (None where none is printed), its text, and its span in the cell's text."""

    mark: Mark | None
    text: str
    span: tuple[int, int]


def flat(text: str) -> str:
    """Lines of one text joined: without a blank between Chinese characters, with one between Latin words."""
    out = ""
    for line in text.split("\n"):
        piece = line.strip()
        if (
            out
            and piece
            and out[-1].isascii()
            and out[-1].isalnum()
            and piece[0].isascii()
            and piece[0].isalnum()
            and not (out[-1].isdigit() or piece[0].isdigit())
        ):
            out += " "
        out += piece
    return out


def leading_heading(text: str) -> tuple[str, str]:
    """(heading, rest) of a cell whose first line heads the numbered items below it; no heading in other cells."""
    first, _, rest = text.strip().partition("\n")
    mark, below = mark_of(first), mark_of(rest.strip())
    if (
        mark is not None
        and below is not None
        and mark.kind in HEADING_KINDS
        and below.rank > mark.rank
        and len(first.strip()) <= 40
        and not re.search(r"[。；;].", first)
    ):
        return first.strip(), rest.strip()
    return "", text


def headed_parts(text: str) -> list[tuple[str, str]]:
    """The parts of a cell under headings of its own: （一）标题⏎1.…⏎（二）标题⏎1.…; one part without a heading in other cells."""
    first, rest = leading_heading(text)
    if not first:
        return [("", text)]
    kind, parts = mark_of(first), [[first, ""]]
    for line in rest.split("\n"):
        mark = mark_of(line) if line.strip() else None
        again = mark is not None and kind is not None and mark.kind == kind.kind and mark.value > 1
        if again and len(line.strip()) <= 40 and not re.search(r"[。；;].", line):
            parts.append([line.strip(), ""])
        else:
            parts[-1][1] = f"{parts[-1][1]}\n{line}" if parts[-1][1] else line
    return [(heading, body) for heading, body in parts if body.strip()]


def split_items(text: str, *, wrapped: bool = False) -> list[Item]:
    """Split a cell into its numbered items; a cell without numbers is one item.

    Items begin at a line with a number of the same kind as the first. In running text without line ends, numbers
    that go on counting after the end of a sentence part it too.
    """
    starts = _line_starts(text, wrapped)
    if not starts:
        return [Item(None, flat(text), _trim(text, 0, len(text)))]
    if len(starts) == 1:
        starts += _inner_starts(text, starts[0][1])
    items: list[Item] = []
    for (start, mark), following in zip(starts, [*starts[1:], None], strict=True):
        end = following[0] if following else len(text)
        body = text[start:end]
        items.append(Item(mark, flat(body[mark.end :]), _trim(text, start, end)))
    return [i for i in items if i.text]


def beside(text: str, items: list[Item], *, wrapped: bool = False) -> list[str] | None:
    """The parts of a cell numbered like the items of the cell beside it (1.甲局 2.乙局), one for each item; None where
    it is not numbered so."""
    if len(items) < 2 or any(i.mark is None for i in items):
        return None
    parts = split_items(text, wrapped=wrapped)
    held = {p.mark.value: p.text for p in parts if p.mark is not None}
    wanted = [i.mark.value for i in items if i.mark is not None]
    if len(parts) < 2 or len(held) < len(parts) or not set(held) <= set(wanted) or len(held) < 0.5 * len(wanted):
        return None
    return [held.get(value, "") for value in wanted]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _line_starts(text: str, wrapped: bool) -> list[tuple[int, Mark]]:
    found: list[tuple[int, Mark]] = []
    at = 0
    first: Mark | None = None
    previous = ""
    for line in text.split("\n"):
        mark = mark_of(line) if line.strip() else None
        if mark is not None and first is None:
            if previous.strip():
                return []
            first = mark
            found.append((at, mark))
        elif mark is not None and first is not None and mark.kind == first.kind:
            following = mark.value == found[-1][1].value + 1
            ended = bool(re.search(r"[。；;！？）)”]\s*$", previous))
            if following or (ended and mark.value > found[-1][1].value and not wrapped):
                found.append((at, mark))
        if line.strip():
            previous = line
        at += len(line) + 1
    return found


def _inner_starts(text: str, first: Mark) -> list[tuple[int, Mark]]:
    """Numbers inside a line: `1.…。2.…。3.…。`"""
    if first.kind not in ("num", "nump", "circ", "cnp"):
        return []
    found: list[tuple[int, Mark]] = []
    value = first.value
    for match in re.finditer(r"(?<=[。；;！])\s*(?=[（(\d０-９①-⑳])", text):
        mark = mark_of(text[match.end() :])
        if mark is not None and mark.kind == first.kind and mark.value == value + 1:
            found.append((match.end(), mark))
            value = mark.value
    return found
