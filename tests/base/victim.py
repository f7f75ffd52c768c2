"""A program to be killed: forks children that write events or follow them, kills them, and tells what is left.

    python -m tests.base.victim kills SECONDS SEED   # writers and followers killed with SIGKILL at random moments
    python -m tests.base.victim together WRITERS ACTS  # so many writers at once, two processes of one follower beside

Works on the database of the environment, which is its own. Children are forked from a program that has no
connection, so that a kill costs some thousandths of a second and not the start of an interpreter. Every child says
in a file what it has committed, right after the commit: of what stands there nothing may be lost.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

if not settings.configured:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.site.settings"
    django.setup()

from gongkai.base import reads
from gongkai.base.actions import keep_file, queue_message, record_event
from gongkai.base.followers import Follower, catch_up, step
from gongkai.base.models import Event, File, Message
from tests.base.hands import DAY, HAND

FOLDER = Path(settings.GONGKAI_DATA_DIR)
SAID = FOLDER / "said"


class Table:
    """Adds a row for each event: a row twice or none shows at once, for nothing but the cursor prevents it."""

    name = "table"

    def follow(self, events: Sequence[Event]) -> None:
        with connection.cursor() as cursor:
            for event in events:
                cursor.execute("INSERT INTO seen (seq) VALUES (%s)", [event.seq])

    def reset(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM seen")


class Sum:
    """Reads, adds and writes one row: an event taken in twice makes it too great."""

    name = "sum"

    def follow(self, events: Sequence[Event]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT total FROM sums")
            total = cursor.fetchone()[0]
            cursor.execute("UPDATE sums SET total = %s", [total + sum(e.seq for e in events)])

    def reset(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sums SET total = 0")


class Pages:
    """Writes a file for each event: cannot be rolled back, so writing it again must come to the same."""

    name = "pages"

    def follow(self, events: Sequence[Event]) -> None:
        for event in events:
            held = FOLDER / "pages" / f".{event.seq}-{os.getpid()}"
            held.write_text(event.hash)
            held.replace(FOLDER / "pages" / str(event.seq))

    def reset(self) -> None:
        for page in (FOLDER / "pages").iterdir():
            page.unlink()


FOLLOWERS: tuple[Follower, ...] = (Table(), Sum(), Pages())


def act(key: str) -> None:
    """One change (a message in the outbox, a file kept) with its event; then say that it is committed."""
    file = keep_file(key.encode() * 50, f"{key}.txt")
    with transaction.atomic():
        queue_message(key, addressee="x", channel="x", text=file.digest)
        record_event("queue", "message", key, actor=HAND, on=DAY, payload={"file": file.digest})
    with SAID.open("a") as out:
        out.write(key + "\n")


def write(child: int, acts: int) -> None:
    """Act on and on."""
    for number in range(acts):
        act(f"{child}-{number}")


def follow(seed: int) -> None:
    """Follow on and on, in small batches of changing size."""
    chance = random.Random(seed)
    while True:
        if not sum(step(f, batch=chance.randint(1, 9)) for f in FOLLOWERS):
            time.sleep(0.002)


def both(child: int) -> None:
    """Act and follow by turns."""
    for number in range(10**6):
        act(f"{child}-{number}")
        step(FOLLOWERS[number % 3], batch=5)


def fork(work: Callable[[], None]) -> int:
    """A child that does some work and ends."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def kill(pid: int) -> bool:
    """Kill a child; whether it was the kill that ended it."""
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def kills(seconds: float, seed: int) -> dict[str, Any]:
    """Children in twos and threes, each killed at a moment of its own."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    died = started = 0
    while time.monotonic() < end:
        children = []
        for work in chance.choice(
            [(write,), (write, follow), (follow,), (both,), (write, both), (write, follow, follow)]
        ):
            started += 1
            number = started
            children.append(
                fork(lambda work=work, number=number: write(number, 10**6) if work is write else work(number))
            )
        for pid in chance.sample(children, len(children)):
            time.sleep(chance.uniform(0.0, 0.09))
            died += kill(pid)
    return {"started": started, "died": died}


def together(writers: int, acts: int) -> dict[str, Any]:
    """Writers at once on an empty log, while two processes run the same followers."""
    following = [fork(lambda n=n: follow(n)) for n in range(2)]
    writing = [fork(lambda n=n: write(n, acts)) for n in range(writers)]
    well = sum(os.waitpid(pid, 0)[1] == 0 for pid in writing)
    time.sleep(0.05)
    return {"well": well, "died": sum([kill(pid) for pid in following])}


def judge() -> Iterator[tuple[str, Any]]:
    """What is left, after the followers have come to the end."""
    broken = reads.check_chain()
    yield "broken", broken and broken.say
    yield "lags", [lag >= 0 for lag in reads.lags().values()]
    catch_up(FOLLOWERS)
    events = list(Event.objects.all())
    numbers = [e.seq for e in events]
    yield "events", len(events)
    yield "consecutive", numbers == list(range(1, len(events) + 1))
    done = [e.subject_id for e in events]
    yield "twice", len(done) - len(set(done))
    yield "changes without events", sorted(set(Message.objects.values_list("key", flat=True)) - set(done))
    yield "events without changes", sorted(set(done) - set(Message.objects.values_list("key", flat=True)))
    said = SAID.read_text().split() if SAID.exists() else []
    yield "said", len(said)
    yield "lost", sorted(set(said) - set(done))
    yield "files", reads.check_files()
    kept = {f.digest for f in File.objects.all()}
    yield "events without files", sum(e.data["file"] not in kept for e in events)
    yield from followed(events, "")
    from gongkai.base.followers import restart

    for follower in FOLLOWERS:
        restart(follower)
    catch_up(FOLLOWERS)
    yield from followed(events, " from zero")


def followed(events: Sequence[Event], when: str) -> Iterator[tuple[str, Any]]:
    """Whether every follower's work is that of the whole log, each event once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM seen ORDER BY seq")
        yield f"table{when}", [row[0] for row in cursor.fetchall()] == [e.seq for e in events]
        cursor.execute("SELECT total FROM sums")
        yield f"sum{when}", cursor.fetchone()[0] == sum(e.seq for e in events)
    pages = {p.name: p.read_text() for p in (FOLDER / "pages").iterdir() if not p.name.startswith(".")}
    yield f"pages{when}", pages == {str(e.seq): e.hash for e in events}


def main(mode: str, *given: str) -> None:
    """Make the database, play, and print what is left as JSON."""
    call_command("migrate", "base", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (seq BIGINT)")
        cursor.execute("CREATE TABLE sums (total BIGINT)")
        cursor.execute("INSERT INTO sums (total) VALUES (0)")
    (FOLDER / "pages").mkdir()
    connection.close()
    if mode == "kills":
        made = kills(float(given[0]), int(given[1]))
    else:
        made = together(int(given[0]), int(given[1]))
    print(json.dumps({**made, **dict(judge())}, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
