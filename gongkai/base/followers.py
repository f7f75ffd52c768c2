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

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.utils.module_loading import import_string

from gongkai.base.clock import now
from gongkai.base.models import Cursor, Event

_log = logging.getLogger(__name__)
BATCH = 500


class Follower(Protocol):
    """Something that is kept in step with the log."""

    name: str
    """Named in its cursor. A follower whose work is slow says with `batch` how many events it takes at a time."""

    def follow(self, events: Sequence[Event]) -> None:
        """Take in a batch, in order, inside the transaction that moves the cursor."""

    def reset(self) -> None:
        """Forget everything, to start again from nothing."""


def step(follower: Follower, *, batch: int | None = None) -> int:
    """Take in at most one batch; returns how many events that were.

    The cursor's row is locked: two processes that run the same follower take turns and never do an event twice.
    """
    batch = batch or getattr(follower, "batch", BATCH)
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


def all_followers() -> list[Follower]:
    """Every follower of the site, in the order in which they run: FOLLOWERS of the settings, which knows all rooms."""
    return [import_string(path)() for path in settings.FOLLOWERS]


def at_once(most: int = 20) -> None:
    """Let the followers take in what was just written, so that the next page shows it and what was withdrawn is gone.

    A long backlog is left to the process of the followers: nobody waits on a page for it. What fails here is tried
    again there.
    """
    for follower in all_followers():
        if Event.objects.filter(seq__gt=_cursor(follower)).count() <= most:
            try:
                while step(follower):
                    pass
            except Exception:
                _log.exception("follower %s", follower.name)


def _cursor(follower: Follower) -> int:
    return Cursor.objects.filter(name=follower.name).values_list("seq", flat=True).first() or 0


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
