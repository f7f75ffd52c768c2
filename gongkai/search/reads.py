"""Search as pages, the API and the command line ask for it: results with passages, suggestions, what was missed."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from gongkai.base.clock import ZONE, today
from gongkai.base.models import Event
from gongkai.orgs.rules import Viewer
from gongkai.records import rules
from gongkai.records.kinds import kind_of
from gongkai.records.models import Record
from gongkai.records.reads import REVIEWING, visible
from gongkai.search.asking import Asked, quoted, read
from gongkai.search.engine import Tantivy
from gongkai.search.models import Missed
from gongkai.search.port import Engine, Found, Query
from gongkai.search.spelling import Spelling
from gongkai.search.text import clean, fold, lexicon, pieces, plain

PAGE = 10
MOST_MISSED = 5000
FARTHEST = 1000
"""So far down a list one can page; beyond, narrowing helps more."""


@lru_cache(maxsize=2)
def _engine(name: str, folder: Path) -> Engine:
    if name == "postgresql":
        from gongkai.search.postgres import Postgres

        return Postgres(folder / "synonyms.toml")
    return Tantivy(folder, folder / "synonyms.toml")


def engine() -> Engine:
    """The engine of this site: GONGKAI_SEARCH, tantivy when it says nothing."""
    return _engine(getattr(settings, "GONGKAI_SEARCH", "tantivy"), Path(settings.GONGKAI_DATA_DIR) / "search")


def own_words() -> Path:
    """A site's own synonyms."""
    return Path(settings.GONGKAI_DATA_DIR) / "search" / "synonyms.toml"


@dataclass(slots=True)
class Result:
    """One record found. `passage` is safe HTML with the words found in <mark>; `place` says where it stands."""

    record: Record
    title: str
    title_html: str
    document_number: str
    kind: str
    owner: str
    date: dt.date | None
    validity: str
    standing: bool
    url: str
    place: str
    passage: str
    score: float


@dataclass(slots=True)
class Page:
    """What a page of results shows."""

    total: int
    results: list[Result]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    loose: bool = False
    instead: str = ""
    """Another spelling that finds something."""


def seen_by(viewer: Viewer | None) -> tuple[str, ...]:
    """What somebody may find: the public what is out; staff besides what they work for or review."""
    if viewer is None:
        return ("public",)
    own = viewer.owning | viewer.reach(*REVIEWING)
    return ("public", *(f"o{o}" for o in sorted(own)))


def search(
    text: str,
    viewer: Viewer | None = None,
    *,
    chosen: dict[str, tuple[str, ...]] | None = None,
    order: str = "relevance",
    offset: int = 0,
    limit: int = PAGE,
    facets: bool = True,
    note: bool = False,
    literal: bool = False,
) -> Page:
    """Find records. What the index says is asked of the database once more before anything is shown: one gate for
    every way out. `note` keeps what found nothing, for staff to see. Literally: no other spelling is
    tried."""
    text = clean(text)
    query = Query(
        text=text,
        seen=seen_by(viewer),
        chosen=chosen or {},
        order=order,
        offset=min(max(offset, 0), FARTHEST),
        limit=limit,
        facets=facets,
    )
    found = engine().search(query)
    instead = ""
    if (found.loose or not found.total) and text.strip() and not literal:
        instead = spelling(viewer).better(text)
        again = engine().search(replace(query, text=instead)) if instead and instead != fold(text) else None
        if again is not None and again.total and not again.loose:
            found = again
        else:
            instead = ""
    if note and not found.total and not chosen and text.strip():
        miss(text)
    return Page(found.total, _results(found, instead or text, viewer), found.facets, found.loose, instead)


def _results(found: Found, text: str, viewer: Viewer | None) -> list[Result]:
    ids = [h.id for h in found.hits]
    records = {r.pk: r for r in visible(viewer).filter(pk__in=ids).select_related("published", "owner")}
    texts = engine().texts([pk for pk in ids if pk in records])
    asked = read(text, lexicon(own_words()))
    needles, whole = needles_of(asked), whole_of(asked)
    names = _names([records[pk].owner_id for pk in ids if pk in records])
    out = []
    for hit in found.hits:
        record = records.get(hit.id)
        if record is None:  # withdrawn in this very moment
            continue
        state = rules.validity(record, today()) if kind_of(record.kind).validity and record.published else ""
        place, passage = best_passage(texts.get(hit.id, ()), needles, whole)
        title = record.title
        moment = record.first_published_at
        out.append(
            Result(
                record=record,
                title=title,
                title_html=marked(title, needles),
                document_number=record.document_number,
                kind=kind_of(record.kind).name,
                owner=names.get(record.owner_id, ""),
                date=moment.astimezone(ZONE).date() if moment else record.formed,
                validity=rules.VALIDITY[state] if state else "",
                standing=not state or rules.stands(state),
                url=f"/p/{record.pk}.html",
                place=place,
                passage=passage,
                score=round(hit.score, 3),
            )
        )
    return out


def _names(owners: Iterable[int]) -> dict[int, str]:
    from gongkai.orgs.reads import tree_on

    tree = tree_on(today())
    return {o: tree.nodes[o].name for o in owners if o in tree}


def needles_of(asked: Asked) -> list[str]:
    """The words to be marked: as typed, their synonyms, the number; longest first."""
    found = [fold(q) for q in quoted(asked.text)]
    lex = lexicon(own_words())
    for word in asked.must:
        found += [word.text, *lex.of.get(word.text, ())]
    found += [word.text for word in (*asked.joined, *asked.may) if len(word.text) > 1]
    found += [n for n in (asked.number, asked.serial) if n]
    return sorted(dict.fromkeys(f for f in found if f), key=len, reverse=True)


