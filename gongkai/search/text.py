"""Words for the index and for queries: pairs of Han characters find everything, words of titles put it in order.

Pairs alone miss no word inside a longer one (measured: jieba loses half of the phrases, because the same words are cut
differently in a query and in a text); words of the title repair what pairs take for a word across two (人民政府 → 民政).
"""

from __future__ import annotations

import logging
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import rjieba

from gongkai.records import numbers

_log = logging.getLogger(__name__)
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"
_RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:\.[0-9]+)?")
_HAN = re.compile(rf"[{HAN}]+")
_LONGEST = 60
"""Characters of letters and digits that are kept of one run: what is longer nobody types."""


def fold(text: str) -> str:
    """One width, small letters: what differs only in print is the same word."""
    return unicodedata.normalize("NFKC", text).lower()


def clean(text: str) -> str:
    """Without what no index can hold: nulls, halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def tokens(text: str) -> list[str]:
    """Overlapping pairs of each run of Han characters; runs of letters and digits whole. Positions are kept."""
    out: list[str] = []
    for run in _RUN.findall(fold(text)):
        if len(run) > 1 and _HAN.match(run):
            out += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run[:_LONGEST])
    return out


def lone(token: str) -> bool:
    """Whether a token is one Han character by itself, and not a pair."""
    return len(token) == 1 and bool(_HAN.match(token))


def pieces(text: str) -> list[str]:
    """Runs of Han characters or of letters and digits, as they stand."""
    return _RUN.findall(fold(text))


def words(text: str) -> list[str]:
    """Words of two characters and more, and inside longer ones those that stand at their edges."""
    out: list[str] = []
    for word in (w for piece in pieces(text) for w in rjieba.cut(piece)):
        if len(word) < 2 or not _RUN.fullmatch(word):
            continue
        out.append(word)
        if len(word) > 3:
            out += [w for w in rjieba.cut_for_search(word) if 1 < len(w) < len(word) and _edge(word, w)]
    return out


def _edge(word: str, part: str) -> bool:
    # 民政 inside 人民政府 stands at neither edge: no word of its own.
    return word.startswith(part) or word.endswith(part)


def plain(text: str) -> str:
    """A title without its punctuation: what somebody pastes should be found as it is."""
    return "".join(_RUN.findall(fold(text)))


@dataclass(frozen=True)
class Preference:
    """Kinds that answer questions in which one of the words stands, and how much they are raised."""

    words: tuple[str, ...]
    kinds: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Lexicon:
    """Synonyms, the words of questions and what answers them, from data."""

    of: dict[str, tuple[str, ...]]
    stop: frozenset[str]
    weak: frozenset[str]
    prefer: tuple[Preference, ...]
    longest: int
    """Length of the longest word that has synonyms."""

    def inside(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Words with synonyms that stand in a text: the longest at each place; start, end, what else to look for."""
        at = 0
        while at < len(text):
            for size in range(min(self.longest, len(text) - at), 1, -1):
                word = text[at : at + size]
                if word in self.of:
                    yield at, at + size, self.of[word]
                    at += size
                    break
            else:
                at += 1


def lexicon(own: Path | None = None) -> Lexicon:
    """The lexicon that comes with the program, and a site's own beside it; read anew when that was changed."""
    changed = own.stat().st_mtime_ns if own is not None and own.is_file() else 0
    return _lexicon(own if changed else None, changed)


@lru_cache(maxsize=4)
def _lexicon(own: Path | None, changed: int) -> Lexicon:
    data = tomllib.loads((files("gongkai.search") / "synonyms.toml").read_text("utf-8"))
    more: dict[str, Any] = {}
    if own is not None:
        try:
            more = tomllib.loads(own.read_text("utf-8"))
        except (OSError, ValueError):
            _log.warning("%s: not read", own)
    held = {name: [*data[name], *more.get(name, [])] for name in ("groups", "stop", "weak", "prefer")}
    of: dict[str, list[str]] = {}
    for group in held["groups"]:
        for word in group:
            others = of.setdefault(fold(word), [])
            others += [fold(w) for w in group if w != word and fold(w) not in others]
    return Lexicon(
        of={w: tuple(o) for w, o in of.items()},
        stop=frozenset(held["stop"]),
        weak=frozenset(held["weak"]),
        prefer=tuple(Preference(tuple(p["words"]), tuple(p["kinds"]), float(p["weight"])) for p in held["prefer"]),
        longest=max((len(w) for w in of), default=0),
    )


_SHORT = re.compile(r"(?<!\d)(?:第)?(\d{1,5})\s*号")
_YEAR = re.compile(r"(?:19|20)\d\d")


def number_forms(number: str) -> tuple[str, str, str]:
    """A document number in the forms in which it is asked for: whole, without the body's word, its serial alone.

    青政办〔2024〕8号 → 青政办〔2024〕8号, 〔2024〕8号, 8号. Empty where there is none.
    """
    tidy = numbers.tidy(number)
    if not tidy:
        return "", "", ""
    match = re.fullmatch(r"(.+?)〔(\d{4})〕(\d+)号", tidy)
    if match:
        return fold(tidy), f"〔{match[2]}〕{match[3]}号", f"{match[3]}号"
    short = _SHORT.search(tidy)
    return fold(tidy), "", f"{int(short[1])}号" if short else ""


def asked_number(query: str) -> tuple[str, str, int | None]:
    """What a query says of a number: (whole, serial, year). 青政办(2024)第8号 → whole; 2024年31号 → serial and year."""
    for whole in numbers.cited(query):
        return fold(whole), "", int(re.findall(r"〔(\d{4})〕", whole)[0])
    bare = re.search(r"[〔\[（(【]\s*(\d{4})\s*[〕\]）)】]\s*第?\s*(\d{1,5})\s*号?", numbers.narrow(query))
    if bare:
        return f"〔{bare[1]}〕{int(bare[2])}号", "", int(bare[1])
    tidy = numbers.tidy(query)
    if numbers.well_formed(query) or re.fullmatch(r".+令第\d+号", tidy):
        return fold(tidy), "", None
    short = _SHORT.search(numbers.narrow(query))
    if short:
        years = [int(y) for y in _YEAR.findall(query[: short.start()] + " " + query[short.end() :])]
        return "", f"{int(short[1])}号", years[0] if years else None
    return "", "", None
