"""Search beside raw tantivy, SQLite FTS5, PostgreSQL GIN and Groonga, on generated documents, in one run.

    python bench/search.py [--sizes 10k,100k] [--quick] [--cache FOLDER] [--json OUT]

Every engine has the same documents, is asked the same questions by turns, and gives the first ten, how many there are
and five facets. Ours is the whole call through the port, and besides the whole `reads.search` with database and
passages; the limit is tantivy alone with the query that ours made, built before. From a million on only these two are
measured. Indexes are kept in the cache folder and made anew when they are missing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from documents import (  # noqa: E402
    DOMAINS,
    HOW,
    PLACES,
    THINGS,
    WHAT,
    Written,
    documents,
    environment,
    free_port,
    granian,
    hammer,
    put_out,
    serving,
    start,
    write,
)
from ledger import growth, quantiles, short, size_of, table  # noqa: E402
from reading import machine, number  # noqa: E402

GENERATION = 1
"""Counted up when the documents or a peer's way of keeping them change: what lies in the cache is then made anew."""
LARGE = 1_000_000
"""From here on only ours and tantivy alone."""
QUESTIONS, QUICK_QUESTIONS = 20, 8
ROUNDS, QUICK_ROUNDS = 7, 2
PATIENCE, QUICK_PATIENCE = 25.0, 5.0
"""Seconds after which an engine is not asked the questions of a class again; once it is always."""
MOST = 20_000
"""Judged questions have no more right answers than this."""
FACETS = ("kind", "owner", "topic", "year", "validity")
COMMON = (
    "公开", "管理", "服务", "群众", "人民政府", "资金", "监督", "申请", "工作", "企业", "建设", "材料", "部门", "安全", "社会",
    "审核", "补助", "项目", "信息", "责任",
)  # fmt: skip
CLASSES = {
    "rare": "rare",
    "common": "common",
    "two": "two words",
    "phrase": "phrase",
    "title": "title",
    "number": "number",
}


@dataclass(frozen=True)
class Question:
    """What is asked: as it is typed, and for the peers as the words that must stand there, already told apart."""

    kind: str
    typed: str
    words: tuple[str, ...]
    id: int = 0
    """The document that bears the title or number."""


Answer = tuple[int, list[int], dict[str, list[tuple[str, int]]]]
"""How many, the first ten, the facets."""


class Engine(Protocol):
    """What is measured."""

    name: str

    def build(self, folder: Path, fed: Iterable[Written]) -> None:
        """Make the index."""

    def open(self, folder: Path) -> None:
        """Have it ready."""

    def size(self) -> int:
        """Bytes on the disk."""

    def ask(self, question: Question) -> Answer:
        """The first ten with facets."""

    def every(self, question: Question) -> set[int]:
        """All that is found."""

    def close(self) -> None:
        """End what was started."""


def bytes_of(*paths: Path) -> int:
    """Of files and of all below folders."""
    files = [f for p in paths for f in (p.rglob("*") if p.is_dir() else [p]) if f.is_file()]
    return sum(f.stat().st_size for f in files)


# -- ours, and tantivy alone -------------------------------------------------------------------------------------------


class Ours:
    """`gongkai.search.engine` through the port."""

    name = "gongkai"

    def build(self, folder: Path, fed: Iterable[Written]) -> None:
        from gongkai.search.engine import Tantivy

        Tantivy(folder).rebuild(one.document() for one in fed)

    def open(self, folder: Path) -> None:
        from gongkai.search.engine import Tantivy

        self.folder = folder
        self.engine = Tantivy(folder, folder / "synonyms.toml")

    def size(self) -> int:
        return bytes_of(self.folder)

    def ask(self, question: Question) -> Answer:
        from gongkai.search.port import Query

        found = self.engine.search(Query(question.typed))
        return found.total, [h.id for h in found.hits], found.facets

    def every(self, question: Question) -> set[int]:
        from gongkai.search.port import Query

        total = self.engine.search(Query(question.typed, limit=1, facets=False)).total
        return {h.id for h in self.engine.search(Query(question.typed, limit=total + 1, facets=False)).hits}

    def close(self) -> None:
        pass


