"""Words and lines by the place where they stand."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field


@dataclass(slots=True)
class Word:
    """A run of text at a place: left, right, and the middle of its line; `start` is its offset in a text."""

    x0: float
    x1: float
    y: float
    text: str
    start: int | None = None
    parts: list[Word] = field(default_factory=list)
    """The pieces it was put together from, where a gap is seen that may yet part two columns."""

    @property
    def pieces(self) -> list[Word]:
        """The finest words: its parts, or itself."""
        return self.parts or [self]


@dataclass(slots=True)
class Line:
    """Words that stand on one line, from left to right."""

    y: float
    words: list[Word] = field(default_factory=list)


def display_width(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def lines_of(words: list[Word], height: float) -> list[Line]:
    """Words gathered into lines; two words share a line when their middles differ by less than half a height."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.y, w.x0)):
        if lines and abs(lines[-1].y - word.y) < height * 0.5:
            lines[-1].words.append(word)
        else:
            lines.append(Line(word.y, [word]))
    for line in lines:
        line.words.sort(key=lambda w: w.x0)
    return lines


def line_text(line: Line) -> str:
    """The words of a line as running text; a blank between them where one is seen."""
    out = ""
    end = 0.0
    for word in line.words:
        size = (word.x1 - word.x0) / max(display_width(word.text), 1) * 2
        seen = word.x0 - end > size * 0.8 or (bool(out) and out[-1].isascii() and word.text[0].isascii())
        out += (" " if out and seen else "") + word.text
        end = word.x1
    return out
