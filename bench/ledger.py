"""How the ledger and the event log bear size: rebuild, pages, refresh after an event, writers at the log.

    python bench/ledger.py [--sizes 10k,100k,1m] [--databases sqlite,postgresql] [--quick] [--json OUT]

Plans are made here, with invented names, and written as rows; what is measured is the application's own code: the
rebuild, whole pages through Django's test client, an act and the follower behind it, and `record_event`. Each
database is measured in a process of its own with a temporary folder or a throw-away PostgreSQL; the larger sizes are
grown from the smaller ones. Interrupted, nothing is left running and nothing is left on the disk.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import functools
import itertools
import json
import math
import operator
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Shown

ROOT = Path(__file__).resolve().parent.parent
# Before any import of the project: a copy of the tree measures its own code, not the code that is installed.
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from reading import THINGS, machine, number  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

    from gongkai.orgs.models import Person

DAY = "2026-09-15"
"""The day that is played, so that the shares of states are the same whenever the bench is run."""
YEARS = (2022, 2023, 2024, 2025, 2026)
TASKS = 200
"""Tasks of a plan; with five years a body has a thousand."""
SECTIONS = ("办公室", "法规科", "财务科", "业务一科", "业务二科", "监督科")
PER_COUNTY = 31
"""A county and its thirty departments, each with a plan of its own every year."""
LONGEST = 25 * 60.0
"""Seconds. A size is left out when the one before it says that it would take longer than this."""
ROUNDS, QUICK_ROUNDS = 9, 3
"""Times that every filter is asked for: seven filters give 63 requests."""
PATIENCE = 60.0
"""Seconds after which a page that is slow is not asked for again; every filter is asked for twice at least."""
TRANSACTIONS, QUICK_TRANSACTIONS = 1600, 320
WRITERS = (1, 2, 4, 8)
REFRESHES, QUICK_REFRESHES = 60, 15

Say = Callable[[str, int], Callable[[int], None]]
"""Begins a stage of so many pieces; what it returns is told how many are done."""

# -- the plans ---------------------------------------------------------------------------------------------------------

RECURRING = {"month": 12, "quarter": 4}
MIX: tuple[tuple[str, ...], ...] = (
    ("dated",), ("month",), ("dated",), ("quarter",), ("tempo",), ("dated",), ("quarter",), ("relative",), ("dated",),
    ("tempo",), ("dated",), ("month",), ("dated",), ("quarter",), ("none",), ("dated",), ("quarter",), ("tempo",),
    ("dated",), ("relative",),
)  # fmt: skip
"""Twenty tasks in turn: eight with a date, two monthly, four quarterly, three with a tempo, two that wait, one without."""
DUTIES = TASKS // len(MIX) * sum(RECURRING.get(kind[0], 1) for kind in MIX)
"""Duties of one plan."""
WRITTEN = 4
"""Bodies whose rows are made one by one; the others have copies of the last one's."""
SAID = "已按要求公开，链接附后。"


def bodies_for(size: int) -> int:
    """How many bodies owe about so many duties; three at least, for the city, a county and its department."""
    return max(round(size / (DUTIES * len(YEARS))), 3)


def deadline(kind: str, index: int, year: int) -> list[dict[str, Any]]:
    """The deadlines of a task, as the reader gives them."""
    if kind == "dated":
        month = index * 7 % 12 + 1
        day = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        return [{"kind": "by_date", "raw": f"{month}月底前", "date": day.isoformat()}]
    if kind in RECURRING:
        return [{"kind": "recurring", "raw": "每月" if kind == "month" else "每季度", "every": kind, "count": 1}]
    if kind == "relative":
        return [{"kind": "within_days", "raw": "批复后20日内", "days": 20, "working": False, "anchor": "批复后"}]
    return []


def clause(kind: str, index: int) -> str:
    """The words of a task; no two of a plan are the same."""
    thing = f"{THINGS[index % len(THINGS)]}（第{index // len(THINGS) + 1}批）"
    lead = "及时公开" if kind == "tempo" else "做好"
    return f"{lead}{thing}信息，在门户网站专栏集中展示，文件与解读材料同步公布，方便群众和企业了解。"