class _Watched:
    """A searcher that keeps what it was asked."""

    def __init__(self, real: Any, kept: list[tuple[str, tuple[Any, ...], dict[str, Any]]]) -> None:
        self._real, self._kept = real, kept

    def search(self, *words: Any, **more: Any) -> Any:
        if more.get("count", True):  # a probe whether a word is there at all is no search
            self._kept.append(("search", words, more))
        return self._real.search(*words, **more)

    def aggregate(self, *words: Any) -> Any:
        self._kept.append(("aggregate", words, {}))
        return self._real.aggregate(*words)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Index:
    def __init__(self, real: Any, kept: list[Any]) -> None:
        self.schema, self._real, self._kept = real.schema, real, kept

    def searcher(self) -> _Watched:
        return _Watched(self._real.searcher(), self._kept)


class Raw:
    """tantivy alone, on our index: the query that ours made for the question, and its facets, both built before."""

    name = "tantivy, same query"

    def __init__(self, ours: Ours) -> None:
        self.ours = ours
        self.made: dict[str, tuple[Any, Any, dict[str, Any]]] = {}

    def open(self, folder: Path) -> None:
        self.searcher = self.ours.engine._here().searcher()  # type: ignore[union-attr]

    def prepare(self, questions: Sequence[Question]) -> None:
        """Let ours build every query."""
        from gongkai.search.engine import Tantivy
        from gongkai.search.port import Query

        real = self.ours.engine._here()
        for question in questions:
            kept: list[Any] = []
            engine = Tantivy(self.ours.folder, self.ours.folder / "synonyms.toml")
            engine._here = lambda kept=kept: _Index(real, kept)  # type: ignore[method-assign,assignment,misc]
            engine.search(Query(question.typed))
            *_, (_, (ranked,), _), (_, (whole, facets), _) = kept  # of what was tried, the last is shown
            self.made[question.typed] = ranked, whole, facets

    def size(self) -> int:
        return 0

    def ask(self, question: Question) -> Answer:
        ranked, whole, facets = self.made[question.typed]
        found: Any = self.searcher.search(ranked, limit=10, count=True)
        counted = self.searcher.aggregate(whole, facets)
        return found.count or 0, [], counted

    def every(self, question: Question) -> set[int]:
        return set()

    def close(self) -> None:
        pass


class Plain(Raw):
    """tantivy alone, on our index, as somebody writes it who wants the words and no more: BM25, no rank of ours."""

    name = "tantivy, plain query"

    def prepare(self, questions: Sequence[Question]) -> None:
        from tantivy import Occur
        from tantivy import Query as Q

        from gongkai.search.text import number_forms, tokens

        sch = self.ours.engine._here().schema  # type: ignore[union-attr]
        facets = {f: {"terms": {"field": f, "size": 60, "segment_size": 5000}} for f in FACETS}
        for question in questions:
            if question.kind == "number":
                whole = Q.term_query(sch, "number", number_forms(question.typed)[0], index_option="basic")
            else:
                runs: list[list[Any]] = [tokens(w) for w in question.words]
                whole = Q.boolean_query(
                    [
                        (Occur.Must, Q.phrase_query(sch, "all", r) if len(r) > 1 else Q.term_query(sch, "all", r[0]))
                        for r in runs
                    ]
                )
            self.made[question.typed] = whole, whole, facets


# -- peers -------------------------------------------------------------------------------------------------------------


def columns_of(one: Written) -> tuple[int, str, str, str, str, str, str, str, str]:
    """What peers keep beside the text."""
    from gongkai.search.text import number_forms, plain

    number = number_forms(one.number)[0]
    return (
        one.id,
        one.kind_name,
        one.owner_name,
        one.topic,
        str(one.formed.year),
        one.validity,
        one.formed.isoformat(),
        number,
        plain(one.title),
    )


def rest_of(one: Written) -> str:
    """The text without the title."""
    return "\n".join(t for t in (one.number, one.keywords, one.body) if t)