def whole_of(asked: Asked) -> list[str]:
    """The query as it was typed, run by run, where a run is more than one word."""
    known = {w.text for w in asked.must}
    return [run for run in pieces(asked.text) if len(run) > 3 and run not in known]


def marked(text: str, needles: Sequence[str]) -> str:
    """The text as safe HTML with the needles in <mark>; those that touch are one."""
    out: list[str] = []
    at = 0
    for start, end in _spans(text, needles):
        out += [html.escape(text[at:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, html.escape(text[at:])])


def _spans(text: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Where needles stand, in order, overlapping and touching ones joined."""
    low = _lower(text)
    found = sorted((at, at + len(n)) for n in needles for at in _places(low, n, len(low)))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _lower(text: str) -> str:
    low = text.lower()
    return low if len(low) == len(text) else text  # a few letters of other scripts grow: places would be shifted


def _places(low: str, needle: str, most: int) -> Iterator[int]:
    at = low.find(needle)
    while at >= 0 and most:
        yield at
        most -= 1
        at = low.find(needle, at + len(needle))


def best_passage(
    places: Sequence[tuple[str, str]], needles: Sequence[str], whole: Sequence[str] = (), size: int = 110
) -> tuple[str, str]:
    """(place, safe HTML) of where most stands close together: first the whole query, as typed or without the words of
    a question; else most of the needles; the beginning where none does."""
    best: tuple[float, int, str, str] | None = None
    for rank, (place, text) in enumerate(places):
        low = _lower(text)
        starts = [(at, n, 40.0) for n in whole for at in _places(low, n, 3)]
        starts += [(at, n, 10.0) for n in needles for at in _places(low, n, 40)]
        starts.sort(key=lambda s: s[0])
        for index, (start, _, _) in enumerate(starts):
            inside = {n: weight for at, n, weight in starts[index : index + 12] if at < start + size - 24}
            value = sum(len(n) * weight for n, weight in inside.items()) - rank
            if best is None or value > best[0]:
                best = (value, start, place, text)
    if best is None:
        for place, text in places:
            return place, html.escape(_cut(text, 0, size))
        return "", ""
    _, start, place, text = best
    begin = max(0, start - 24)
    cut = max((text.rfind(c, begin, start) for c in "。；\n"), default=-1)
    begin = cut + 1 if cut >= begin else begin
    return place, marked(_cut(text, begin, size), [*whole, *needles])


def _cut(text: str, begin: int, size: int) -> str:
    piece = re.sub(r"\s+", " ", text[begin : begin + size]).strip()
    return ("…" if begin else "") + piece + ("…" if begin + size < len(text) else "")


# -- suggestions and spelling ---------------------------------------------------------------------------------------


def spelling(viewer: Viewer | None = None) -> Spelling:
    """Words of public titles and of the lexicon, by their sound. Made anew when something went out or was withdrawn."""
    last = (
        Event.objects.filter(subject="record", verb__in=("publish", "withdraw", "import"))
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )
    return _spelling(last or 0, str(settings.GONGKAI_DATA_DIR))


@lru_cache(maxsize=2)
def _spelling(state: int, folder: str) -> Spelling:
    titles = visible(None).order_by("-first_published_at").values_list("title", flat=True)[:20_000]
    return Spelling(titles, lexicon(own_words()))


def suggest(text: str, viewer: Viewer | None = None, limit: int = 8) -> list[str]:
    """What somebody may be about to type: words by their beginning or sound, then titles that hold it."""
    text = text.strip()
    if not text:
        return []
    out = spelling(viewer).complete(text, limit=3)
    titles = engine().titles(text, seen_by(None), limit)
    # The index may not have heard yet that one was withdrawn.
    out += [t for t in titles if t in set(visible(None).filter(title__in=titles).values_list("title", flat=True))]
    same: dict[str, str] = {}
    for one in out:
        same.setdefault(plain(one), one)
    return list(same.values())[:limit]


def miss(text: str) -> None:
    """Keep a query that found nothing. What looks like somebody's number is not kept."""
    words = re.sub(r"\s+", " ", clean(text)).strip()[:60]
    if not words or re.search(r"\d{7,}", re.sub(r"[\s-]", "", words)):
        return
    done = Missed.objects.filter(text=words).update(count=F("count") + 1, last_on=today())
    if not done and Missed.objects.count() < MOST_MISSED:  # strangers cannot fill the table
        Missed.objects.get_or_create(text=words, defaults={"count": 1, "last_on": today()})


def missed(limit: int = 200) -> list[Missed]:
    """What was looked for and not found, most often first."""
    return list(Missed.objects.all()[:limit])


def as_json(page: Page) -> dict[str, Any]:
    """The page as plain values: the form of the command line and the API."""
    return {
        "total": page.total,
        "facets": {name: [{"value": v, "count": n} for v, n in values] for name, values in page.facets.items()},
        "instead": page.instead,
        "results": [
            {
                "title": r.title,
                "document_number": r.document_number,
                "kind": r.kind,
                "owner": r.owner,
                "date": r.date.isoformat() if r.date else None,
                "validity": r.validity,
                "url": r.url,
                "passage": html.unescape(re.sub(r"</?mark>", "", r.passage)),
                "place": r.place,
                "score": r.score,
            }
            for r in page.results
        ],
    }
