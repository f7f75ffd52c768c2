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

from city import BODY, DAY, City  # noqa: E402
from ledger import growth, pages, quantiles, settle_down, short, size_of, table  # noqa: E402
from reading import machine, number  # noqa: E402

ROUNDS, QUICK_ROUNDS = 9, 3
Say = Callable[[str, int], Callable[[int], None]]


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
    from gongkai.orgs.reads import viewer_of

    seen = reads.visible(viewer_of(who, DAY))
    open_ones = seen.filter(state__in=reads.OPEN).order_by("due_on", "-id")[:50]
    ended = seen.exclude(state__in=reads.OPEN).order_by(*reads.NEWEST)[:50]
    return [str(q.explain()) for q in (open_ones, ended, seen.filter(reads.late(DAY)))]


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
