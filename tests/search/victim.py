"""Run in processes of their own, on the data folder and database of the environment.

python -m tests.search.victim fill N           # so many records that are out, and the index
python -m tests.search.victim act              # a record carried through its gates; publish, withdraw at each line
python -m tests.search.victim read WORD [all]  # asks on and on; tells each answer, or each that is another one
python -m tests.search.victim kills N SEED     # so many children that write, follow and rebuild, each killed
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

if not settings.configured:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.site.settings"
    django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from gongkai.base.actions import record_event
from gongkai.base.clock import now
from gongkai.base.followers import catch_up, step
from gongkai.orgs.models import Kind, Organisation, Role
from gongkai.records import actions
from gongkai.records.models import Record, Standing, State, Version
from gongkai.search.follow import SearchFollower, rebuild
from gongkai.search.port import Query
from gongkai.search.reads import engine, search
from tests.base.hands import HAND
from tests.records import DAY, Town, all_gates, begun, found, hold

WORDS = ("临时救助", "高龄津贴", "耕地保护", "校车安全", "公租房", "烟花爆竹")


def say(*told: object) -> None:
    print(*told, flush=True)


def town() -> Town:
    county = found("石桥县", Kind.COUNTY, None)
    civil = found("石桥县民政局", Kind.DEPARTMENT, county)
    people = {
        "clerk": hold("he.min", "何敏", (civil, Role.CLERK)),
        "chief": hold("lu.ping", "陆平", (civil, Role.REVIEWER)),
        "deputy": hold("tang.wen", "唐文", (civil, Role.REVIEWER)),
        "head": hold("bai.shan", "白山", (civil, Role.SIGNER)),
        "legal": hold("shi.fa", "石法", (county, Role.LEGAL)),
        "secrecy": hold("mi.shen", "糜慎", (county, Role.SECRECY)),
    }
    return Town({"county": county.pk, "civil": civil.pk}, {k: p.pk for k, p in people.items()})


def put(owner: Organisation, title: str, body: str) -> Record:
    """A record that is out, with its event: what matters here is what follows the log, not the gates."""
    with transaction.atomic():
        values: dict[str, Any] = {"title": title, "formed": DAY}
        record = Record.objects.create(kind="news", owner=owner, begun_on=DAY, **values)
        version = Version.objects.create(
            record=record, number=1, digest="0" * 64, submitted_at=now(), held_since=now(), state=State.PUBLISHED,
            body=body, **values,
        )  # fmt: skip
        Record.objects.filter(pk=record.pk).update(
            standing=Standing.PUBLISHED, published=version, first_published_at=now(), published_at=now()
        )
        record_event("publish", "record", str(record.pk), actor=HAND, on=DAY)
    return record


def change(chance: random.Random) -> None:
    """One change to one record: a new one, one withdrawn, one with another title."""
    owner = Organisation.objects.order_by("id")[1]
    out = list(Record.objects.filter(standing=Standing.PUBLISHED).values_list("pk", flat=True))
    what = chance.choice(["put", "put", "withdraw", "title"])
    if what == "put" or not out:
        put(owner, f"{chance.choice(WORDS)}通知{chance.random()}", chance.choice(WORDS) * 3)
        return
    with transaction.atomic():
        pk = chance.choice(out)
        if what == "withdraw":
            Record.objects.filter(pk=pk).update(standing=Standing.WITHDRAWN, withdrawal_reason="差错")
        else:
            old = Version.objects.filter(record=pk).latest("number")
            old.pk, old.number, old.title = None, old.number + 1, f"{chance.choice(WORDS)}公告"
            old._state.adding = True
            old.save(force_insert=True)
            Record.objects.filter(pk=pk).update(published=old, title=old.title)
        record_event(what, "record", str(pk), actor=HAND, on=DAY)


def fill(count: int) -> None:
    made = town()
    owner = Organisation.objects.get(pk=made.orgs["civil"])
    with transaction.atomic():
        for number in range(count):
            put(owner, f"{WORDS[number % 6]}通知{number}", f"关于{WORDS[number * 7 % 6]}的说明。" * 20)
    rebuild()


def act() -> None:
    made = town()
    values = {
        "title": "石桥县临时救助实施办法", "document_number": "石民规〔2026〕1号", "issuers": "石桥县民政局",
        "topic": "民政、扶贫、救灾\\社会福利", "formed": "2026-02-24", "effective": "2026-04-01", "expires": "2031-03-31",
        "contact": "社会救助股 0799-5550101", "body": "第一条 为了规范临时救助工作，制定本办法。", "interpret": "",
        "audience": "public",
    }  # fmt: skip
    record = begun(made, values)
    all_gates(made, actions.submit(record.pk, actor=made.who("clerk"), on=DAY))
    say("ready")
    sys.stdin.readline()
    actions.publish(record.pk, actor=made.who("clerk"), on=DAY)
    say(time.monotonic())
    sys.stdin.readline()
    actions.withdraw(record.pk, "内容有差错", actor=made.who("clerk"), on=DAY)
    say(time.monotonic())


def reading(word: str, every: bool) -> None:
    before = -1
    say("ready")
    while True:
        total = search(word, facets=False).total
        if every or total != before:
            say(time.monotonic(), total)
        before = total
        time.sleep(0.005)


def writing(seed: int) -> None:
    chance = random.Random(seed)
    while True:
        change(chance)


def following(seed: int) -> None:
    while True:
        step(SearchFollower(), batch=3)


def both(seed: int) -> None:
    chance = random.Random(seed)
    while True:
        change(chance)
        step(SearchFollower())


def rebuilding(seed: int) -> None:
    while True:
        rebuild()


def fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


def state() -> dict[str, Any]:
    """What the index says: everything, and for each word the documents and the facets."""
    told: dict[str, Any] = {"count": engine().count()}
    for word in ("", *WORDS, "通知", "公告"):
        for seen in (("public",), ("public", f"o{Organisation.objects.order_by('id')[1].pk}")):
            page = engine().search(Query(word, seen=seen, limit=10_000))
            told[f"{word}{seen}"] = [sorted(h.id for h in page.hits), page.total, page.facets]
    return told


def kills(count: int, seed: int) -> None:
    chance = random.Random(seed)
    child = fork(lambda: fill(400))  # the index is made by a child: this process holds none while it forks
    assert os.waitpid(child, 0)[1] == 0
    died = 0
    groups = [(both,), (writing, following), (rebuilding,), (both, rebuilding), (writing, following, rebuilding)]
    for number in range(count):
        connection.close()
        works = groups[number % len(groups)]
        children = [fork(lambda w=w, n=number: w(seed + n)) for w in works]  # type: ignore[misc]
        for pid in chance.sample(children, len(children)):
            time.sleep(chance.uniform(0.02, 0.5))
            os.kill(pid, signal.SIGKILL)
            died += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    catch_up([SearchFollower()])
    followed = state()
    out = sorted(Record.objects.filter(standing=Standing.PUBLISHED).values_list("pk", flat=True))
    rebuild()
    # Orders that a word's weight gives may differ between one index and another; what is found must not.
    say(json.dumps({
        "died": died, "records": Record.objects.count(), "same": followed == state(),
        "true": followed["('public',)"][0] == out and followed["count"] == Record.objects.count(),
    }))  # fmt: skip


def main(what: str, *given: str) -> None:
    if what != "read":
        call_command("migrate", verbosity=0)
        connection.close()
    if what == "fill":
        fill(int(given[0]))
    elif what == "act":
        act()
    elif what == "read":
        reading(given[0], "all" in given)
    else:
        kills(int(given[0]), int(given[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
