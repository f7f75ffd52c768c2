"""The pieces of text that make a paragraph, and covering over their seams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gongkai.papers.nodes import local, named
from gongkai.papers.redaction.matching import BLOCK, blocked, covered, merged, spans
from gongkai.papers.redaction.model import Needle

_FILLERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Slot = tuple[Any, str]
"""A node whose text may be changed, or None, and the text that stands there."""


def paragraph_slots(paragraph: Any, *names: str) -> list[Slot]:
    """The texts of a paragraph in reading order, without those of paragraphs inside it and of ruby over it."""
    out: list[Slot] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        name = local(node)
        if name in names:
            out.append((node, node.text or ""))
        elif name in _FILLERS:
            if local(node.getparent()) != "tabs":
                out.append((None, _FILLERS[name]))
        elif name not in ("p", "rt", "rPr", "pPr"):
            stack.extend(reversed(node))
    return out


def text_of(slots: Iterable[Slot]) -> str:
    """What the slots say together."""
    return "".join(t for _, t in slots)


def paragraphs(root: Any) -> Iterator[Any]:
    """All paragraphs, those of text boxes and drawings too."""
    return named(root, "p")


def cover_slots(slots: Sequence[Slot], found: Sequence[tuple[int, int]]) -> None:
    """Put blocks over these spans of the joined text."""
    if not found:
        return
    text = blocked(text_of(slots), found)
    at = 0
    for node, piece in slots:
        new = text[at : at + len(piece)]
        at += len(piece)
        if node is not None and new != piece:
            node.text = new
            if new != new.strip():
                node.set(_SPACE, "preserve")


def cover_root(root: Any, needles: Sequence[Needle], *names: str) -> None:
    """Cover in all paragraphs of a part: each by itself, strings of several lines across them."""
    single = [n.folded for n in needles]
    chain: list[Slot] = []
    lines = [n.folded for n in needles if n.lines]
    for paragraph in paragraphs(root):
        slots = paragraph_slots(paragraph, *names)
        cover_slots(slots, spans(text_of(slots), single))
        if lines:
            chain += [*paragraph_slots(paragraph, *names), (None, "\n")]
    if lines:
        cover_slots(chain, merged(spans(text_of(chain), lines)))
    for ruby in named(root, "ruby"):
        # The reading over a covered sign would give it away.
        base = "".join(t.text or "" for b in named(ruby, "rubyBase") for t in named(b, *names))
        for over in named(ruby, "rt") if BLOCK in base else ():
            for node in named(over, *names):
                node.text = BLOCK


def sweep(root: Any, needles: Sequence[Needle], attributes: frozenset[str]) -> None:
    """Cover what is left in single texts and in attributes that somebody wrote."""
    single = [n.folded for n in needles]
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        for side in ("text", "tail"):
            text = getattr(node, side)
            if text and text.strip() and (new := covered(text, single)) != text:
                setattr(node, side, new)
        for key, value in node.attrib.items():
            if key.rsplit("}", 1)[-1] in attributes and (new := covered(value, single)) != value:
                node.set(key, new)