class County:
    """What is written for a size; a larger one goes on where the smaller one ended."""

    person = 0
    """Whom the reports and settlements are from."""

    def __init__(self) -> None:
        self.bodies: list[int] = []
        self.sections: list[list[int]] = []
        self.copied = 0

    def grow(self, size: int, advance: Callable[[int], None]) -> None:
        """Write bodies and their plans until about `size` duties are owed."""
        from django.db import transaction

        from gongkai.base.actions import SYSTEM, record_event

        while len(self.bodies) < bodies_for(size):
            with transaction.atomic():
                self._found(len(self.bodies))
                if len(self.bodies) <= WRITTEN:
                    for year in YEARS:
                        self._plan(len(self.bodies) - 1, year)
                else:
                    self._copy()
                # The tree is kept in memory until an event tells that it changed.
                record_event("found", "organisation", self.bodies[-1], actor=SYSTEM, on=dt.date(2019, 1, 1))
            advance(1)

    def _copy(self) -> None:
        """The plans of the last body that was written, once more for the body just founded, by the database itself.

        Ten times as fast as rows made here. Keys are those of the original and a multiple of how many there are:
        nothing else writes to these tables in between.
        """
        from django.core.management.color import no_style
        from django.db import connection
        from django.db.models import Max, Min

        from gongkai.ledger.models import Report, Settlement
        from gongkai.plans.models import Named, Plan, Responsibility, Task

        self.copied += 1
        original, orgs = self.bodies[WRITTEN - 1], self.bodies[-1] - self.bodies[WRITTEN - 1]
        within: dict[Any, tuple[int, int]] = {}
        for model, owned in (
            (Plan, {"body": original}),
            (Task, {"plan__body": original}),
            (Responsibility, {"task__plan__body": original}),
        ):
            found = model.objects.filter(**owned).aggregate(low=Min("id"), high=Max("id"))
            within[model] = (found["low"], found["high"])
        by = {model: (high - low + 1) * self.copied for model, (low, high) in within.items()}
        moves: tuple[tuple[Any, Any, str, dict[str, int]], ...] = (
            (Plan, Plan, "id", {"id": by[Plan], "body_id": orgs}),
            (Task, Task, "id", {"id": by[Task], "plan_id": by[Plan]}),
            (Responsibility, Responsibility, "id", {"id": by[Responsibility], "task_id": by[Task]}),
            (
                Named,
                Responsibility,
                "responsibility_id",
                {"responsibility_id": by[Responsibility], "organisation_id": orgs},
            ),
            (Settlement, Task, "source_id", {"source_id": by[Task]}),
            (Report, Task, "source_id", {"source_id": by[Task]}),
        )
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for model, of, narrow, shift in moves:
                columns = [f.column for f in model._meta.concrete_fields if f.column != "id" or "id" in shift]
                values = [f"{quote(c)} + {shift[c]}" if c in shift else quote(c) for c in columns]
                where = f"{quote(narrow)} BETWEEN {within[of][0]} AND {within[of][1]}"
                if narrow == "source_id":
                    # Not what was settled in the course of the bench.
                    where += f" AND {quote('text')} = '{SAID}'"
                cursor.execute(
                    f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) "
                    f"SELECT {', '.join(values)} FROM {quote(model._meta.db_table)} WHERE {where}"
                )
            for statement in connection.ops.sequence_reset_sql(no_style(), [Plan, Task, Responsibility]):
                cursor.execute(statement)

    def _found(self, number: int) -> None:
        """Body 0 is the city, 1 the first county, 2 its first department: the body whose pages are asked for."""
        from gongkai.orgs.models import Kind, Name, Organisation, Place

        since = dt.date(2019, 1, 1)
        county = (number - 1) // PER_COUNTY
        if number == 0:
            kind, parent, name = Kind.CITY, None, "云泽市"
        elif (number - 1) % PER_COUNTY == 0:
            kind, parent, name = Kind.COUNTY, self.bodies[0], f"第{county + 1}县"
        else:
            above = self.bodies[county * PER_COUNTY + 1]
            kind, parent, name = Kind.DEPARTMENT, above, f"第{county + 1}县第{(number - 1) % PER_COUNTY}局"
        made = Organisation.objects.bulk_create(
            [
                Organisation(kind=k, position=number * 10 + at)
                for at, k in enumerate([kind, *[Kind.SECTION] * len(SECTIONS)])
            ]
        )
        body, *own = (o.pk for o in made)
        Name.objects.bulk_create(
            Name(organisation_id=pk, text=text, since=since)
            for pk, text in zip([body, *own], [name, *(f"{name}{s}" for s in SECTIONS)], strict=True)
        )
        Place.objects.bulk_create(
            [Place(organisation_id=body, parent_id=parent, since=since)]
            + [Place(organisation_id=pk, parent_id=body, since=since) for pk in own]
        )
        self.bodies.append(body)
        self.sections.append(own)

    def _plan(self, body: int, year: int) -> None:
        from gongkai.plans.models import Named, Part, Plan, Responsibility, Task

        issued = dt.date(year, 1, 20)
        plan = Plan.objects.create(
            body_id=self.bodies[body],
            title=f"{year}年政务公开工作要点任务分工方案",
            issuer="政务公开领导小组办公室",
            year=year,
            issued_on=issued,
            imported_on=issued,
        )
        kinds = [MIX[i % len(MIX)][0] for i in range(TASKS)]
        tasks = Task.objects.bulk_create(
            Task(
                plan=plan,
                position=i + 1,
                no=str(i + 1),
                path=[f"{'一二三四五六七八九十'[i // 20]}、推进第{i // 20 + 1}方面工作"],
                text=clause(kind, i),
                deadlines=deadline(kind, i, year),
                source={"row": i + 2},
            )
            for i, kind in enumerate(kinds)
        )
        own = self.sections[body]
        duties: list[Responsibility] = []
        means: list[list[int]] = []
        for i, task in enumerate(tasks):
            many = i % 10 == 9
            for at, part in enumerate((Part.LEAD, Part.SUPPORT, Part.SUPPORT)):
                group = many and at == 2
                section = (i + i // 6 + at * 2) % len(own)
                duties.append(
                    Responsibility(
                        task=task,
                        position=at,
                        part=part,
                        printed="各科室" if group else SECTIONS[section],
                        group=group,
                        how="name",
                    )
                )
                means.append(own if group else [own[section]])
        Responsibility.objects.bulk_create(duties)
        Named.objects.bulk_create(
            Named(responsibility=r, organisation_id=o) for r, named in zip(duties, means, strict=True) for o in named
        )
        self._facts(tasks, kinds, year)

    def _facts(self, tasks: Sequence[Any], kinds: Sequence[str], year: int) -> None:
        """Most of what was due has been met, and one task in eight has a report; else all years would be overdue."""
        from gongkai.ledger.models import Report, Settlement
        from gongkai.plans.schedule import occurrences

        today, stamp = dt.date.fromisoformat(DAY), dt.datetime.combine(dt.date(year, 6, 1), dt.time(), dt.UTC)
        settled, reports = [], []
        for i, (task, kind) in enumerate(zip(tasks, kinds, strict=True)):
            about = {"source": "plan", "source_id": task.pk, "at": stamp, "person_id": self.person}
            if kind in ("dated", "month", "quarter"):
                owed = occurrences(task.deadlines, text=task.text, year=year, issued_on=dt.date(year, 1, 20))
                past = [o for o in owed if o.due and o.due < today]
                # Of this year's, the last one of every fifth task is not met yet.
                keep = len(past) - 1 if year == YEARS[-1] and i % 5 == 0 else len(past)
                settled += [
                    Settlement(clock=o.clock, on=o.due, text=SAID, **about) for o in past[: max(keep, 0)] if o.due
                ]
            if i % 8 == 3:
                reports.append(Report(on=stamp.date(), text=SAID, finished=i % 40 == 3, **about))
        Settlement.objects.bulk_create(settled)
        Report.objects.bulk_create(reports)


# -- timing ------------------------------------------------------------------------------------------------------------


def quantiles(runs: Sequence[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds (p95 by nearest rank), and of how many."""
    ordered = sorted(runs)
    at = max(math.ceil(0.95 * len(ordered)) - 1, 0)
    return {"p50": statistics.median(ordered) * 1000, "p95": ordered[at] * 1000, "n": len(ordered)}


def exponent(small: tuple[float, float], large: tuple[float, float]) -> float | None:
    """How a figure grows with size: 1 is proportional. Both are (size, figure)."""
    if min(*small, *large) <= 0 or small[0] == large[0]:
        return None
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


@contextmanager
def statements() -> Iterator[list[tuple[float, str]]]:
    """Every statement that the database is asked inside, with its seconds."""
    from django.db import connection

    seen: list[tuple[float, str]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seen.append((time.perf_counter() - begun, sql))

    with connection.execute_wrapper(watch):
        yield seen


def ask(client: Client, address: str) -> tuple[float, float]:
    """Seconds of one whole page, by the clock and of this process's own work."""
    begun, worked = time.perf_counter(), time.process_time()
    response = client.get(address)
    taken = time.perf_counter() - begun, time.process_time() - worked
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return taken


def pages(client: Client, addresses: Mapping[str, str], rounds: int, advance: Callable[[int], None]) -> dict[str, Any]:
    """The addresses by turns, and what the slowest statement of each is."""
    runs: dict[str, list[float]] = {name: [] for name in addresses}
    work: dict[str, list[float]] = {name: [] for name in addresses}
    slowest: dict[str, Any] = {}
    for name, address in addresses.items():  # fills the caches; not counted
        with statements() as seen:
            taken, _ = ask(client, address)
        top = max(seen)
        slowest[name] = {
            "statements": len(seen),
            "database_ms": sum(s for s, _ in seen) * 1000,
            "page_ms": taken * 1000,
            "slowest_ms": top[0] * 1000,
            "slowest": re.sub(r"IN \((%s, ){8,}%s\)", "IN (…)", top[1])[:3000],
        }
    begun = time.perf_counter()
    for turn in range(rounds):
        if turn >= 2 and time.perf_counter() - begun > PATIENCE:
            break
        for name, address in addresses.items():
            taken, worked = ask(client, address)
            runs[name].append(taken)
            work[name].append(worked)
            advance(1)

    def figures(names: Sequence[str]) -> dict[str, float]:
        own = quantiles([r for name in names for r in runs[name]])
        return {**own, "cpu": statistics.median([w for name in names for w in work[name]]) * 1000}

    return {
        "all": figures(list(addresses)),
        "each": {name: {**figures([name]), **slowest[name]} for name in addresses},
    }


def filters(county: County) -> dict[str, str]:
    """The addresses of the ledger that are asked for: the department's section, and what any clerk narrows by."""
    section = county.sections[2][3]
    start = f"/desk/ledger/?year={YEARS[-1]}"
    return {
        "no filter": start,
        "unit": f"{start}&org={section}",
        "unit with groups": f"{start}&org={section}&groups=1",
        "status": f"{start}&status=overdue",
        "text": f"{start}&q=义务教育",
        "due range": f"{start}&from=2026-10-01&to=2026-10-31",
        "page 2": f"{start}&page=2",
    }


def desk(county: County, people: Mapping[str, Person], rounds: int, say: Say) -> dict[str, Any]:
    """The ledger, 今日 and 我的事项, signed in as each of the people."""
    from django.test import Client

    out: dict[str, Any] = {}
    own = filters(county)
    for who, person in people.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        advance = say(f"pages, {who}", rounds * (len(own) + 4))
        out[who] = {
            "ledger": pages(client, own, rounds, advance),
            "today": pages(client, {"/desk/": "/desk/"}, rounds * 2, advance),
            "mine": pages(client, {"/desk/mine/": "/desk/mine/"}, rounds * 2, advance),
        }
    return out


def refreshes(person: Person, body: int, count: int, say: Say) -> dict[str, Any]:
    """Settle a duty, then let the follower take it in, so many times; both timed."""
    from gongkai.base.clock import today
    from gongkai.base.followers import catch_up
    from gongkai.ledger import actions
    from gongkai.ledger.follow import LedgerFollower
    from gongkai.ledger.models import Duty
    from gongkai.orgs.reads import viewer_of

    day, follower = today(), LedgerFollower()
    catch_up([follower])
    open_duties = Duty.objects.filter(matter__body=body, matter__year=YEARS[-1], settled_on=None)
    advance = say("refresh", count)
    acts, taken = [], []
    for duty in list(open_duties.order_by("id").select_related("matter")[: count + 1]):
        actor = viewer_of(person, day)
        begun = time.perf_counter()
        actions.settle(duty.matter, [duty.clock], actor=actor, on=day)
        between = time.perf_counter()
        catch_up([follower])
        acts.append(between - begun)
        taken.append(time.perf_counter() - between)
        advance(1)
    return {"act": quantiles(acts[1:]), "catch_up": quantiles(taken[1:])}  # the first one fills the caches


# -- writers at the log ------------------------------------------------------------------------------------------------

PLAIN = "bench_plain"
"""A table as wide as the log, without chain, head and second index: what the database itself can commit."""


def plain_table() -> None:
    """Make the bare table."""
    from django.db import connection

    key = "bigint GENERATED BY DEFAULT AS IDENTITY" if connection.vendor == "postgresql" else "integer"
    columns = ("at", "day", "verb", "name", "post", "subject", "subject_id", "reason", "payload", "previous", "hash")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {PLAIN} (seq {key} PRIMARY KEY, person bigint, {', '.join(f'{c} text' for c in columns)})"
        )


def writer(kind: str, count: int) -> None:
    """A process that writes: says when it is ready, starts when told, says how long each transaction took."""
    from gongkai.site.boot import boot

    boot()
    from django.db import OperationalError, connection, transaction

    from gongkai.base.actions import SYSTEM, record_event
    from gongkai.base.rules import GENESIS, canonical

    connection.ensure_connection()
    payload = {"source": "plan", "source_id": 123456, "clocks": ["r1:2026-09"], "met_on": "2026-09-15"}
    day, reason, about = dt.date.fromisoformat(DAY), SAID, "plan-123456"
    row = ("2026-09-15T08:00:00.000000Z", DAY, "settle", "系统", "", "bench", about, reason, canonical(payload))
    marks = ", ".join(["%s"] * (len(row) + 2))
    statement = (
        f"INSERT INTO {PLAIN} (at, day, verb, name, post, subject, subject_id, reason, payload, previous, hash) "
        f"VALUES ({marks})"
    )

    def event() -> None:
        record_event("settle", "bench", about, actor=SYSTEM, on=day, reason=reason, payload=payload)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, (*row, GENESIS, GENESIS))

    write = event if kind == "event" else bare
    print("ready", flush=True)
    if not sys.stdin.readline():
        return
    runs, failed = [], 0
    for _ in range(count):
        begun = time.perf_counter()
        try:
            with transaction.atomic():
                write()
        except OperationalError:  # SQLite gave up waiting for its turn
            failed += 1
        else:
            runs.append(time.perf_counter() - begun)
    print(json.dumps({"runs": runs, "failed": failed}), flush=True)


def together(kind: str, writers: int, total: int) -> dict[str, Any]:
    """So many processes write at once; transactions per second by the wall, start-up not counted."""
    command = [sys.executable, __file__, "--writer", kind, "--count", str(total // writers)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(writers)
    ]
    try:
        for process in started:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError("a writer did not start")
        begun = time.perf_counter()
        for process in started:
            if process.stdin is not None:
                process.stdin.write("go\n")
                process.stdin.flush()
        told = [json.loads(process.stdout.readline()) for process in started if process.stdout]
        taken = time.perf_counter() - begun
        for process in started:
            process.wait()
    finally:
        for process in started:
            process.kill()
            process.wait()
    runs = [r for t in told for r in t["runs"]]
    return {"per_second": len(runs) / taken, "failed": sum(t["failed"] for t in told), **quantiles(runs)}


def log(total: int, say: Say) -> dict[str, Any]:
    """Writers at the log beside the same number of bare inserts, then the check of the whole chain."""
    from gongkai.base.models import Event
    from gongkai.base.reads import check_chain

    plain_table()
    advance = say("writers at the log", 2 * len(WRITERS))
    out: dict[str, Any] = {"writers": {}}
    for writers in WRITERS:
        row: dict[str, Any] = {}
        for kind in ("event", "plain"):
            row[kind] = together(kind, writers, total)
            advance(1)
        out["writers"][writers] = row
    runs = []
    for _ in range(3):
        begun = time.perf_counter()
        if (found := check_chain()) is not None:
            raise RuntimeError(f"the chain is broken at {found.seq}: {found.say}")
        runs.append(time.perf_counter() - begun)
    count = Event.objects.count()
    out["verify"] = {"events": count, "per_second": count / statistics.median(runs)}
    return out


# -- one database ------------------------------------------------------------------------------------------------------


def settle_down() -> None:
    """What autovacuum does by itself within minutes of a load is done before pages are timed."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def people(county: County) -> dict[str, Person]:
    """Who is signed in: 主管部门 of one department, and of the city with all bodies below it."""
    from gongkai.orgs.models import Person, Post, Role

    out = {}
    for who, body in (("one body", county.bodies[2]), ("city", county.bodies[0])):
        person, new = Person.objects.get_or_create(username=f"bench{body}", defaults={"name": "陈某", "password": "!"})
        if new:
            Post.objects.create(person=person, organisation_id=body, role=Role.AUTHORITY, since=dt.date(2020, 1, 1))
        out[who] = person
    return out


def measure(sizes: Sequence[int], quick: bool, out: Path, say: Say) -> None:
    """Grow, rebuild, ask, act and write at every size; what is known is in `out` after every step."""
    from gongkai.site.boot import boot, migrate

    boot()  # before anything that has models
    migrate()
    from gongkai.base.followers import catch_up
    from gongkai.ledger.follow import LedgerFollower, rebuild
    from gongkai.ledger.models import Bearer, Duty, Matter
    from gongkai.orgs.models import Person

    figures: dict[str, Any] = {"sizes": [], "left_out": []}

    def keep() -> None:
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")

    county = County(records=False)
    county.person = Person.objects.create(username="bench", name="经办", password="!").pk
    last: tuple[int, float] | None = None
    for size in sizes:
        if last is not None and last[1] * size / last[0] > LONGEST:
            figures["left_out"].append(size)
            keep()
            continue
        row: dict[str, Any] = {"size": size, "load": [os.getloadavg()[0]]}
        figures["sizes"].append(row)
        start = time.perf_counter()
        county.grow(size, say(f"{size:,}: bodies with plans", bodies_for(size) - len(county.bodies)))
        row["build_seconds"] = time.perf_counter() - start
        settle_down()
        advance = say(f"{size:,}: rebuild", len(county.bodies) * len(YEARS) * TASKS)
        begun, worked = time.perf_counter(), time.process_time()
        rebuild(advance)
        row["rebuild_seconds"] = time.perf_counter() - begun
        row["rebuild_cpu"] = time.process_time() - worked
        row |= {
            "duties": Duty.objects.count(),
            "matters": Matter.objects.count(),
            "bearers": Bearer.objects.count(),
            "bodies": len(county.bodies),
        }
        keep()
        settle_down()
        catch_up([LedgerFollower()])
        row["load"].append(os.getloadavg()[0])
        known = people(county)
        rounds = QUICK_ROUNDS if quick else ROUNDS
        row["pages"] = desk(county, known, rounds, say)
        keep()
        row["refresh"] = refreshes(known["one body"], county.bodies[2], QUICK_REFRESHES if quick else REFRESHES, say)
        row["load"].append(os.getloadavg()[0])
        row["seconds"] = time.perf_counter() - start
        last = (size, row["build_seconds"] + row["rebuild_seconds"])
        keep()
        if size == sizes[0]:  # how long the ledger is does not matter to the log
            figures["log"] = log(QUICK_TRANSACTIONS if quick else TRANSACTIONS, say)
            figures["log"]["load"] = os.getloadavg()[0]
            keep()


def worker(sizes: Sequence[int], quick: bool, out: Path) -> None:
    """The process of one database. Ends with the one that started it, however that ended."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leaves through `finally`, so that writers end too

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    name = "postgresql" if os.environ.get("GONGKAI_DATABASE_URL") else "sqlite"
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def say(what: str, total: int) -> Callable[[int], None]:
            task = progress.add_task(f"{name}, {what}", total=total)
            return lambda n: progress.update(task, advance=n)

        measure(sizes, quick, out, say)


def run(database: str, args: argparse.Namespace) -> dict[str, Any]:
    """Measure one database in a folder of its own, and leave nothing behind."""
    from tests.postgres import VARIABLE, cluster

    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-bench-")))
        data = args.folder / database if args.folder else folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
        environment |= {
            "GONGKAI_DATA_DIR": str(data),
            "GONGKAI_TODAY": DAY,
            "DJANGO_SETTINGS_MODULE": "gongkai.site.settings",
        }
        if database == "postgresql":
            environment[VARIABLE] = args.url or held.enter_context(cluster(durable=True))
        figures = folder / "figures.json"
        command = [sys.executable, __file__, "--worker", str(figures), "--sizes", args.sizes]
        # A session of its own: Ctrl-C is for this process, which then ends the other and waits until it has.
        process = subprocess.Popen(
            command + ["--quick"] * args.quick, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            status = process.wait()
        finally:
            process.terminate()
            process.wait()
        if status:
            raise SystemExit(f"{database}: the measuring process returned {status}")
        made: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
        return made


# -- report ------------------------------------------------------------------------------------------------------------


def size_of(text: str) -> int:
    """10k, 1m or a plain number."""
    found = re.fullmatch(r"(\d+)([km]?)", text.strip().lower())
    if not found:
        raise SystemExit(f"not a size: {text}")
    return int(found.group(1)) * {"": 1, "k": 1000, "m": 1_000_000}[found.group(2)]


def short(size: int) -> str:
    """1000000 → 1 M."""
    return f"{size / 1e6:g} M" if size >= 1_000_000 else f"{size / 1000:g} k"


def table(title: str, first: str, *heads: str) -> Shown:
    """A table that can be pasted into Markdown."""
    made = Shown(title=title, box=box.MARKDOWN)
    made.add_column(first)
    for head in heads:
        made.add_column(head, justify="right")
    return made


def growth(figures: Sequence[tuple[float, float]]) -> str:
    """Exponents from each (size, figure) to the next: 1 is proportional to size, 0 does not grow."""
    found = [exponent(a, b) for a, b in itertools.pairwise(figures)]
    return ", ".join(number(f, ".2f") for f in found) or "—"


def show(figures: Mapping[str, Any], console: Console) -> None:
    """Four tables for each database."""
    for database, made in figures["databases"].items():
        rows = [r for r in made["sizes"] if "refresh" in r]
        shown = table(f"{database}: rebuild", "duties", "matters", "bodies", "s", "duties/s", "growth", "load")
        for i, r in enumerate(rows):
            shown.add_row(
                f"{r['duties']:,}",
                f"{r['matters']:,}",
                str(r["bodies"]),
                number(r["rebuild_seconds"]),
                f"{r['duties'] / r['rebuild_seconds']:,.0f}",
                growth([(x["duties"], x["rebuild_seconds"]) for x in rows[max(i - 1, 0) : i + 1]]),
                number(r["load"][1]),
            )
        console.print(shown)
        heads = [f"{short(r['size'])} p50/p95" for r in rows]
        shown = table(f"{database}: pages and refresh, ms", "page", *heads, "growth of p50", "statements")

        def line(name: str, *path: str, shown: Shown = shown, rows: Sequence[Mapping[str, Any]] = rows) -> None:
            found = [functools.reduce(operator.getitem, path, r) for r in rows]
            p50 = [(r["duties"], f["p50"]) for r, f in zip(rows, found, strict=True)]
            cells = [f"{f['p50']:.0f} / {f['p95']:.0f}" for f in found]
            shown.add_row(name, *cells, growth(p50), str(found[-1].get("statements", "")))

        for who in rows[0]["pages"] if rows else ():
            line(f"{who}: ledger, all filters", "pages", who, "ledger", "all")
            for name in rows[0]["pages"][who]["ledger"]["each"]:
                line(f"{who}: ledger, {name}", "pages", who, "ledger", "each", name)
            line(f"{who}: 今日", "pages", who, "today", "each", "/desk/")
            line(f"{who}: 我的事项", "pages", who, "mine", "each", "/desk/mine/")
        if rows:
            line("a duty settled: the act", "refresh", "act")
            line("a duty settled: the ledger follows", "refresh", "catch_up")
        console.print(shown)
        if "log" in made:
            shown = table(
                f"{database}: transactions of one event, durable", "writers", "events/s", "p95 ms", "bare inserts/s",
                "p95 ms", "share", "gave up",
            )  # fmt: skip
            for writers, r in made["log"]["writers"].items():
                event, plain = r["event"], r["plain"]
                shown.add_row(
                    str(writers),
                    f"{event['per_second']:.0f}",
                    number(event["p95"]),
                    f"{plain['per_second']:.0f}",
                    number(plain["p95"]),
                    number(event["per_second"] / plain["per_second"], ".2f"),
                    f"{event['failed']} / {plain['failed']}",
                )
            console.print(shown)
            checked = made["log"]["verify"]
            console.print(
                f"verify: {checked['per_second']:,.0f} events/s over {checked['events']:,}; load {made['log']['load']:.1f}"
            )
        for size in made["left_out"]:
            console.print(f"{short(size)} left out: it would have taken longer than {LONGEST / 60:.0f} minutes")
        console.print()
    console.print(figures["machine"])


def main() -> None:
    """Measure, show, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10k,100k,1m", metavar="LIST", help="duties, rising (default %(default)s)")
    parser.add_argument("--databases", default="sqlite,postgresql", metavar="LIST", help="default %(default)s")
    parser.add_argument("--quick", action="store_true", help="two small sizes unless --sizes says others, short runs")
    parser.add_argument(
        "--json", type=Path, metavar="OUT", help="write the figures here too, with the slowest statements"
    )
    parser.add_argument("--folder", type=Path, help="keep the SQLite database here, to look into a figure afterwards")
    parser.add_argument("--url", help="an empty PostgreSQL database to use and keep, instead of a throw-away one")
    for hidden in ("--writer", "--worker", "--count"):  # this file again, as a process of its own
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.quick and args.sizes == parser.get_default("sizes"):
        args.sizes = "10k,30k"
    sizes = sorted(size_of(s) for s in args.sizes.split(","))
    if args.writer:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        writer(args.writer, int(args.count))
        return
    if args.worker:
        worker(sizes, args.quick, Path(args.worker))
        return
    databases = args.databases.split(",")
    if unknown := set(databases) - {"sqlite", "postgresql"}:
        parser.error(f"no such database: {', '.join(unknown)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: dict[str, Any] = {"machine": machine(), "day": DAY, "databases": {}}
    with contextlib.suppress(KeyboardInterrupt):
        for database in databases:
            figures["databases"][database] = run(database, args)
            if args.json:
                args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        show(figures, Console(width=None if sys.stdout.isatty() else 150))
        return
    raise SystemExit(130)


if __name__ == "__main__":
    main()