class Fts5:
    """SQLite FTS5 with our tokens, contentless, and a table for facets."""

    name = "SQLite FTS5"

    def build(self, folder: Path, fed: Iterable[Written]) -> None:
        from gongkai.search.text import tokens

        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(folder / "fts.sqlite3")) as db:
            db.executescript(
                "PRAGMA journal_mode=off; PRAGMA synchronous=off; PRAGMA cache_size=-200000;"
                "CREATE TABLE docs (id INTEGER PRIMARY KEY, kind, owner, topic, year, validity, date, number, title_x);"
                "CREATE VIRTUAL TABLE fts USING fts5(title, body, content='', tokenize=\"unicode61\");"
            )

            def rows() -> Iterator[tuple[int, str, str]]:
                for one in fed:
                    db.execute("INSERT INTO docs VALUES (?,?,?,?,?,?,?,?,?)", columns_of(one))
                    yield one.id, " ".join(tokens(one.title)), " ".join(tokens(rest_of(one)))

            db.executemany("INSERT INTO fts (rowid, title, body) VALUES (?,?,?)", rows())
            db.execute("INSERT INTO fts (fts, rank) VALUES ('rank', 'bm25(4.0, 1.0)')")
            db.execute("INSERT INTO fts (fts) VALUES ('optimize')")
            db.execute("CREATE INDEX docs_number ON docs (number)")
            db.execute("CREATE INDEX docs_title ON docs (title_x)")
            db.commit()
            db.execute("ANALYZE")
            db.commit()

    def open(self, folder: Path) -> None:
        self.path = folder / "fts.sqlite3"
        self.db = sqlite3.connect(self.path)
        self.db.executescript("PRAGMA cache_size=-400000; PRAGMA mmap_size=2000000000")

    def size(self) -> int:
        return bytes_of(self.path)

    @staticmethod
    def _match(question: Question) -> str:
        from gongkai.search.text import tokens

        return " AND ".join('"' + " ".join(tokens(w)) + '"' for w in question.words)

    def ask(self, question: Question) -> Answer:
        from gongkai.search.text import number_forms, plain

        if question.kind == "number":
            which, value = "SELECT id FROM docs WHERE number = ?", number_forms(question.typed)[0]
            hits = [r[0] for r in self.db.execute(which + " LIMIT 10", [value])]
        else:
            value = self._match(question)
            which = "SELECT rowid AS id FROM fts WHERE fts MATCH ?"
            hits = [r[0] for r in self.db.execute(which + " ORDER BY rank LIMIT 10", [value])]
            if question.kind == "title":
                exact = [
                    r[0] for r in self.db.execute("SELECT id FROM docs WHERE title_x = ?", [plain(question.typed)])
                ]
                hits = list(dict.fromkeys(exact + hits))
        sql = f"WITH m AS MATERIALIZED (SELECT {', '.join(FACETS)} FROM docs WHERE id IN ({which}))"
        sql += " SELECT '', '', count(*) FROM m"
        sql += "".join(f" UNION ALL SELECT '{f}', {f}, count(*) FROM m GROUP BY {f}" for f in FACETS)
        facets: dict[str, list[tuple[str, int]]] = {}
        for name, key, count in self.db.execute(sql, [value]):
            facets.setdefault(name, []).append((key, count))
        return facets.pop("")[0][1], hits, facets

    def every(self, question: Question) -> set[int]:
        found = self.db.execute("SELECT rowid FROM fts WHERE fts MATCH ?", [self._match(question)])
        return {r[0] for r in found}

    def close(self) -> None:
        self.db.close()


