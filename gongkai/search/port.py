"""The port behind which an engine stands: documents in, a query out, few verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from gongkai.search.text import clean, fold, number_forms

FACETS = ("kind", "owner", "topic", "year", "validity")
STANDING = 1000.0
"""More than any match of words gives: first what stands, within it what fits best."""
CLOSER = 1200.0
"""What fits better by its kind (all words where others have most, the whole in the title) goes before what stands."""
TITLE, LEAD, TEXT = 2.0, 1.0, 0.5
"""What a word counts there, beside once in the whole."""
COVER = 6.0
"""What each word counts that is there, where some may be missing."""
NEARBY = 5.0
"""What standing is worth where only some of the words are found."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is looked for in one record. `places` are its texts with where they stand; `seen` who may find it."""

    id: int
    title: str
    document_number: str
    kind: str
    owner: str
    topic: str
    year: int
    date: dt.date | None
    validity: str
    standing: bool
    seen: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = ()
    index_number: str = ""
    lead: str = ""
    """What says in a few words what it is about: keywords, summary, the questions that it answers."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for. Facets hold the chosen values; several of one facet are alternatives.

    `seen` is what they may find, and is never empty: "public", or beside it o<id> for each organisation they work for.
    """

    text: str
    seen: tuple[str, ...] = ("public",)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = "relevance"
    offset: int = 0
    limit: int = 10
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found."""

    id: int
    score: float


@dataclass(slots=True)
class Found:
    """What was found: how many, the hits of this page, and how many more each value of each facet would give."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    loose: bool = False
    """Whether only some of the words were found together."""


class Engine(Protocol):
    """Where documents are kept and found. Writing is done by one process at a time, reading by any number."""

    name: str

    def fresh(self) -> bool:
        """Whether there is a whole index of this program's making. What is not fresh is to be rebuilt."""

    def write(self, documents: Iterable[Document], gone: Sequence[int] = ()) -> int:
        """Put in documents, each in place of what stood under its id, and take out those gone; visible at return."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make everything anew from the documents while the old index goes on serving; returns how many."""

    def search(self, query: Query) -> Found:
        """Find. Never raises for what somebody typed."""

    def texts(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        """The texts of documents with their places, for passages."""

    def titles(self, prefix: str, seen: Sequence[str], limit: int) -> list[str]:
        """Titles that hold what was typed so far, of what may be found, each once."""

    def count(self) -> int:
        """How many documents there are."""


def cleaned(document: Document) -> Document:
    """The document as an index can hold it."""
    held: dict[str, Any] = {name: clean(v) for name, v in asdict(document).items() if isinstance(v, str)}
    return replace(document, **held, places=tuple((clean(a), clean(b)) for a, b in document.places))


def first_level(topic: str) -> str:
    """The value of the facet: 一级 of 一级\\二级."""
    return topic.partition("\\")[0]


def inner(title: str) -> str:
    """What stands in 《》 in a title: 关于印发《…》的通知 is asked for by the name of what it issues."""
    return title.partition("《")[2].partition("》")[0]


def texts_of(document: Document) -> list[str]:
    """All its texts; no phrase goes from one into the next."""
    named = (document.title, document.document_number, document.index_number, document.lead)
    return [t for t in (*named, *(text for _, text in document.places)) if t]


def numbers_of(document: Document) -> list[str]:
    """The numbers by which it is asked for: whole, without the body's word, its index number."""
    whole, bare, _ = number_forms(document.document_number)
    return list(dict.fromkeys(n for n in (whole, bare, fold(document.index_number)) if n))
