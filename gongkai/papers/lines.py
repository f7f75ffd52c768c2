"""Lines of plain text, where each begins, put together where an editor broke them at a width."""

from __future__ import annotations

import re

from gongkai.papers.grid import Para


class TextLine:
    """A line of a text, where it begins and on which page."""

    __slots__ = ("page", "start", "text")

    def __init__(self, text: str, start: int, page: int | None) -> None:
        self.text, self.start, self.page = text, start, page


def split_lines(text: str) -> list[TextLine]:
    """The lines of a text; a form feed on a line of its own begins a page."""
    out = []
    at = 0
    paged = "\f" in text
    page = 1
    for line in text.split("\n"):
        if line == "\f":
            page += 1
        else:
            out.append(TextLine(line, at, page if paged else None))
        at += len(line) + 1
    return out


_BEGINS = re.compile(
    r"[ \u3000]{2,}|\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}[.．、]|第[一二三四五六七八九十\d]+[条章]|#|[①-⑳])"
)


def reflowed(lines: list[TextLine]) -> list[TextLine]:
    """Lines that an editor broke at a fixed width, joined into paragraphs; other texts as they are."""
    from gongkai.papers.words import display_width

    widths = [display_width(x.text.rstrip()) for x in lines]
    filled = sorted(w for w in widths if w)
    if len(filled) < 10:
        return lines
    edge = filled[int(len(filled) * 0.95)]
    full = sum(1 for w in filled if edge - 5 <= w <= edge + 2)
    if full < 0.3 * len(filled) or not 40 <= edge <= 120 or filled[-1] > edge + 8:
        return lines
    out: list[TextLine] = []
    open_ = False
    for line, width in zip(lines, widths, strict=True):
        if open_ and line.text.strip() and not _BEGINS.match(line.text):
            out[-1] = TextLine(out[-1].text.rstrip() + line.text.strip(), out[-1].start, out[-1].page)
        else:
            out.append(line)
        open_ = width >= edge - 5
    return out


def para_of(line: TextLine) -> Para:
    """A line as a paragraph, without the marks of Markdown."""
    text = line.text.strip()
    level = 0
    match = re.match(r"(#{1,6})\s+(?=\S)", text)
    if match:
        level, text = len(match.group(1)), text[match.end() :]
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text)
    text = re.sub(r"^[-*+]\s+(?=\S)", "", text) if not re.match(r"^[-*_]{3,}$", text) else ""
    text = re.sub(r"^>\s*", "", text)
    return Para(text.strip(), level, line.page, start=line.start + (len(line.text) - len(line.text.lstrip())))