class Gin:
    """PostgreSQL with a tsvector of our tokens and GIN, plain: ts_rank, five facets from the rows that match."""

    name = "PostgreSQL GIN"

    def __init__(self, url: str) -> None:
        self.url = url

    def build(self, folder: Path, fed: Iterable[Written]) -> None:
        """What COPY reads is kept; the cluster itself is a throw-away one."""
        from gongkai.search.text import tokens

        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "rows.copy").open("w", encoding="utf-8") as out:
            for one in fed:
                places: dict[str, list[str]] = {}
                at = 0
                for text, weight in ((one.title, "A"), (rest_of(one), "")):
                    for token in tokens(text):
                        at += 1
                        if len(held := places.setdefault(token, [])) < 250:
                            held.append(f"{at}{weight}")
                    at += 1
                vector = " ".join(f"'{t}':{','.join(p)}" for t, p in places.items())
                out.write("\t".join((*map(str, columns_of(one)), vector)) + "\n")

    def open(self, folder: Path) -> None:
        import psycopg

        self.db = psycopg.connect(self.url, autocommit=True)
        self.db.execute("SET work_mem = '128MB'")
        self.db.execute("SET maintenance_work_mem = '512MB'")
        self.db.execute("DROP TABLE IF EXISTS docs")
        kept = ", ".join(f"{f} text" for f in FACETS)
        self.db.execute(
            f"CREATE TABLE docs (id int PRIMARY KEY, {kept}, date date, number text, title_x text, tokens tsvector)"
        )
        with (folder / "rows.copy").open("rb") as rows, self.db.cursor().copy("COPY docs FROM STDIN") as copy:
            while block := rows.read(1 << 20):
                copy.write(block)
        self.db.execute("CREATE INDEX ON docs USING gin (tokens)")
        self.db.execute("CREATE INDEX ON docs (number)")
        self.db.execute("CREATE INDEX ON docs (title_x)")
        self.db.execute("VACUUM ANALYZE docs")

    def size(self) -> int:
        row = self.db.execute("SELECT pg_total_relation_size('docs')").fetchone()
        return int(row[0]) if row else 0

    @staticmethod
    def _match(question: Question) -> str:
        from gongkai.search.text import tokens

        runs = [[f"'{t}'" for t in tokens(w)] for w in question.words]
        return " & ".join("(" + " <-> ".join(r) + ")" for r in runs)

    def ask(self, question: Question) -> Answer:
        from gongkai.search.text import number_forms, plain

        if question.kind == "number":
            score, where, values = "0", "number = %s", [number_forms(question.typed)[0]]
        else:
            match = self._match(question)
            score, where, values = "ts_rank(tokens, %s::tsquery, 1)", "tokens @@ %s::tsquery", [match, match]
            if question.kind == "title":
                score, values = score + " + (title_x = %s)::int", [match, plain(question.typed), match]
        sql = (
            f"WITH m AS MATERIALIZED (SELECT id, {', '.join(FACETS)}, {score} AS score FROM docs WHERE {where}),"
            " t AS (SELECT id, score FROM m ORDER BY score DESC, id DESC LIMIT 10)"
            " SELECT '+', id::text, 0 FROM t UNION ALL SELECT '', '', count(*) FROM m"
        ) + "".join(f" UNION ALL SELECT '{f}', {f}, count(*) FROM m GROUP BY {f}" for f in FACETS)
        facets: dict[str, list[tuple[str, int]]] = {}
        for name, key, count in self.db.execute(sql, values).fetchall():
            facets.setdefault(name, []).append((key, count))
        hits = [int(key) for key, _ in facets.pop("+", [])]
        return facets.pop("")[0][1], hits, facets

    def every(self, question: Question) -> set[int]:
        sql = "SELECT id FROM docs WHERE tokens @@ %s::tsquery"
        return {r[0] for r in self.db.execute(sql, [self._match(question)]).fetchall()}

    def close(self) -> None:
        self.db.close()


