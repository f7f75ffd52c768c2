"""The engine for sites that must keep everything in the database: PostgreSQL, the same tokens, the same reading.

A tsvector holds the pairs at their places, those of the title and of the lead with weights of their own. It keeps no
place beyond 16,383 and no more than 255 of one pair: of a longer document the tokens are kept as text too, and a phrase
is looked for in that, among the documents that have all its pairs.
"""

from __future__ import annotations

import json
import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from gongkai.search.asking import FEW, Asked, Word, half, most, pasted, read
from gongkai.search.models import Entry, Generation
from gongkai.search.port import (
    CLOSER,
    COVER,
    FACETS,
    LEAD,
    NEARBY,
    STANDING,
    TITLE,
    Document,
    Found,
    Hit,
    Query,
    cleaned,
    first_level,
    inner,
    numbers_of,
    texts_of,
)
from gongkai.search.text import clean, lexicon, lone, number_forms, plain, tokens, words

_log = logging.getLogger(__name__)
SCHEME = 1
"""Counted up when the columns change: an index of another count is made anew."""
BATCH = 200
_PLACES, _SAME, _BYTES = 16_000, 250, 900_000
_LOCK = 7_203_125  # of PostgreSQL's advisory locks: one rebuild at a time
_COLUMNS = [f.name for f in Entry._meta.local_fields if f.name != "id"]
_SERVING = "generation = (SELECT id FROM search_generation WHERE serving)"
Sql = tuple[str, list[Any]]


class Postgres:
    """The engine on the site's database."""

    name = "postgresql"

    def __init__(self, own: Path | None = None) -> None:
        self.own = own
        """The site's own words."""

    # -- writing -----------------------------------------------------------------------------------------------------

    def fresh(self) -> bool:
        """See the port."""
        return Generation.objects.filter(serving=True, scheme=SCHEME).exists()

    def count(self) -> int:
        """How many documents there are."""
        return int(_ask(f"SELECT count(*) FROM search_entry WHERE {_SERVING}", [])[0][0])

    def write(self, documents: Iterable[Document], gone: Sequence[int] = ()) -> int:
        """See the port. One transaction, and that of the caller where there is one."""
        with transaction.atomic():
            serving = Generation.objects.filter(serving=True).first()
            if serving is None:
                serving = Generation.objects.create(scheme=SCHEME, serving=True)
            if gone:
                Entry.objects.filter(generation=serving.pk, record__in=list(gone)).delete()
            return _insert(serving.pk, documents)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See the port. The next generation grows beside the one that serves; going over is one transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            kept = Generation.objects.filter(serving=True).values_list("pk", flat=True)
            with transaction.atomic():  # what a killed rebuild left
                Entry.objects.exclude(generation__in=list(kept)).delete()
                Generation.objects.filter(serving=False).delete()
            made = Generation.objects.create(scheme=SCHEME)
            count = _insert(made.pk, documents)
            with transaction.atomic():
                old = list(Generation.objects.select_for_update().filter(serving=True))
                Generation.objects.filter(serving=True).update(serving=False)
                Generation.objects.filter(pk=made.pk).update(serving=True)
                Entry.objects.filter(generation__in=[g.pk for g in old]).delete()
                Generation.objects.filter(serving=False).delete()
            return count
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    # -- reading -----------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Found:
        """See the port. Every word; where that finds nothing, or a long question almost nothing, most of them."""
        if not query.seen:
            return Found(0, [])
        asked = read(query.text, lexicon(self.own))
        if asked.empty:
            return Found(0, []) if query.text.strip() else _run(query, ("true", []), asked)
        found = _run(query, _strict(asked), asked)
        if asked.number or asked.serial or len(asked.must) < 2:
            return found
        if 0 < found.total < FEW and len(asked.must) > 2:
            return _run(query, _some(asked, asked.must, most(len(asked.must))), asked, loose=True)
        if not found.total:
            known = [w for w in asked.must if _there(w, query.seen)]
            if known:
                found = _run(query, _some(asked, known, half(len(known))), asked, loose=True)
            found.loose = True
        return found

    def texts(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        """See the port."""
        rows = _ask(f"SELECT record, places FROM search_entry WHERE {_SERVING} AND record = ANY(%s)", [list(ids)])
        return {pk: tuple((a, b) for a, b in json.loads(held)) for pk, held in rows}

    def titles(self, prefix: str, seen: Sequence[str], limit: int) -> list[str]:
        """See the port."""
        run = tokens(prefix)
        if not run or not seen:
            return []
        found, may = _has(run, "A"), _seen(seen)
        rows = _ask(
            f"SELECT title FROM search_entry WHERE {_SERVING} AND {found[0]} AND {may[0]}"
            " ORDER BY standing DESC, date DESC NULLS LAST, record LIMIT %s",
            [*found[1], *may[1], limit * 2],
        )
        return list(dict.fromkeys(title for (title,) in rows))[:limit]


def _ask(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_clean(p) for p in params])
        return list(cursor.fetchall())


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    return [_clean(v) for v in value] if isinstance(value, list) else value


