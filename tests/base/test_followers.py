"""Followers: every event once, in order; a failure leaves the cursor; from zero again to the same."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from django.db import connection

from gongkai.base import followers
from gongkai.base.actions import queue_message
from gongkai.base.followers import BATCH, catch_up, restart, run, step
from gongkai.base.models import Cursor, Event, Message
from gongkai.base.reads import lags
from tests.base.hands import write

pytestmark = pytest.mark.django_db


@dataclass
class Scribe:
    """Notes what it is given, and can be told to fail at an event."""

    name: str = "scribe"
    seen: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    fails_at: int | None = None
    resets: int = 0

    def follow(self, events: Sequence[Event]) -> None:
        self.batches.append(len(events))
        for event in events:
            queue_message(f"{self.name}:{event.seq}", addressee="x", channel="x", text=event.hash)
            if event.seq == self.fails_at:
                raise ValueError(f"cannot take {event.seq}")
            self.seen.append(event.seq)

    def reset(self) -> None:
        self.resets += 1
        self.seen.clear()
        Message.objects.filter(key__startswith=f"{self.name}:").delete()


def at(name: str = "scribe") -> int:
    """Where a follower's cursor stands."""
    return Cursor.objects.get(name=name).seq


def test_events_come_once_and_in_order() -> None:
    scribe = Scribe()
    write(5)
    assert catch_up([scribe]) == 5
    assert scribe.seen == [1, 2, 3, 4, 5] and at() == 5
    assert catch_up([scribe]) == 0
    write(2)
    assert catch_up([scribe]) == 2
    assert scribe.seen == [1, 2, 3, 4, 5, 6, 7]


def test_an_empty_log_calls_nobody() -> None:
    scribe = Scribe()
    assert step(scribe) == 0 and scribe.batches == [] and at() == 0


@pytest.mark.parametrize(
    ("events", "batch", "expected"), [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (2, 500, [2]), (3, 1, [1, 1, 1])]
)
def test_batches(events: int, batch: int, expected: list[int]) -> None:
    scribe = Scribe()
    write(events)
    taken = []
    while got := step(scribe, batch=batch):
        taken.append(got)
    assert taken == scribe.batches == expected
    assert scribe.seen == list(range(1, events + 1))


def test_catching_up_goes_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int]] = []
    write(BATCH + 3)
    assert catch_up([Scribe()], told=lambda name, taken: told.append((name, taken))) == BATCH + 3
    assert told == [("scribe", BATCH), ("scribe", 3)]


def test_a_failure_leaves_cursor_and_work() -> None:
    """What a batch had done before it failed is undone with it; the batches before stay."""
    scribe = Scribe(fails_at=5)
    write(6)
    assert step(scribe, batch=3) == 3
    with pytest.raises(ValueError, match="cannot take 5"):
        step(scribe, batch=3)
    assert at() == 3
    assert sorted(Message.objects.values_list("key", flat=True)) == ["scribe:1", "scribe:2", "scribe:3"]
    scribe.fails_at, scribe.seen = None, [1, 2, 3]
    assert catch_up([scribe]) == 3
    assert scribe.seen == [1, 2, 3, 4, 5, 6] and Message.objects.count() == 6


def test_two_followers_are_independent() -> None:
    one, two = Scribe("one"), Scribe("two", fails_at=2)
    write(4)
    assert step(one, batch=3) == 3
    with pytest.raises(ValueError, match="cannot take 2"):
        step(two, batch=3)
    assert (at("one"), at("two")) == (3, 0)
    assert lags() == {"one": 1, "two": 4}
    two.fails_at, two.seen = None, []
    catch_up([one, two])
    assert one.seen == two.seen == [1, 2, 3, 4] and lags() == {"one": 0, "two": 0}


def test_from_zero_again_to_the_same() -> None:
    """A follower is made to forget everything, alone, and comes to the same."""
    one, two = Scribe("one"), Scribe("two")
    write(5)
    catch_up([one, two])
    before = sorted(Message.objects.values_list("key", "text"))
    Cursor.objects.filter(name="one").update(error="x")
    restart(one)
    cursor = Cursor.objects.get(name="one")
    assert (cursor.seq, cursor.error, one.resets, two.resets) == (0, "", 1, 0)
    assert Message.objects.filter(key__startswith="one:").count() == 0 and at("two") == 5
    catch_up([one, two])
    assert one.seen == two.seen == [1, 2, 3, 4, 5]
    assert sorted(Message.objects.values_list("key", "text")) == before


def test_a_follower_never_run_can_be_restarted() -> None:
    write(1)
    scribe = Scribe()
    restart(scribe)
    assert catch_up([scribe]) == 1 and scribe.seen == [1]


def test_a_reset_that_fails_leaves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    scribe = Scribe()
    write(3)
    catch_up([scribe])

    def fail() -> None:
        Message.objects.all().delete()
        raise ValueError("no")

    monkeypatch.setattr(scribe, "reset", fail)
    with pytest.raises(ValueError, match="no"):
        restart(scribe)
    assert at() == 3 and Message.objects.count() == 3


@dataclass
class Stopper(Scribe):
    """Sets a flag when it has seen enough, or when it has failed often enough."""

    stop: threading.Event = field(default_factory=threading.Event)
    enough: int = 4
    tries: int = 0

    def follow(self, events: Sequence[Event]) -> None:
        self.tries += 1
        if self.tries >= 3:
            self.fails_at = None
        super().follow(events)
        if len(self.seen) >= self.enough:
            self.stop.set()


@pytest.mark.django_db(transaction=True)
def test_running_goes_on_past_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who fails says so in its cursor and is tried again; the others go on; success clears the word."""
    monkeypatch.setattr(followers.connection, "close", lambda: None)  # the test database lives in this connection
    stop = threading.Event()
    said: list[str] = []
    other = Scribe("other")

    class Witness(Scribe):
        def follow(self, events: Sequence[Event]) -> None:
            said.append(Cursor.objects.get(name="failing").error)
            super().follow(events)

    witness = Witness("witness")
    failing = Stopper("failing", fails_at=2, stop=stop)
    write(4)
    guard = threading.Timer(10, stop.set)
    guard.start()
    try:
        run([failing, other, witness], stop, pause=0.01)
    finally:
        guard.cancel()
    assert failing.tries == 3
    assert said == ["ValueError: cannot take 2"]
    assert other.seen == [1, 2, 3, 4]
    assert (at("failing"), Cursor.objects.get(name="failing").error) == (4, "")


@pytest.mark.django_db(transaction=True)
def test_running_survives_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away under a follower and comes back: it goes on where it was."""
    if connection.vendor != "postgresql":
        pytest.skip("an embedded database does not go away")
    stop = threading.Event()
    write(4)

    class Cut(Stopper):
        def follow(self, events: Sequence[Event]) -> None:
            self.tries += 1
            if self.tries == 1:
                connection.connection.close()
            Scribe.follow(self, events)
            stop.set()

    cut = Cut(stop=stop)
    guard = threading.Timer(10, stop.set)
    guard.start()
    try:
        run([cut], stop, pause=0.01)
    finally:
        guard.cancel()
    assert cut.tries == 2 and cut.seen == [1, 2, 3, 4] and at() == 4


@pytest.mark.django_db(transaction=True)
def test_stopping_before_beginning_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers.connection, "close", lambda: None)
    write(1)
    stop = threading.Event()
    stop.set()
    scribe = Scribe()
    run([scribe], stop)
    assert scribe.seen == []
