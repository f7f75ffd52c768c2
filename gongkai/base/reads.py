"""Reading the log."""

from __future__ import annotations

import hashlib

from gongkai.base.actions import path_of
from gongkai.base.models import Cursor, Event, File, Head
from gongkai.base.rules import GENESIS, Break, broken


def timeline(subject: str, subject_id: object) -> list[Event]:
    """What happened to one thing, oldest first."""
    return list(Event.objects.filter(subject=subject, subject_id=str(subject_id)))


def head() -> tuple[int, str]:
    """(number, hash) of the last event."""
    row = Head.objects.filter(id=1).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def check_chain() -> Break | None:
    """Read the whole log once; None when every hash holds."""
    return broken(Event.objects.order_by("seq").iterator(chunk_size=5000), *head())


def check_files() -> list[str]:
    """Names of kept files that are gone or are not what their digest says."""
    bad = []
    for file in File.objects.order_by("digest").iterator():
        path = path_of(file.digest)
        if not path.exists():
            bad.append(f"{file.name}：文件不见了")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file.digest:
            bad.append(f"{file.name}：文件内容被改动过")
    return bad


def lags() -> dict[str, int]:
    """How many events each follower has still to read."""
    last = head()[0]
    return {c.name: last - c.seq for c in Cursor.objects.order_by("name")}