class Groonga:
    """Groonga's own program over a pipe, with its own bigrams; its cache of results is off."""

    name = "Groonga"

    def build(self, folder: Path, fed: Iterable[Written]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._start(folder, new=True)
        for facet in FACETS:
            self._say(f"table_create T{facet} TABLE_HASH_KEY ShortText")
        self._say("table_create Docs TABLE_HASH_KEY UInt32")
        for facet in FACETS:
            self._say(f"column_create Docs {facet} COLUMN_SCALAR T{facet}")
        for name in ("number", "title_x"):
            self._say(f"table_create K{name} TABLE_HASH_KEY ShortText")
            self._say(f"column_create Docs {name} COLUMN_SCALAR K{name}")
            self._say(f"column_create K{name} docs COLUMN_INDEX Docs {name}")
        for name in ("title", "body"):
            self._say(f"column_create Docs {name} COLUMN_SCALAR Text")
        self._say(
            "table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerNFKC121"
        )
        self._say("column_create Terms texts COLUMN_INDEX|WITH_POSITION|WITH_SECTION Docs title,body")
        batch: list[dict[str, Any]] = []

        def load() -> None:
            self._say("load --table Docs\n" + json.dumps(batch, ensure_ascii=False))
            batch.clear()

        for one in fed:
            pk, *facets, _, number_, title = columns_of(one)
            held = dict(zip(FACETS, facets, strict=True))
            batch.append(
                {"_key": pk, **held, "number": number_, "title_x": title, "title": one.title, "body": rest_of(one)}
            )
            if len(batch) == 1000:
                load()
        if batch:
            load()
        self.close()

    def _start(self, folder: Path, new: bool = False) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            ["groonga", *(["-n"] if new else []), str(folder / "db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._say("cache_limit 0")

    def _say(self, command: str) -> Any:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("Groonga was not started")
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        if told[0][0] != 0:
            raise RuntimeError(f"Groonga: {told[0]}")
        return told[1]

    def open(self, folder: Path) -> None:
        self._start(folder)

    def size(self) -> int:
        return bytes_of(self.folder)

    @staticmethod
    def _where(question: Question) -> str:
        from gongkai.search.text import number_forms

        if question.kind == "number":
            return f"--filter 'number == \"{number_forms(question.typed)[0]}\"'"
        words = " ".join(f'"{w}"' for w in question.words)
        return f"--match_columns 'title * 4 || body' --query '{words}'"

    def ask(self, question: Question) -> Answer:
        from gongkai.search.text import plain

        drill = " ".join(
            f"--drilldowns[{f}].keys {f} --drilldowns[{f}].limit 60 --drilldowns[{f}].sort_keys -_nsubrecs"
            for f in FACETS
        )
        first = []
        if question.kind == "title":
            told = self._say(f"select Docs --filter 'title_x == \"{plain(question.typed)}\"' --output_columns _key")
            first = [r[0] for r in told[0][2:]]
        hits, found = self._say(
            f"select Docs {self._where(question)} --output_columns _key --sort_keys -_score,-_key --limit 10 {drill}"
        )
        facets = {f: [(r[0], r[1]) for r in rows[2:]] for f, rows in found.items()}
        return hits[0][0], list(dict.fromkeys([*first, *(r[0] for r in hits[2:])])), facets

    def every(self, question: Question) -> set[int]:
        told = self._say(f"select Docs {self._where(question)} --output_columns _key --limit -1")
        return {r[0] for r in told[0][2:]}

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


# -- questions ---------------------------------------------------------------------------------------------------------


def some(size: int, chance: random.Random, wanted: int) -> Iterator[Written]:
    """Documents by chance; many more than wanted, for not every one fits."""
    for at in chance.sample(range(size), min(size, wanted * 40)):
        yield write(at)


def questions(size: int, wanted: int) -> list[Question]:
    """So many of each class."""
    chance = random.Random(20260915)
    out: dict[str, dict[str, Question]] = {kind: {} for kind in CLASSES}

    def add(kind: str, typed: str, words: tuple[str, ...], pk: int = 0) -> None:
        if len(out[kind]) < wanted:
            out[kind].setdefault(typed, Question(kind, typed, words, pk))

    for word in COMMON:
        add("common", word, (word,))
    for one in some(size, chance, wanted):
        if one.rare:
            name = chance.choice(one.rare)
            add("rare", name, (name,))
        thing = next((t for ts in THINGS.values() for t in ts if t in one.title), "")
        second = chance.choice((one.owner_name[:3], "补助标准", "公示", "申请材料", chance.choice(WHAT[:12])))
        if thing and second not in thing:
            add("two", f"{thing} {second}", (thing, second))
        runs = [r for r in re.findall(r"[\u4e00-\u9fff]+", one.body) if len(r) > 12]
        if runs:
            run = chance.choice(runs)
            at = chance.randrange(len(run) - 10)
            piece = run[at : at + chance.randrange(6, 11)]
            add("phrase", f"“{piece}”", (piece,))
        pieces = tuple(p for p in re.findall(r"[\u4e00-\u9fff0-9]+", one.title))
        add("title", one.title, pieces, one.id)
        if one.number:
            add("number", one.number, (one.number,), one.id)
    return [q for asked in out.values() for q in asked.values()]


def judged(size: int, texts: Sequence[str], wanted: int) -> dict[str, list[tuple[Question, set[int]]]]:
    """Questions and all documents in which the words stand, letter by letter."""
    chance = random.Random(20260916)
    inner = {
        w[i : i + 2] for ws in (*THINGS.values(), WHAT, HOW, PLACES, DOMAINS) for w in ws for i in range(len(w) - 1)
    }
    pairs = sorted(p for p in inner if re.fullmatch(r"[\u4e00-\u9fff]{2}", p))
    chance.shuffle(pairs)
    made: dict[str, list[Question]] = {"pairs inside words": [Question("pair", p, (p,)) for p in pairs]}
    for one in some(size, chance, wanted):
        for name in one.rare:
            at = chance.randrange(max(len(name) - 3, 1))
            made.setdefault("names", []).append(Question("rare", name, (name,)))
            made.setdefault("parts of names", []).append(Question("rare", name[at : at + 3], (name[at : at + 3],)))
    made |= {"phrase": [], "two words": []}
    for question in questions(size, wanted * 3):
        if question.kind in ("phrase", "two"):
            made[CLASSES[question.kind]].append(question)
    out: dict[str, list[tuple[Question, set[int]]]] = {}
    for name, asked in made.items():
        for question in asked:
            if len(out.setdefault(name, [])) == wanted:
                break
            truth = {i + 1 for i, text in enumerate(texts) if all(w in text for w in question.words)}
            if 0 < len(truth) <= MOST:
                out[name].append((question, truth))
    return out


# -- measuring ---------------------------------------------------------------------------------------------------------


class Fed:
    """Documents handed to an engine; what making them takes is not its time."""

    def __init__(self, size: int, told: Callable[[str], None]) -> None:
        self.size, self.told, self.seconds, self.work = size, told, 0.0, 0.0

    def __iter__(self) -> Iterator[Written]:
        source = documents(self.size)
        while True:
            begun, worked = time.perf_counter(), time.process_time()
            one = next(source, None)
            self.seconds += time.perf_counter() - begun
            self.work += time.process_time() - worked
            if one is None:
                return
            if one.id % 50_000 == 0:
                self.told(f"{one.id:,} of {self.size:,}")
            yield one


def have(engine: Engine, folder: Path, size: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Its index, from the cache or made now; how long making it took."""
    mark = folder / "built.json"
    if mark.exists() and (kept := json.loads(mark.read_text()))["generation"] == GENERATION:
        say(f"{engine.name}: index of {size:,} kept from before")
        row: dict[str, Any] = kept
    else:
        say(f"{engine.name}: indexing {size:,}")
        shutil.rmtree(folder, ignore_errors=True)
        fed = Fed(size, say)
        load, begun, worked = os.getloadavg()[0], time.perf_counter(), _work()
        engine.build(folder, fed)
        seconds = time.perf_counter() - begun - fed.seconds
        work = _work() - worked - fed.work
        row = {"generation": GENERATION, "seconds": seconds, "work": work, "load": [load, os.getloadavg()[0]]}
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps(row))
    begun = time.perf_counter()
    engine.open(folder)
    if isinstance(engine, Gin):  # loading and indexing is done at every run, for the cluster is not kept
        row = {**row, "seconds": row["seconds"] + time.perf_counter() - begun, "work": None}
    row |= {"docs_per_second": size / row["seconds"], "bytes": engine.size()}
    return row


def _work() -> float:
    """CPU seconds of this process and of those that it has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def timed(call: Callable[[], Any]) -> float:
    """Seconds."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def ask_all(engines: Sequence[tuple[str, Callable[[Question], Any]]], asked: Sequence[Question], quick: bool) -> Any:
    """Each class: the engines by turns, round after round; the first round fills caches and is not counted."""
    patience = QUICK_PATIENCE if quick else PATIENCE
    out: dict[str, dict[str, Any]] = {name: {} for name, _ in engines}
    for kind in CLASSES:
        these = [q for q in asked if q.kind == kind]
        runs: dict[str, list[float]] = {name: [] for name, _ in engines}
        spent = dict.fromkeys(runs, 0.0)
        for turn in range((QUICK_ROUNDS if quick else ROUNDS) + 1):
            for name, ask in engines:
                if spent[name] > patience and turn > 1:
                    continue
                taken = [timed(lambda ask=ask, q=q: ask(q)) for q in these]  # type: ignore[misc]
                spent[name] += sum(taken)
                if turn:
                    runs[name] += taken
        for name in runs:
            out[name][kind] = quantiles(runs[name])
    return out


def measure(size: int, cache: Path, quick: bool, without: set[str], out: Path, say: Callable[[str], None]) -> None:
    """Everything at one size; what is known is in `out` after every step."""
    folder = cache / f"g{GENERATION}-{size}"
    data = folder / "site"
    data.mkdir(parents=True, exist_ok=True)
    large = size >= LARGE
    start(data)
    figures: dict[str, Any] = {"size": size, "load": [os.getloadavg()[0]], "engines": {}}

    def keep() -> None:
        figures["load"].append(round(os.getloadavg()[0], 2))
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")

    with contextlib.ExitStack() as held:
        ours = Ours()
        figures["engines"][ours.name] = have(ours, data / "search", size, say)
        raw, plain = Raw(ours), Plain(ours)
        engines: list[Engine] = [ours, raw, plain]
        if not large and "fts5" not in without:
            engines.append(Fts5())
        if not large and "postgresql" not in without:
            from tests.postgres import cluster

            engines.append(Gin(held.enter_context(cluster())))
        if not large and "groonga" not in without:
            if shutil.which("groonga"):
                engines.append(Groonga())
            else:
                figures["left_out"] = ["Groonga is not on this machine (Debian: apt-get install groonga-bin)"]
        for engine in engines[1:]:
            if isinstance(engine, Raw):
                engine.open(folder)
            else:
                figures["engines"][engine.name] = have(engine, folder / engine.name.split()[-1].lower(), size, say)
                held.callback(engine.close)
            keep()
        asked = questions(size, QUICK_QUESTIONS if quick else QUESTIONS)
        raw.prepare(asked)
        plain.prepare(asked)
        calls: list[tuple[str, Callable[[Question], Any]]] = [(e.name, e.ask) for e in engines]
        if not large:
            from gongkai.records.models import Record

            if Record.objects.count() < size:
                say(f"{size:,} records into the site's database")
                put_out(size)
            from gongkai.search import reads

            calls.insert(1, ("gongkai, with database and passages", lambda q: reads.search(q.typed)))
        say("asking")
        figures["asked"] = ask_all(calls, asked, quick)
        figures["hits"] = {kind: statistics.median(ours.ask(q)[0] for q in asked if q.kind == kind) for kind in CLASSES}
        keep()
        if not large:
            say("recall")
            figures["recall"] = recall([e for e in engines if not isinstance(e, Raw)], size, quick)
            keep()
            figures["page"] = page(data, asked, 3 if quick else 8)
        keep()


def recall(engines: Sequence[Engine], size: int, quick: bool) -> dict[str, dict[str, float]]:
    """The share of the right documents that is found, and how often a title or number puts its document first."""
    wanted = 15 if quick else 40
    texts: list[str] = []
    titles: dict[str, int] = {}
    for one in documents(size):
        texts.append(one.text)
        titles[one.title] = titles.get(one.title, 0) + 1
    right = judged(size, texts, wanted)
    del texts
    exact = [q for q in questions(size, wanted * 2) if q.kind in ("title", "number")]
    out: dict[str, dict[str, float]] = {}
    for engine in engines:
        row: dict[str, float] = {}
        for name, these in right.items():
            shares = [(len(engine.every(q) & truth) / len(truth)) for q, truth in these]
            row[name] = statistics.mean(shares)
            row[f"{name}, worst"] = min(shares)
        for kind in ("title", "number"):
            firsts = [engine.ask(q)[1][:1] == [q.id] for q in exact if q.kind == kind and titles.get(q.typed, 1) == 1]
            row[f"{kind} first"] = statistics.mean(firsts)
        out[engine.name] = row
    out["judged"] = {name: float(len(these)) for name, these in right.items()}
    return out


def page(data: Path, asked: Sequence[Question], seconds: float) -> dict[str, dict[str, float]]:
    """The search page as HTML through granian, on one core."""
    if shutil.which("wrk") is None:
        return {}
    port = free_port()
    out = {}
    with serving(granian("gongkai.site.wsgi:application", port), port, environment(data), ROOT) as server:
        for name, these in (
            ("all classes by turns", list(asked)),
            ("rare words", [q for q in asked if q.kind == "rare"]),
            ("common words", [q for q in asked if q.kind == "common"]),
        ):
            mixed = random.Random(1).sample(these, len(these))
            out[name] = hammer(server, port, [f"/search/?q={quote(q.typed)}" for q in mixed], seconds, connections=4)
    return out


# -- report ------------------------------------------------------------------------------------------------------------


def ms(found: dict[str, float]) -> str:
    """p50 / p95, with as many places as say something."""
    return " / ".join(f"{v:.2f}" if v < 10 else f"{v:.0f}" for v in (found["p50"], found["p95"]))


def show(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """The tables."""
    for r in rows:
        asked = r["asked"]
        shown = table(
            f"{r['size']:,} documents: first ten, number and five facets, ms p50 / p95", "engine",
            *(f"{text} ({r['hits'][kind]:,.0f} found)" for kind, text in CLASSES.items()),
        )  # fmt: skip
        for name, found in asked.items():
            shown.add_row(name, *(ms(found[kind]) for kind in CLASSES))
        console.print(shown)
        ours = asked["gongkai"]
        shown = table(f"{r['size']:,} documents: p50 in proportion", "", *CLASSES.values())
        for name, found in asked.items():
            if name == "gongkai":
                continue
            within = name.startswith(("tantivy", "gongkai"))
            label = f"gongkai ÷ {name}" if name.startswith("tantivy") else f"{name} ÷ gongkai"
            ratios = [
                ours[k]["p50"] / found[k]["p50"] if name.startswith("tantivy") else found[k]["p50"] / ours[k]["p50"]
                for k in CLASSES
            ]
            shown.add_row(label, *(f"{v:.2f}" if within else f"{v:.1f}" for v in ratios))
        console.print(shown)
        shown = table(f"{r['size']:,} documents: index", "engine", "docs/s", "to a CPU second", "MB", "load")
        for name, found in r["engines"].items():
            load = ", ".join(number(v) for v in found["load"])
            work = f"{r['size'] / found['work']:,.0f}" if found["work"] else "—"
            shown.add_row(name, f"{found['docs_per_second']:,.0f}", work, f"{found['bytes'] / 1e6:,.0f}", load)
        console.print(shown)
        if "recall" in r:
            judged_ = r["recall"].pop("judged")
            first = next(iter(r["recall"].values()))
            shown = table(f"{r['size']:,} documents: recall (mean over {judged_})", "engine", *first)
            for name, found in r["recall"].items():
                shown.add_row(name, *(f"{v:.3f}" for v in found.values()))
            console.print(shown)
        if r.get("page"):
            shown = table(
                f"{r['size']:,} documents: the search page, one core", "questions", "requests/s", "to a CPU second",
                "kB", "ms p50 / p95",
            )  # fmt: skip
            for name, found in r["page"].items():
                shown.add_row(
                    name,
                    number(found["per_second"]),
                    number(found["per_core"]),
                    number(found["bytes"] / 1000),
                    ms(found),
                )
            console.print(shown)
        for text in r.get("left_out", ()):
            console.print(text)
        console.print(f"load {', '.join(number(v, '.1f') for v in r['load'])}\n")
    if len(rows) > 1:
        shown = table("growth of p50 from size to size (1: proportional)", "engine", *CLASSES.values())
        for name in rows[-1]["asked"]:
            those = [r for r in rows if name in r["asked"]]
            shown.add_row(name, *(growth([(r["size"], r["asked"][name][k]["p50"]) for r in those]) for k in CLASSES))
        console.print(shown)


def run(size: int, args: argparse.Namespace) -> dict[str, Any]:
    """Measure one size in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as held:
        figures = Path(held) / "figures.json"
        command = [sys.executable, __file__, "--worker", str(figures), "--sizes", str(size)]
        command += ["--cache", str(args.cache), "--without", args.without, *(["--quick"] if args.quick else [])]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            status = process.wait()
        finally:
            process.terminate()
            process.wait()
        if status:
            raise SystemExit(f"{size:,}: the measuring process returned {status}")
        made: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
        return made


def main() -> None:
    """Measure, show, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10k,100k", metavar="LIST", help="documents (default %(default)s); 1m too")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "gongkai-bench", metavar="FOLDER",
                        help="where indexes are kept between runs (default %(default)s)")  # fmt: skip
    parser.add_argument("--without", default="", metavar="LIST", help="peers left out: fts5, postgresql, groonga")
    parser.add_argument("--quick", action="store_true", help="few questions, short runs; 3k unless --sizes says others")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.quick and args.sizes == parser.get_default("sizes"):
        args.sizes = "3k"
    sizes = sorted(size_of(s) for s in args.sizes.split(","))
    args.cache = args.cache.absolute()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leaves through `finally`, so that servers end too
    if args.worker:
        errors = Console(stderr=True, highlight=False)
        measure(
            sizes[0], args.cache, args.quick, set(args.without.split(",")), args.worker,
            lambda text: errors.print(f"{short(sizes[0])}: {text}", style="dim"),
        )  # fmt: skip
        return
    about = machine()
    rows = []
    with contextlib.suppress(KeyboardInterrupt):
        for size in sizes:
            rows.append(run(size, args))
            if args.json:
                made = {"machine": about, "sizes": rows}
                args.json.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        console = Console(width=None if sys.stdout.isatty() else 200)
        show(rows, console)
        console.print(about)
        return
    raise SystemExit(130)


if __name__ == "__main__":
    main()