# -- a document as a row -----------------------------------------------------------------------------------------------


def _insert(generation: int, documents: Iterable[Document]) -> int:
    names = ", ".join([*_COLUMNS, "tokens"])
    marks = ", ".join(["%s"] * len(_COLUMNS) + ["%s::tsvector"])
    changed = ", ".join(f"{c} = excluded.{c}" for c in [*_COLUMNS, "tokens"])
    sql = (
        f"INSERT INTO search_entry ({names}) VALUES ({marks}) ON CONFLICT (generation, record) DO UPDATE SET {changed}"
    )
    count = 0
    rows = iter(documents)
    while batch := list(islice(rows, BATCH)):
        with connection.cursor() as cursor:
            cursor.executemany(sql, [_row(generation, cleaned(d)) for d in batch])
        count += len(batch)
    return count


def _row(generation: int, document: Document) -> list[Any]:
    vector, folded = _vector(document)
    held = {
        "generation": generation,
        "record": document.id,
        "title": document.title,
        "title_exact": plain(document.title),
        "title_inner": plain(inner(document.title)),
        "numbers": " ".join(["", *numbers_of(document), ""]),
        "serial": number_forms(document.document_number)[2],
        "public": "public" in document.seen,
        "seen": " ".join(document.seen),
        "kind": document.kind,
        "owner": document.owner,
        "topic": first_level(document.topic),
        "validity": document.validity,
        "year": str(document.year) if document.year else "",
        "date": document.date,
        "standing": document.standing,
        "places": json.dumps(document.places, ensure_ascii=False),
        "folded": folded,
    }
    return [*(held[c] for c in _COLUMNS), vector]


def _vector(document: Document) -> tuple[str, str]:
    """The tsvector as PostgreSQL reads it, and the tokens as text where it cannot keep all their places."""
    places: dict[str, list[str]] = defaultdict(list)
    runs: list[str] = []
    at, short = 0, True
    for text in texts_of(document):
        weight = "A" if text == document.title else "B" if text == document.lead else ""
        run = tokens(text)
        for token in run:
            at += 1
            kept = places[token]
            if at > _PLACES or len(kept) >= _SAME:
                short = False
            else:
                kept.append(f"{at}{weight}")
        at += 1  # a gap: no phrase goes from one text into the next
        runs.append(" ".join(run))
    for word in words(document.title):
        places.setdefault(f"_{word}", [])
    size = sum(len(t.encode()) + 2 * len(p) + 8 for t, p in places.items())
    if size > _BYTES:
        short, places = False, defaultdict(list, {token: [] for token in islice(places, 60_000)})
        _log.warning("record %s is too long to be found by all its words", document.id)
    vector = " ".join(f"'{t}':{','.join(p)}" if p else f"'{t}'" for t, p in places.items())
    return vector, "" if short else " " + " \u2581 ".join(runs) + " "


# -- a question as SQL -------------------------------------------------------------------------------------------------


