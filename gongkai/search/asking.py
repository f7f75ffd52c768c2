"""From what somebody typed to what is looked for: numbers, words with their synonyms, and what a question adds.

Engines share this reading, so that they find the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import rjieba

from gongkai.search.text import Lexicon, asked_number, fold, pieces, plain, tokens

LONGEST = 400
"""Characters of a query that are read: a pasted title fits."""
FEW = 3
"""Fewer than this of a long question's full matches: those with most of its words are found too."""
_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,120})[”\"」』》]")
_NUMBERED = re.compile(
    r"[^\s《》“”]{0,14}?[〔\[（(【]?\s*(?:19|20)\d\d\s*[〕\]）)】年]?\s*第?\s*\d{1,5}\s*号|第?\s*\d{1,5}\s*号"
)


@dataclass(slots=True)
class Word:
    """One thing that is looked for: any of its `ways`, each a run of tokens that stand together."""

    text: str
    ways: list[list[str]] = field(default_factory=list)


Held = dict[str, Word]


@dataclass(slots=True)
class Asked:
    """A query as it is understood. `whole` is all of it as one phrase; `must` its words; `may` those that only raise
    what has them; `joined` words that may be longer than the dictionary knows; `prefer` the kinds that answer such a
    question."""

    text: str
    plain: str
    number: str = ""
    serial: str = ""
    year: int | None = None
    whole: list[str] = field(default_factory=list)
    must: list[Word] = field(default_factory=list)
    may: list[Word] = field(default_factory=list)
    joined: list[Word] = field(default_factory=list)
    quoted: list[list[str]] = field(default_factory=list)
    prefer: list[tuple[str, float]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.number or self.serial or self.must or self.quoted)


def most(count: int) -> int:
    """How many of so many words are most of them."""
    return (2 * count + 2) // 3


def half(count: int) -> int:
    """How many of so many words are at least half of them."""
    return (count + 1) // 2


def pasted(asked: Asked) -> bool:
    """Whether the whole says enough to be a piece of a title."""
    return len(asked.whole) > 3 and len(asked.must) + len(asked.may) + len(asked.joined) > 1


def quoted(text: str) -> list[str]:
    """What stands in quotation marks: to be found as it is."""
    return _QUOTED.findall(text)


def read(text: str, lexicon: Lexicon) -> Asked:
    """Understand a query. Never raises: what means nothing is left out."""
    text = text[:LONGEST]
    asked = Asked(text, plain(text))
    asked.number, asked.serial, asked.year = asked_number(text)
    rest = text
    for match in _QUOTED.finditer(text):
        run = tokens(match[1])
        if run:
            asked.quoted.append(run)
        rest = rest.replace(match[0], " ")
    if asked.number or asked.serial:
        # The number finds by itself; what is left of the query narrows it.
        rest = _NUMBERED.sub(" ", rest)
        if asked.year:
            rest = re.sub(rf"{asked.year}\s*年?", " ", rest)
    asked.whole = tokens(rest)
    must: dict[str, Word] = {}
    may: dict[str, Word] = {}
    joined: dict[str, Word] = {}
    for piece in pieces(rest):
        _words(piece, lexicon, must, may, joined)
    asked.must, asked.may = list(must.values()), [w for t, w in may.items() if t not in must]
    asked.joined = [w for t, w in joined.items() if t not in must]
    if asked.empty:
        # Nothing but words that say little: then they are what is meant.
        asked.must, asked.may = asked.may, []
        if asked.empty and asked.whole:
            asked.must = [Word(asked.plain, [asked.whole])]
    for preference in lexicon.prefer:
        if any(word in asked.plain for word in preference.words):
            asked.prefer += [(kind, preference.weight) for kind in preference.kinds]
    return asked


def _words(piece: str, lexicon: Lexicon, must: Held, may: Held, joined: Held) -> None:
    """The words of a run: known ones with their synonyms, the rest as it is cut, without the words of a question."""
    at = 0
    for start, end, others in lexicon.inside(piece):
        _cut(piece[at:start], lexicon, must, may, joined)
        word = piece[start:end]
        must[word] = Word(word, [tokens(w) for w in (word, *others)])
        at = end
    _cut(piece[at:], lexicon, must, may, joined)


def _cut(piece: str, lexicon: Lexicon, must: Held, may: Held, joined: Held) -> None:
    """Words of the dictionary; single characters side by side are one that it does not know; one that stands beside a
    word may belong to it (消费·券)."""
    if not piece:
        return
    cut = [fold(w) for w in rjieba.cut(piece, False)]
    if len(piece) == 2 and len(cut) == 2:
        cut = [piece]  # two characters that the dictionary does not know are one word
    runs: list[str] = []
    before, lone_before = "", False
    for word in cut:
        lone = len(word) == 1 and not word.isascii()
        if word in lexicon.stop:
            before, lone_before = "", False
            continue
        if word in lexicon.weak:
            may.setdefault(word, Word(word, [tokens(word)]))
        elif lone and lone_before:
            runs[-1] += word
        else:
            runs.append(word)
        if before and lone != lone_before and not (before + word).isascii():
            both = before + word
            joined.setdefault(both, Word(both, [tokens(both)]))
        before, lone_before = word, lone and word not in lexicon.weak
    strong = [w for w in runs if len(w) > 1 or w.isascii()]
    if not strong and not must:
        strong = runs  # a lone character is all there is
    for word in strong:
        must.setdefault(word, Word(word, [tokens(word)]))
