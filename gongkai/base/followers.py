"""Followers read the log with a cursor and keep something in step with it.

The work of a batch and the move of the cursor are one transaction: a follower killed at any point has done a batch
wholly or not at all, so nothing is lost and nothing is done twice. What cannot be rolled back (a file, a letter)
must be idempotent by itself. A cursor set to 0 starts again from nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from django.db import close_old_connections, connection, transaction

from gongkai.base.clock import now
from gongkai.base.models import Cursor, Event

_log = logging.getLogger(__name__)
BATCH = 500


class Follower(Protocol):
    """Something that is kept in step with the log."""

    name: str

    def follow(self, events: Sequence[Event]) -> None:
        """Take in a batch, in order, inside the transaction that moves the cursor."""

    def reset(self) -> None:
        """Forget everything, to start again from nothing."""


def step(follower: Follower, *, batch: int = BATCH) -> int:
    """Take in at most one batch; returns how many events that were.

    The cursor's row is locked: two processes that run the same follower take turns and never do an event twice.
    """
    Cursor.objects.get_or_create(name=follower.name)
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=follower.name)
        events = list(Event.objects.filter(seq__gt=cursor.seq).order_by("seq")[:batch])
        if events:
            follower.follow(events)
            cursor.seq, cursor.at, cursor.error = events[-1].seq, now(), ""
            cursor.save()
    return len(events)


def catch_up(followers: Sequence[Follower], *, told: Callable[[str, int], None] | None = None) -> int:
    """Run every follower to the end of the log; returns how many events were taken in altogether."""
    done = 0
    for follower in followers:
        while taken := step(follower):
            done += taken
            if told is not None:
                told(follower.name, taken)
    return done


def restart(follower: Follower) -> None:
    """Let a follower forget everything and begin at the first event again."""
    with transaction.atomic():
        Cursor.objects.get_or_create(name=follower.name)
        Cursor.objects.select_for_update().get(name=follower.name)
        follower.reset()
        Cursor.objects.filter(name=follower.name).update(seq=0, error="")


def run(followers: Sequence[Follower], stop: threading.Event, *, pause: float = 0.5) -> None:
    """Follow until `stop` is set. A follower that fails says so in its cursor and is tried again; the others go on."""
    while not stop.is_set():
        moved = 0
        for follower in followers:
            try:
                moved += step(follower)
            except Exception as error:
                _log.exception("follower %s", follower.name)
                try:
                    Cursor.objects.filter(name=follower.name).update(error=f"{type(error).__name__}: {error}"[:500])
                except Exception:  # the database itself is away: the log says so above, the next round tries again
                    close_old_connections()
        if not moved:
            stop.wait(pause)
    connection.close()
