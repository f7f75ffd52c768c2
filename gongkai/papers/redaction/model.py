"""What is to be covered, where it stands, and what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gongkai.papers.redaction.matching import folded, spans

CONTEXT = 12
_FIGURES = re.compile("[0-9.,/:%年月日-]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a string stands, in words a clerk understands, and what stands around it."""

    place: str
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Cover:
    """A string to be covered wherever it stands."""

    text: str
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page of a PDF: left, top, right, bottom in points from the upper left corner as it is shown."""

    page: int
    box: tuple[float, float, float, float]
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a Word or Excel file, by its number in the order of `pictures`."""

    number: int
    reason: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing that was covered. Never what it was; `length` 0 when it was no text."""

    place: str
    reason: str
    basis: str
    length: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """The copy that may be supplied, what was covered in it, and what a person still has to look at."""

    data: bytes
    name: str
    covered: list[Covered]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unit:
    """A text of a document that is searched as one. `others` are further forms in which its reader sees it."""

    place: str
    text: str
    others: tuple[str, ...] = ()
    chain: str = ""
    """Units of one chain follow each other: a string of several lines is looked for across them."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A string as it is looked for."""

    folded: str
    lines: bool
    figures: bool
    """Whether it may be a number as a cell shows it."""

    @classmethod
    def of(cls, text: str) -> Needle:
        """From what was typed."""
        flat = folded(text)
        return cls(flat, "\n" in text.strip() or "\r" in text.strip(), _FIGURES.fullmatch(flat) is not None)


def passages(units: Sequence[Unit], needle: Needle) -> list[Passage]:
    """All places of a string."""
    out: list[Passage] = []
    for unit in units:
        found = spans(unit.text, [needle.folded])
        for start, end in found:
            out.append(_passage(unit.place, unit.text, start, end))
        if not found and needle.figures and any(needle.folded in folded(o) for o in unit.others):
            out.append(Passage(unit.place, unit.text, "", ""))
    if needle.lines:
        for text, starts in _chains(units):
            for start, end in spans(text, [needle.folded]):
                holds = [u.place for at, u in starts if at < end and at + len(u.text) > start]
                if len(holds) > 1:
                    out.append(_passage(f"{holds[0]}至{holds[-1]}", text, start, end))
    return out


def _passage(place: str, text: str, start: int, end: int) -> Passage:
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Passage(place, text[start:end], before, after)


def _chains(units: Sequence[Unit]) -> Iterator[tuple[str, list[tuple[int, Unit]]]]:
    held: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.chain:
            held.setdefault(unit.chain, []).append(unit)
    for chain in held.values():
        at, starts = 0, []
        for unit in chain:
            starts.append((at, unit))
            at += len(unit.text) + 1
        yield "\n".join(u.text for u in chain), starts


def list_of_covered(covered: Iterable[Covered]) -> list[str]:
    """One line for each thing that was covered: where, how much, why, on what ground."""
    out = []
    for one in covered:
        what = f"遮盖{one.length}个字" if one.length else "整体遮盖或去掉"
        line = f"{one.place}：{what}；理由：{one.reason}"
        out.append(line + (f"；依据：{one.basis}" if one.basis else ""))
    return out


__all__ = [
    "Area",
    "Cover",
    "Covered",
    "Needle",
    "Passage",
    "Picture",
    "Redacted",
    "Unit",
    "list_of_covered",
    "passages",
]
