"""How requests for information bear size: the desk's list, its filters, the page of a case, the year's report.

    python bench/cases.py [--sizes 10k,100k,1m] [--databases sqlite,postgresql] [--quick] [--json OUT] [--plans]

Cases are made here, with invented names, and written as rows: 2,500 to a body over seven years, four steps each, most of
them archived, forty running, some awaited, a few late. What is measured is whole pages through Django's test client. Each
database is measured in a process of its own with a temporary folder or a throw-away PostgreSQL; the larger sizes grow from
the smaller ones.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from ledger import growth, pages, quantiles, settle_down, short, size_of, table  # noqa: E402
from reading import machine, number  # noqa: E402

DAY = dt.date(2026, 9, 15)
BODY = 2500
"""Cases of a body: a busy one over seven years."""
PER_COUNTY = 31
RECENT = 60
"""The newest cases of a body, of which most still run."""
ROUNDS, QUICK_ROUNDS = 9, 3
TITLES = (
    "河道采砂许可",
    "征地补偿安置方案",
    "行政处罚决定书",
    "预算执行情况",
    "招标投标档案",
    "信访事项处理意见",
    "建设工程规划许可",
)
OUTCOMES = (
    ("disclosed", "", "1"), ("already_public", "", "1"), ("not_exist", "", "4.1"), ("partial", "third_party", "2"),
    ("refused", "process", "3.6"), ("disclosed", "", "1"), ("not_responsible", "", "4.1"), ("other", "", "6.3"),
)  # fmt: skip

Say = Callable[[str, int], Callable[[int], None]]


class City:
    """What is written for a size; a larger one goes on where the smaller one ended."""

    def __init__(self) -> None:
        self.bodies: list[int] = []
        self.person = 0
        self.low: dict[Any, int] = {}
        self.many: dict[Any, int] = {}

    def grow(self, size: int, advance: Callable[[int], None]) -> None:
        """Write bodies with their cases until there are so many."""
        from django.core.management.color import no_style
        from django.db import connection, transaction

        from gongkai.base.actions import SYSTEM, record_event
        from gongkai.cases.models import Case, Step

        while len(self.bodies) * BODY < size:
            with transaction.atomic():
                self._found(len(self.bodies))
                if len(self.bodies) == 1:
                    self._first()
                else:
                    self._copy(len(self.bodies) - 1)
                record_event("found", "organisation", self.bodies[-1], actor=SYSTEM, on=dt.date(2019, 1, 1))
            advance(1)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Case, Step]):
                cursor.execute(statement)

    def _found(self, at: int) -> None:
        """Body 0 is the first department, 1 the city, 2 its first county; then departments and counties by turns."""
        from gongkai.orgs.models import Kind, Name, Organisation, Place

        since = dt.date(2019, 1, 1)
        if at == 1:
            kind, parent, name = Kind.CITY, None, "云泽市"
        elif at > 1 and (at - 2) % PER_COUNTY == 0:
            kind, parent, name = Kind.COUNTY, self.bodies[1], f"第{(at - 2) // PER_COUNTY + 1}县"
        else:
            kind, name = Kind.DEPARTMENT, f"第{at}局"
            parent = self.bodies[2 + (at - 2) // PER_COUNTY * PER_COUNTY] if at else None
        made = [Organisation.objects.create(kind=kind, position=at)]
        made += [
            Organisation.objects.create(kind=Kind.SECTION, openness_office=not n, position=n)
            for n in range(2)
        ]  # fmt: skip
        for one, text, above in zip(
            made, (name, f"{name}办公室", f"{name}业务科"), (parent, made[0].pk, made[0].pk), strict=True
        ):
            Name.objects.create(organisation=one, text=text, since=since)
            Place.objects.create(organisation=one, parent_id=above, since=since)
        self.bodies.append(made[0].pk)
        if at == 2:  # the first department was there before its county
            Place.objects.filter(organisation=self.bodies[0]).update(parent=made[0].pk)
            Place.objects.filter(organisation=made[0].pk).update(parent=self.bodies[1])

    def _first(self) -> None:
        """The cases of the first body, row by row."""
        from gongkai.base.sealing import _Token, seal
        from gongkai.cases.life import APPLICANTS, CHANNELS
        from gongkai.cases.models import Case, Step
        from gongkai.law.calendar import national

        rng, cal = random.Random(1), national()
        body = self.bodies[0]
        who = json.dumps({"name": "林小满", "id_kind": "护照", "id_number": "E12345678", "phone": "13900001234"})
        sealed = [_Token(seal(who)) for _ in range(50)]
        days = sorted(rng.randrange((DAY - dt.timedelta(2) - dt.date(2020, 1, 1)).days) for _ in range(BODY - RECENT))
        first = [dt.date(2020, 1, 1) + dt.timedelta(d) for d in days]
        first += [DAY - dt.timedelta(RECENT // 2 - n // 2) for n in range(RECENT)]
        first.sort()
        cases, facts, serials = [], [], dict.fromkeys(range(2020, 2027), 0)
        kinds, channels = tuple(APPLICANTS), tuple(CHANNELS)
        for n, on in enumerate(first):
            serials[on.year] += 1
            due = dt.date.fromordinal(cal.nth(on.toordinal(), 20))
            running = n >= BODY - RECENT and n % 3 != 0
            state = ("open", "open", "decided", "correction", "fee")[n % 5] if running else "archived"
            ended = None if running and state != "decided" else min(on + dt.timedelta(14 + n % 21), DAY)
            outcome, ground, row = OUTCOMES[n % len(OUTCOMES)] if ended else ("", "", "")
            cases.append(
                Case(
                    body_id=body, year=on.year, serial=serials[on.year], code=_Token(seal(f"CODE{n:08d}")),
                    code_mark=f"{n:028x}{0:012d}", applicant_kind=kinds[n % 6], applicant=sealed[n % 50],
                    applicant_mark=f"{n // 3:028x}{0:012d}", title=f"{2019 + n % 8}年{TITLES[n % 7]}", asked=f"第{n}号信息",
                    form="纸质", way="自行领取", channel=channels[n % 5], taken_by_id=self.person,
                    handler_id=body + 2 if n % 4 == 0 else None, state=state, submitted_on=on, received_on=on, due_on=due,
                    ended_on=ended, delivered_on=None if running else ended, outcome=outcome, ground=ground, row=row,
                    consulting=int(running and n % 9 == 0),
                )
            )  # fmt: skip
            verbs = [("receive", on, {"channel": "in_person"})]
            if state == "correction":
                verbs.append(("ask_correction", on, {"reply_by": "2026-12-31"}))
            elif state == "fee":
                verbs.append(("fee_notice", on, {"basis": "pages", "amount": 700}))
            if ended:
                told = {"outcome": outcome, "ground": ground, "separable": outcome == "partial"}
                verbs += [("ask_co_producer", on, {}), ("decide", ended, told)]
            if state == "archived":
                verbs += [("deliver", ended or on, {"channel": "mail_signed"})]
                verbs += [("archive", ended or on, {})] if n % 2 else []
            facts.append(verbs)
        made = Case.objects.bulk_create(cases, batch_size=500)
        told_ = _Token(seal("{}"))
        stamp = dt.datetime.combine(DAY, dt.time(), dt.UTC)
        Step.objects.bulk_create(
            (
                Step(
                    case=case, number=at, verb=verb, on=on, at=stamp, data=data, told=told_, person_id=self.person,
                    name="陈某", post="经办",
                )
                for case, verbs in zip(made, facts, strict=True)
                for at, (verb, on, data) in enumerate(verbs, 1)
            ),
            batch_size=2000,
        )  # fmt: skip
        for model in (Case, Step):
            rows = model.objects.order_by("pk").values_list("pk", flat=True)
            self.low[model], self.many[model] = rows[0], len(rows)

    def _copy(self, at: int) -> None:
        """The cases of the first body once more for another, by the database itself."""
        from django.db import connection

        from gongkai.cases.models import Case, Step

        orgs = self.bodies[at] - self.bodies[0]
        quote = connection.ops.quote_name
        own = f"substr({{}}, 1, 28) || '{at:012d}'"
        with connection.cursor() as cursor:
            for model, shifts in (
                (Case, {"id": self.many[Case] * at, "body_id": orgs, "handler_id": orgs}),
                (Step, {"id": self.many[Step] * at, "case_id": self.many[Case] * at}),
            ):
                columns = [f.column for f in model._meta.concrete_fields]
                values = [
                    f"{quote(c)} + {shifts[c]}" if c in shifts
                    else own.format(quote(c)) if c in ("code_mark", "applicant_mark")
                    else quote(c)
                    for c in columns
                ]  # fmt: skip
                name = quote(model._meta.db_table)
                last = self.low[model] + self.many[model] - 1
                cursor.execute(
                    f"INSERT INTO {name} ({', '.join(map(quote, columns))}) SELECT {', '.join(values)} FROM {name} "
                    f"WHERE id BETWEEN {self.low[model]} AND {last}"
                )


def filters(city: City) -> dict[str, str]:
    """The addresses of the list that are asked for."""
    start = "/desk/cases/"
    return {
        "no filter": start,
        "running": f"{start}?state=running",
        "late": f"{start}?late=1",
        "due soon": f"{start}?soon=1",
        "mine": f"{start}?mine=1",
        "year": f"{start}?year=2024",
        "outcome": f"{start}?outcome=refused",
        "one body": f"{start}?body={city.bodies[0]}",
        "number": f"{start}?q=〔2024〕12号",
        "word": f"{start}?q=采砂",
        "page 3": f"{start}?page=3",
    }


def people(city: City) -> dict[str, Any]:
    """Who is signed in: a clerk of one body's office, and the city's 主管部门, which sees all."""
    from gongkai.orgs.models import Person, Post, Role

    out = {}
    for who, at, role in (("one body", city.bodies[0] + 1, Role.CLERK), ("city", city.bodies[1], Role.AUTHORITY)):
        person, new = Person.objects.get_or_create(username=f"bench{at}", defaults={"name": "陈某", "password": "!"})
        if new:
            Post.objects.create(person=person, organisation_id=at, role=role, since=dt.date(2020, 1, 1))
        out[who] = person
    return out


def plans_of(who: Any) -> list[str]:
    """How the database goes about the list and its numbers: for an eye on scans."""
    from gongkai.cases import reads
    from gongkai.cases.models import Case
    from gongkai.orgs.reads import viewer_of

    seen = reads.visible(viewer_of(who, DAY))
    newest = reads.by_urgency(seen)[:50]
    return [
        str(q.explain())
        for q in (newest, seen.filter(state__in=("open", "decided"), due_on__lt=DAY), Case.objects.all()[:1])
    ]


def measure(sizes: Sequence[int], quick: bool, out: Path, say: Say, plans: bool) -> None:
    """Grow and ask at every size; what is known is in `out` after every step."""
    from gongkai.site.boot import boot, migrate

    boot()
    migrate()
    from django.test import Client

    from gongkai.cases import reads
    from gongkai.cases.models import Case, Step
    from gongkai.orgs.models import Person

    figures: dict[str, Any] = {"sizes": []}
    city = City()
    city.person = Person.objects.create(username="bench", name="经办", password="!").pk
    for size in sizes:
        row: dict[str, Any] = {"size": size, "load": [os.getloadavg()[0]]}
        figures["sizes"].append(row)
        begun = time.perf_counter()
        city.grow(size, say(f"{size:,}: bodies", -(-size // BODY) - len(city.bodies)))
        settle_down()
        row |= {"build_seconds": time.perf_counter() - begun, "bodies": len(city.bodies)}
        row |= {"cases": Case.objects.count(), "steps": Step.objects.count(), "pages": {}}
        rounds = QUICK_ROUNDS if quick else ROUNDS
        mine = Case.objects.filter(body=city.bodies[0]).order_by("-id").values_list("pk", flat=True)
        own = {f"case {n}": f"/desk/cases/{pk}/" for n, pk in enumerate([*mine[:6], *mine[1000:1006]])}
        known = people(city)
        for who, person in known.items():
            client = Client(SERVER_NAME="localhost")
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            lists = filters(city)
            advance = say(f"{size:,}: pages, {who}", rounds * (len(lists) + len(own)))
            row["pages"][who] = {
                "list": pages(client, lists, rounds, advance),
                "case": pages(client, own, rounds, advance),
            }
            if plans:
                row["pages"][who]["plans"] = plans_of(person)
            out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
        runs = []
        for _ in range(rounds):
            begun = time.perf_counter()
            reads.annual(2025, city.bodies[0])
            runs.append(time.perf_counter() - begun)
        row["annual"] = quantiles(runs)
        row["load"].append(os.getloadavg()[0])
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


def worker(args: argparse.Namespace) -> None:
    """The process of one database."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    name = "postgresql" if os.environ.get("GONGKAI_DATABASE_URL") else "sqlite"
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def say(what: str, total: int) -> Callable[[int], None]:
            task = progress.add_task(f"{name}, {what}", total=total)
            return lambda n: progress.update(task, advance=n)

        measure(sorted(size_of(s) for s in args.sizes.split(",")), args.quick, Path(args.worker), say, args.plans)


