"""The engine that comes with the program: tantivy, one folder, one writer, any number of readers.

Each rebuild makes a folder of its own and then lets `current` name it: readers go over at their next question, and a
rebuild that is killed leaves the old one serving. What tantivy acknowledged survives a kill (20 of 20, measured).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur
from tantivy import Query as Q

from gongkai.search.asking import FEW, Asked, half, most, read
from gongkai.search.port import (
    FACETS,
    STANDING,
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
from gongkai.search.queries import Builder, seen_by
from gongkai.search.text import clean, lexicon, number_forms, plain, tokens, words

HEAP = 64_000_000
SCHEMA = 6
"""Counted up when the fields change: an index of another count is made anew."""
APART = " \u2581 "


def schema() -> tantivy.Schema:
    """The fields. Numbers are signed: deleting by an unsigned term silently deletes nothing in this version."""
    made = tantivy.SchemaBuilder()
    made.add_integer_field("id", stored=True, indexed=True, fast=True)
    made.add_text_field("title", tokenizer_name="ws", index_option="position")
    made.add_text_field("lead", tokenizer_name="ws", index_option="position")
    made.add_text_field("all", tokenizer_name="ws", index_option="position")
    made.add_text_field("title_w", tokenizer_name="ws", index_option="freq")
    made.add_text_field("number", tokenizer_name="raw", index_option="basic")
    made.add_text_field("serial", tokenizer_name="raw", index_option="basic")
    made.add_text_field("title_x", tokenizer_name="raw", index_option="basic")
    made.add_text_field("title_in", tokenizer_name="raw", index_option="basic")
    made.add_text_field("seen", tokenizer_name="raw", index_option="basic")
    for name in ("kind", "owner", "topic", "validity", "year"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    made.add_integer_field("date", indexed=True, fast=True)
    made.add_integer_field("standing", indexed=True, fast=True)
    made.add_bytes_field("places", stored=True, indexed=False)
    made.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


class Tantivy:
    """The engine on a folder."""

    name = "tantivy"

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self.folder = folder
        self.own = own
        """The site's own words."""
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._open = ""
        self._checked = 0.0

    # -- which folder ------------------------------------------------------------------------------------------------

    def _current(self) -> str:
        """The folder that serves; empty where there is none, or one of other fields, or it was deleted by hand."""
        try:
            name = (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            return ""
        whole = name.startswith(f"v{SCHEMA}-") and (self.folder / name / "meta.json").exists()
        return name if whole else ""

    def _opened(self, name: str) -> tantivy.Index:
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema(), str(path), reuse=True)
        # Tokenizers are not kept with the index: without this add_document raises.
        index.register_tokenizer("ws", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        index.config_reader("manual")
        return index

    def _here(self) -> tantivy.Index | None:
        """The index that serves, as it was at most half a second ago; None where there is none."""
        with self._lock:
            now = time.monotonic()
            if self._index is None or now - self._checked > 0.5:
                name = self._current()
                if not name:
                    self._index, self._open = None, ""
                    return None
                try:
                    if name != self._open or self._index is None:
                        self._index, self._open = self._opened(name), name
                    self._index.reload()
                except (ValueError, OSError):  # taken away between the look and the opening
                    self._index, self._open = None, ""
                    return None
                self._checked = now
            return self._index

    def fresh(self) -> bool:
        """See the port."""
        return bool(self._current())

    @contextlib.contextmanager
    def _writer(self, index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
        """The only writer; another process's is waited for. The lock is the system's: a kill frees it."""
        for left in range(40, -1, -1):
            try:
                writer = index.writer(heap_size=HEAP, num_threads=1)
                break
            except ValueError:
                if not left:
                    raise
                time.sleep(0.25)
        try:
            yield writer
        finally:
            writer.wait_merging_threads()

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, documents: Iterable[Document], gone: Sequence[int] = ()) -> int:
        """See the port. One commit."""
        there = self._current()
        name = there or self._new()
        count = 0
        with self._writer(self._opened(name)) as writer:
            for pk in gone:
                writer.delete_documents_by_term("id", pk)
            for document in documents:
                writer.delete_documents_by_term("id", document.id)
                writer.add_document(_made(document))
                count += 1
            writer.commit()
        if not there:
            self._point(name)
        self._checked = 0.0
        return count

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See the port. One at a time: a second waits. The folders before go when the new one serves."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "rebuild.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            name = self._new()
            count = 0
            with self._writer(self._opened(name)) as writer:
                for document in documents:
                    writer.add_document(_made(document))
                    count += 1
                    if count % 20_000 == 0:
                        writer.commit()
                writer.commit()
            before = self._current()
            self._point(name)
            self._checked = 0.0
            self._tidy({name, before})
        return count

    def _new(self) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        return f"v{SCHEMA}-{time.time_ns():x}-{os.getpid()}"

    def _point(self, name: str) -> None:
        held = self.folder / f"current.{os.getpid()}"
        held.write_text(name)
        held.replace(self.folder / "current")

    def _tidy(self, keep: set[str]) -> None:
        """What was left by earlier rebuilds, whole or killed. The one before stays: a reader may still be at it."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name.startswith("v") and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)

    # -- reading -----------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many documents there are."""
        index = self._here()
        return index.searcher().num_docs if index is not None else 0

    def search(self, query: Query) -> Found:
        """See the port. Every word; where that finds nothing, or a long question almost nothing, most of them."""
        index = self._here()
        if index is None or not query.seen:
            return Found(0, [])
        searcher = index.searcher()
        build = Builder(index.schema, searcher)
        asked = read(query.text, lexicon(self.own))
        if asked.empty:
            return Found(0, []) if query.text.strip() else self._run(build, query, None, asked)
        found = self._run(build, query, build.strict(asked), asked)
        if asked.number or asked.serial or len(asked.must) < 2:
            return found
        if 0 < found.total < FEW and len(asked.must) > 2:
            return self._run(build, query, build.some(asked, asked.must, most(len(asked.must))), asked, True)
        if not found.total:
            seen = seen_by(build.sch, query.seen)
            known = [w for w in asked.must if build.there(w, seen)]
            if known:
                found = self._run(build, query, build.some(asked, known, half(len(known))), asked, True)
            found.loose = True
        return found

    def _run(self, build: Builder, query: Query, text: Q | None, asked: Asked, loose: bool = False) -> Found:
        sch, searcher = build.sch, build.searcher
        base: list[tuple[Occur, Q]] = [(Occur.Must, text)] if text is not None else []
        base.append((Occur.Must, seen_by(sch, query.seen)))
        narrow = {
            name: Q.const_score_query(Q.term_set_query(sch, name, [clean(v) for v in values]), 0.0)
            for name, values in query.chosen.items()
            if values and name in FACETS
        }
        whole = Q.boolean_query([*base, *((Occur.Must, q) for q in narrow.values())])
        by_date = query.order == "date" or text is None
        result = searcher.search(
            whole
            if by_date
            else build.standing_first(build.ranked(asked, whole, seen_by(sch, query.seen), loose), loose),
            limit=max(1, query.limit),
            offset=max(0, query.offset),
            count=True,
            **({"order_by_field": "date", "order": tantivy.Order.Desc} if by_date else {}),
        )
        hits = [
            Hit(int(str(searcher.doc(address).get_first("id"))), 0.0 if by_date else float(score))
            for score, address in result.hits
        ]
        return Found(result.count, hits, self._facets(searcher, base, narrow, whole) if query.facets else {})

    @staticmethod
    def _facets(searcher: Any, base: list[Any], narrow: dict[str, Q], whole: Q) -> dict[str, list[tuple[str, int]]]:
        """Counts of each facet's values under the choices of the others: several of one facet are alternatives."""
        ask = {f: {"terms": {"field": f, "size": 60, "segment_size": 5000}} for f in FACETS}
        made: dict[str, Any] = searcher.aggregate(whole, {f: a for f, a in ask.items() if f not in narrow})
        for name in narrow:
            others = [(Occur.Must, q) for n, q in narrow.items() if n != name]
            made |= searcher.aggregate(Q.boolean_query([*base, *others]), {name: ask[name]})
        counted = {
            f: [(str(b["key"]), int(b["doc_count"])) for b in made[f]["buckets"] if b["key"] != ""]
            for f in FACETS
            if f in made
        }
        return {f: sorted(values, key=lambda v: (-v[1], v[0])) for f, values in counted.items()}

    def texts(self, ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        """See the port."""
        index = self._here()
        if index is None or not ids:
            return {}
        searcher = index.searcher()
        sch = index.schema
        wanted = Q.boolean_query([(Occur.Should, Q.term_query(sch, "id", pk)) for pk in ids])
        out: dict[int, tuple[tuple[str, str], ...]] = {}
        for _, address in searcher.search(wanted, limit=len(ids)).hits:
            document = searcher.doc(address)
            raw = document.get_first("places")
            held = json.loads(bytes(raw) if raw else b"[]")
            out[int(str(document.get_first("id")))] = tuple((a, b) for a, b in held)
        return out

    def titles(self, prefix: str, seen: Sequence[str], limit: int) -> list[str]:
        """See the port."""
        index = self._here()
        run = tokens(prefix)
        if index is None or not run or not seen:
            return []
        searcher = index.searcher()
        sch = index.schema
        wanted = Q.boolean_query(
            [
                (Occur.Must, Builder(sch, searcher).phrase("title", run)),
                (Occur.Must, seen_by(sch, seen)),
                (Occur.Should, Q.const_score_query(Q.term_query(sch, "standing", 1), STANDING)),
            ]
        )
        found = searcher.search(wanted, limit=limit * 2).hits
        return list(dict.fromkeys(str(searcher.doc(a).get_first("name")) for _, a in found))[:limit]


def _made(given: Document) -> tantivy.Document:
    document = cleaned(given)
    made = tantivy.Document()
    made.add_integer("id", document.id)
    made.add_text("title", " ".join(tokens(document.title)))
    made.add_text("lead", " ".join(tokens(document.lead)))
    # A run between two texts keeps them apart: no phrase goes from the end of one into the beginning of the next.
    made.add_text("all", APART.join(" ".join(tokens(t)) for t in texts_of(document)))
    made.add_text("title_w", " ".join(words(document.title)))
    for form in numbers_of(document):
        made.add_text("number", form)
    serial = number_forms(document.document_number)[2]
    if serial:
        made.add_text("serial", serial)
    made.add_text("title_x", plain(document.title))
    if inner(document.title):
        made.add_text("title_in", plain(inner(document.title)))
    for one in document.seen:
        made.add_text("seen", one)
    made.add_text("kind", document.kind)
    made.add_text("owner", document.owner)
    made.add_text("topic", first_level(document.topic))
    made.add_text("validity", document.validity)
    made.add_text("year", str(document.year) if document.year else "")
    made.add_integer("date", (document.date or dt.date(1900, 1, 1)).toordinal())
    made.add_integer("standing", int(document.standing))
    made.add_text("name", document.title)
    made.add_bytes("places", json.dumps(document.places, ensure_ascii=False).encode())
    return made
