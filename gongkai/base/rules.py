"""The chain: how an event is hashed, and whether a log still is what was written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gongkai.base.models import Event

GENESIS = hashlib.sha256("公开".encode()).hexdigest()
"""What the first event names as its previous hash."""


def canonical(payload: object) -> str:
    """JSON with sorted keys, no blanks, dates as YYYY-MM-DD: equal payloads give equal bytes."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in an event")


def hash_of(event: Event) -> str:
    """SHA-256 over every column but the hash itself."""
    line = canonical(
        [
            event.seq,
            event.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            event.on,
            event.verb,
            event.person,
            event.name,
            event.post,
            event.subject,
            event.subject_id,
            event.reason,
            event.payload,
            event.previous,
        ]
    )
    return hashlib.sha256(line.encode()).hexdigest()


def _hash_or_none(event: Event) -> str | None:
    """The hash, or None where a column no longer holds what its type is (a garbled date)."""
    try:
        return hash_of(event)
    except (AttributeError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is not what was written: the number of the event, and why, in Chinese."""

    seq: int
    say: str


@dataclass(slots=True)
class Walk:
    """A walk along the chain: the last event that held, and where it broke."""

    seq: int = 0
    hash: str = GENESIS
    broken: Break | None = None

    def over(self, events: Iterable[Event]) -> None:
        """Go on over the events that follow; stops at the first that does not hold."""
        for event in events:
            if event.seq != self.seq + 1:
                self.broken = Break(self.seq + 1, f"第{self.seq + 1}条留痕不见了")
            elif event.previous != self.hash:
                self.broken = Break(event.seq, f"第{event.seq}条留痕接不上前一条")
            elif _hash_or_none(event) != event.hash:
                self.broken = Break(event.seq, f"第{event.seq}条留痕的内容被改动过")
            if self.broken is not None:
                return
            self.seq, self.hash = event.seq, event.hash