def _lexeme(token: str, label: str) -> str:
    # One character: every pair that begins with it. What ends a run of characters is missed (about 1 in 100).
    ends = ("*" if lone(token) else "") + label
    return f"'{token}'" + (f":{ends}" if ends else "")


def _phrase(run: Sequence[str], label: str = "") -> str:
    return " <-> ".join(_lexeme(t, label) for t in run)


def _has(run: Sequence[str], label: str = "") -> Sql:
    """Tokens that stand together; with a label in the title (A) or the lead (B)."""
    if len(run) > 2 and lone(run[0]):
        run = run[1:]  # 第31号: half of a pair where something stands before it
    if label or len(run) == 1:
        return "tokens @@ %s::tsquery", [_phrase(run, label)]
    return (
        "(tokens @@ %s::tsquery AND CASE WHEN folded = '' THEN tokens @@ %s::tsquery ELSE strpos(folded, %s) > 0 END)",
        [" & ".join(_lexeme(t, "") for t in run), _phrase(run), f" {' '.join(run)}{'' if lone(run[-1]) else ' '}"],
    )


def _joined(parts: Iterable[Sql], by: str) -> Sql:
    held = list(parts)
    return "(" + f" {by} ".join(s for s, _ in held) + ")", [p for _, params in held for p in params]


def _any(word: Word, label: str = "") -> Sql:
    return _joined((_has(run, label) for run in word.ways if run), "OR")


def _seen(seen: Sequence[str]) -> Sql:
    own = [s for s in seen if s != "public"]
    parts: list[Sql] = [("public", [])] if "public" in seen else []
    if own:
        parts.append(("string_to_array(seen, ' ') && %s::text[]", [own]))
    return _joined(parts, "OR")


def _number(asked: Asked) -> Sql:
    return "strpos(numbers, %s) > 0", [f" {asked.number} "]


def _strict(asked: Asked) -> Sql:
    """Every word, every quoted phrase, the number."""
    must: list[Sql] = []
    if asked.number:
        must.append(_number(asked))
    elif asked.serial:
        must.append(("serial = %s", [asked.serial]))
        if asked.year:
            must.append(("year = %s", [str(asked.year)]))
    must += [_has(run) for run in asked.quoted]
    must += [_any(word) for word in asked.must]
    whole = _joined(must, "AND")
    if asked.number and not asked.must and not asked.quoted:
        # A number that is cited in another text is found there too, behind the document that bears it.
        return _joined([whole, _has(tokens(asked.number))], "OR")
    return whole


def _some(asked: Asked, among: Sequence[Word], enough: int) -> Sql:
    """At least so many of the words; every quoted phrase."""
    counted = [(f"({sql})::int", params) for sql, params in (_any(w) for w in among)]
    sql, params = _joined(counted, "+")
    # The index finds what has any of them; those are counted.
    graded: list[Sql] = [_joined((_any(w) for w in among), "OR"), (f"{sql} >= %s", [*params, max(1, enough)])]
    return _joined([*graded, *(_has(run) for run in asked.quoted)], "AND")


def _there(word: Word, seen: Sequence[str]) -> bool:
    found, may = _any(word), _seen(seen)
    sql = f"SELECT EXISTS (SELECT 1 FROM search_entry WHERE {_SERVING} AND {found[0]} AND {may[0]})"
    return bool(_ask(sql, [*found[1], *may[1]])[0][0])


