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


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is not what was written: the number of the event, and why, in Chinese."""

    seq: int
    say: str


def broken(events: Iterable[Event], head_seq: int, head_hash: str) -> Break | None:
    """The first place at which the chain does not hold; None when all of it does."""
    previous, last = GENESIS, 0
    for event in events:
        if event.seq != last + 1:
            return Break(last + 1, f"第{last + 1}条留痕不见了")
        if event.previous != previous:
            return Break(event.seq, f"第{event.seq}条留痕接不上前一条")
        if hash_of(event) != event.hash:
            return Break(event.seq, f"第{event.seq}条留痕的内容被改动过")
        previous, last = event.hash, event.seq
    if (last, previous) != (head_seq, head_hash):
        return Break(last + 1, f"留痕应到第{head_seq}条，只剩{last}条")
    return None
