"""Somebody to act in tests of the log, and a way to write many events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.models import Event

DAY = dt.date(2026, 3, 2)


@dataclass(frozen=True)
class Hand:
    """An actor as the log needs one."""

    person_id: int | None = 7
    name: str = "祝晓岚"
    title: str = "柳溪县财政局 经办"


HAND = Hand()


def write(count: int, *, subject: str = "paper") -> list[Event]:
    """So many events, each in a transaction of its own, with every column filled."""
    made = []
    for number in range(count):
        with transaction.atomic():
            made.append(
                record_event(
                    "note", subject, f"号{number}", actor=HAND, on=DAY, reason="据实记录", payload={"第": number}
                )
            )
    return made
