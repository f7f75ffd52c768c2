"""Where a string stands in a text: spaces, widths and look-alike signs make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from gongkai.papers.radicals import plain_radicals

BLOCK = "█"
_DASHES = dict.fromkeys("‐‑‒–—―−﹣", "-")
# Names of minorities are written with any of these dots.
_DOTS = dict.fromkeys("•‧∙・⋅●", "·")
_NOTHING = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))


@lru_cache(maxsize=65536)
def _folded(sign: str) -> str:
    wide = unicodedata.normalize("NFKD", plain_radicals(sign)).casefold()
    out = []
    for one in wide:
        one = _DASHES.get(one) or _DOTS.get(one) or one
        code = ord(one)
        chooses = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF  # selectors of a variant glyph
        if not (chooses or one.isspace() or unicodedata.category(one) in _NOTHING):
            out.append(one)
    return "".join(out)


def fold(text: str) -> tuple[str, list[int]]:
    """`text` as it is compared, and for each of its characters the place in `text` that it came from."""
    out: list[str] = []
    came: list[int] = []
    for at, sign in enumerate(text):
        for one in _folded(sign):
            out.append(one)
            came.append(at)
    return "".join(out), came


def folded(text: str) -> str:
    """`text` as it is compared."""
    return "".join(map(_folded, text))


def spans(text: str, needles: Iterable[str]) -> list[tuple[int, int]]:
    """Where any of the folded `needles` stands in `text`, overlapping places made one."""
    flat, came = fold(text)
    found: list[tuple[int, int]] = []
    for needle in needles:
        at = flat.find(needle) if needle else -1
        while at >= 0:
            found.append((came[at], came[at + len(needle) - 1] + 1))
            at = flat.find(needle, at + 1)
    return merged(found)


def merged(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; those that overlap are one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def blocked(text: str, where: Iterable[tuple[int, int]]) -> str:
    """`text` with blocks in the place of the characters of these spans; line ends stay."""
    signs = list(text)
    for start, end in where:
        for at in range(start, end):
            if signs[at] not in "\n\r":
                signs[at] = BLOCK
    return "".join(signs)


def covered(text: str, needles: Iterable[str]) -> str:
    """`text` with the needles covered."""
    return blocked(text, spans(text, needles))


def telling(needle: str) -> bool:
    """Whether a folded string is so much its own that it cannot stand in a file's machinery by chance."""
    return not needle.isascii() or "@" in needle or re.search(r"\d{7}", needle) is not None