def run(database: str, args: argparse.Namespace) -> dict[str, Any]:
    """Measure one database in a folder of its own, and leave nothing behind."""
    from tests.postgres import VARIABLE, cluster

    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-bench-")))
        environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
        environment |= {
            "GONGKAI_DATA_DIR": str(folder / "data"),
            "GONGKAI_TODAY": DAY.isoformat(),
            "DJANGO_SETTINGS_MODULE": "gongkai.site.settings",
        }
        if database == "postgresql":
            environment[VARIABLE] = held.enter_context(cluster(durable=True))
        figures = folder / "figures.json"
        command = [sys.executable, __file__, "--worker", str(figures), "--sizes", args.sizes]
        command += ["--quick"] * args.quick + ["--plans"] * args.plans
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            status = process.wait()
        finally:
            process.terminate()
            process.wait()
        if status:
            raise SystemExit(f"{database}: the measuring process returned {status}")
        made: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
        return made


def show(figures: Mapping[str, Any], console: Console) -> None:
    """A table for each database."""
    for database, made in figures["databases"].items():
        rows = made["sizes"]
        heads = [f"{short(r['cases'])} p50/p95" for r in rows]
        shown = table(f"{database}, ms", "page", *heads, "growth of p50", "statements")

        def line(name: str, found: Sequence[Mapping[str, Any]], shown: Any = shown, rows: Any = rows) -> None:
            cells = [f"{f['p50']:.0f} / {f['p95']:.0f}" for f in found]
            ratio = growth([(r["cases"], f["p50"]) for r, f in zip(rows, found, strict=True)])
            shown.add_row(name, *cells, ratio, str(found[-1].get("statements", "")))

        for who in rows[0]["pages"]:
            for name in rows[0]["pages"][who]["list"]["each"]:
                line(f"{who}: {name}", [r["pages"][who]["list"]["each"][name] for r in rows])
            cases = [r["pages"][who]["case"] for r in rows]
            most = [max(f["statements"] for f in c["each"].values()) for c in cases]
            line(f"{who}: a case", [{**c["all"], "statements": m} for c, m in zip(cases, most, strict=True)])
        line("tables of a year, one body", [r["annual"] for r in rows])
        console.print(shown)
        for r in rows:
            told = f"{r['cases']:,} cases, {r['steps']:,} steps, {r['bodies']} bodies, made in {number(r['build_seconds'])} s"
            console.print(f"{told}, load {r['load'][0]:.1f} to {r['load'][1]:.1f}")
    console.print(figures["machine"])


def main() -> None:
    """Measure, show, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10k,100k,1m", metavar="LIST", help="cases, rising (default %(default)s)")
    parser.add_argument("--databases", default="sqlite,postgresql", metavar="LIST", help="default %(default)s")
    parser.add_argument("--quick", action="store_true", help="short runs")
    parser.add_argument("--plans", action="store_true", help="keep how the database goes about it, in the JSON")
    parser.add_argument(
        "--json", type=Path, metavar="OUT", help="write the figures here too, with the slowest statements"
    )
    parser.add_argument("--worker", help=argparse.SUPPRESS)  # this file again, as a process of its own
    args = parser.parse_args()
    if args.worker:
        worker(args)
        return
    databases = args.databases.split(",")
    if unknown := set(databases) - {"sqlite", "postgresql"}:
        parser.error(f"no such database: {', '.join(unknown)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: dict[str, Any] = {"machine": machine(), "day": DAY.isoformat(), "databases": {}}
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