def _score(asked: Asked, seen: Sequence[str], loose: bool) -> Sql:
    """The same order as the other engine's: what counts is the same, how much a word counts is rougher."""
    plus: list[tuple[Sql, float]] = [(("standing", []), NEARBY if loose else STANDING)]
    if asked.number:
        plus.append((_number(asked), 3 * STANDING))
    joined = [w for w in asked.joined if _there(w, seen)]
    if joined:
        plus.append((_joined((_any(w) for w in (*asked.must, *joined)), "AND"), CLOSER))
    if asked.whole:
        title = _has(asked.whole, "A")
        plus += [(title, 12.0), (_has(asked.whole, "B"), 6.0)]
        if pasted(asked):
            plus.append((title, CLOSER))
        if len(asked.must) + len(asked.may) > 1:
            plus.append((_has(asked.whole), 6.0))
    for word in asked.must:
        rare = _rarity(word, seen) if loose else 3.0
        plus += [
            (_any(word), rare + (COVER if loose else 0)),
            (_any(word, "A"), TITLE * rare),
            (_any(word, "B"), LEAD * rare),
        ]
    for word in (*asked.may, *joined):
        plus += [(_any(word), 2.0), (_any(word, "A"), 3.0)]
    plus += [(("tokens @@ %s::tsquery", [f"'_{term}'"]), 5.0) for term in dict.fromkeys(words(asked.text))]
    if asked.plain:
        plus.append((("title_exact = %s", [asked.plain]), 3 * STANDING))
        plus.append((("title_inner = %s", [asked.plain]), 1.5 * STANDING))
    plus += [(("kind = %s", [kind]), weight) for kind, weight in asked.prefer]
    parts: list[Sql] = [(f"CASE WHEN {sql} THEN {weight} ELSE 0 END", params) for (sql, params), weight in plus]
    ways = [f"({_phrase(run)})" for word in asked.must for run in word.ways if run]
    if ways:
        parts.append(("8 * ts_rank(tokens, %s::tsquery, 1)", [" | ".join(ways)]))
    return _joined(parts, "+")


def _rarity(word: Word, seen: Sequence[str]) -> float:
    found, may = _any(word), _seen(seen)
    sql = f"SELECT count(*), count(*) FILTER (WHERE {found[0]}) FROM search_entry WHERE {_SERVING} AND {may[0]}"
    total, held = _ask(sql, [*found[1], *may[1]])[0]
    return math.log(1 + (total - held + 0.5) / (held + 0.5))


def _run(query: Query, text: Sql, asked: Asked, loose: bool = False) -> Found:
    """Hits, their number and the facets in one statement. Each facet is counted under the choices of the others."""
    narrow = {
        name: (f"{name} = ANY(%s)", [list(values)])
        for name, values in query.chosen.items()
        if values and name in FACETS
    }

    def under(*but: str) -> Sql:
        return _joined([("true", []), *(held for name, held in narrow.items() if name not in but)], "AND")

    by_date = query.order == "date" or asked.empty
    score = ("0", []) if by_date else _score(asked, query.seen, loose)
    may, all_of = _seen(query.seen), under()
    facets = [(name, under(name)) for name in FACETS] if query.facets else []
    sql = (
        f"WITH m AS MATERIALIZED (SELECT record, date, {', '.join(FACETS)}, ({score[0]})::float8 AS score"
        f" FROM search_entry WHERE {_SERVING} AND {may[0]} AND {text[0]}),"
        f" hits AS (SELECT record, score, row_number() OVER (ORDER BY score DESC, date DESC NULLS LAST, record DESC) AS at"
        f" FROM m WHERE {all_of[0]} ORDER BY at LIMIT %s OFFSET %s)"
        " SELECT '' AS what, record::text AS value, score AS number, at FROM hits"
        f" UNION ALL SELECT 'total', '', count(*), 0 FROM m WHERE {all_of[0]}"
        + "".join(f" UNION ALL SELECT '{n}', {n}, count(*), 0 FROM m WHERE {c[0]} GROUP BY {n}" for n, c in facets)
        + " ORDER BY 4, 3 DESC, 2"
    )
    params = [*score[1], *may[1], *text[1], *all_of[1], max(1, query.limit), max(0, query.offset), *all_of[1]]
    found = Found(0, [], {name: [] for name, _ in facets})
    for what, value, number, _ in _ask(sql, [*params, *(p for _, (_, held) in facets for p in held)]):
        if what == "total":
            found.total = int(number)
        elif what:
            if value:
                found.facets[what].append((value, int(number)))
        else:
            found.hits.append(Hit(int(value), float(number)))
    return found
