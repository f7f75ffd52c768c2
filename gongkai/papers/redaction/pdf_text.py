"""The characters of the pages of a PDF with their boxes, and where a string stands among them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.papers.redaction.matching import spans
from gongkai.papers.redaction.model import CONTEXT, Needle, Passage

Box = tuple[float, float, float, float]
"""Left, bottom, right, top as the page itself measures."""
MAX_CHARACTERS = 200_000


@dataclass
class PageText:
    """The characters of a page as they follow each other; line ends and guessed blanks have no box."""

    number: int
    signs: list[str] = field(default_factory=list)
    boxes: list[Box | None] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the page says."""
        return "".join(self.signs)

    def runs(self, start: int, end: int) -> list[Box]:
        """The boxes over these characters, one for each stretch of a line."""
        out: list[Box] = []
        last = -1
        for at in range(start, end):
            box = self.boxes[at]
            if box is None:
                continue
            if self.lines[at] == last:
                a = out[-1]
                out[-1] = (min(a[0], box[0]), min(a[1], box[1]), max(a[2], box[2]), max(a[3], box[3]))
            else:
                out.append(box)
                last = self.lines[at]
        return out


def read_page(page: Any, number: int) -> PageText:
    """The characters of a page by way of PDFium."""
    import pypdfium2.raw as raw

    out = PageText(number)
    text = page.get_textpage()
    try:
        count = min(text.count_chars(), MAX_CHARACTERS)
        buffer = ctypes.create_string_buffer(256)
        flags = ctypes.c_int()
        line = 1
        before: Box | None = None
        high = 0
        for at in range(count):
            code = raw.FPDFText_GetUnicode(text.raw, at)
            # Beyond the first plane a sign comes as two halves.
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = 0
            sign = chr(code) if code and not 0xD800 <= code < 0xE000 else "\ufffd"
            box = None if raw.FPDFText_IsGenerated(text.raw, at) == 1 else _box(text, at)
            if box is not None and before is not None and _apart(before, box):
                line += 1
            if box is not None and not sign.isspace():
                before = box
            raw.FPDFText_GetFontInfo(text.raw, at, buffer, 256, flags)
            out.signs.append(sign)
            out.boxes.append(box)
            out.fonts.append(buffer.value.decode("utf-8", "replace"))
            out.lines.append(line)
    finally:
        text.close()
    return out


def _box(text: Any, at: int) -> Box | None:
    # The tight box has what is painted, the loose one the room of the line: both must go.
    a, b = text.get_charbox(at), text.get_charbox(at, loose=True)
    box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
    return box if box[2] > box[0] or box[3] > box[1] else None


def _apart(a: Box, b: Box) -> bool:
    """Whether two neighbours stand on different lines."""
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared < 0.3 * min(a[3] - a[1], b[3] - b[1]) or b[0] < a[0] - 3 * (a[3] - a[1])


def places(page: PageText, needle: Needle) -> Iterator[tuple[int, int]]:
    """Where a string stands on a page, over spaces and line ends."""
    yield from spans(page.text, [needle.folded])


def passages(pages: Sequence[PageText], needle: Needle) -> list[Passage]:
    """All places on all pages, and those that run from one page to the next."""
    out = []
    for page in pages:
        for start, end in places(page, needle):
            text = page.text
            out.append(
                Passage(
                    place_of(page, start),
                    text[start:end],
                    text[max(0, start - CONTEXT) : start],
                    text[end : end + CONTEXT],
                )
            )
    return out


def place_of(page: PageText, at: int) -> str:
    """第2页第5行."""
    return f"第{page.number}页第{page.lines[at]}行"
