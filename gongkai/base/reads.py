"""Reading the log."""

from __future__ import annotations

import hashlib

from gongkai.base.actions import path_of
from gongkai.base.models import Cursor, Event, File, Head
from gongkai.base.rules import GENESIS, Break, Walk


def timeline(subject: str, subject_id: object) -> list[Event]:
    """What happened to one thing, oldest first."""
    return list(Event.objects.filter(subject=subject, subject_id=str(subject_id)))


def head() -> tuple[int, str]:
    """(number, hash) of the last event."""
    row = Head.objects.filter(id=1).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def check_chain() -> Break | None:
    """Read the whole log once; None when every hash holds and the last is that of the head.

    Writers may go on meanwhile: what they add is walked over too, until the head is reached.
    """
    walk = Walk()
    while True:
        try:
            walk.over(Event.objects.filter(seq__gt=walk.seq).order_by("seq").iterator(chunk_size=5000))
        except (ValueError, TypeError, AttributeError):
            # A row that cannot even be read: a column no longer holds what its type is. Which one, is found singly.
            while True:
                try:
                    walk.over(Event.objects.filter(seq=walk.seq + 1))
                except (ValueError, TypeError, AttributeError):
                    return Break(walk.seq + 1, f"第{walk.seq + 1}条留痕的内容被改动过")
                if walk.broken is not None:
                    return walk.broken
        if walk.broken is not None:
            return walk.broken
        seq, digest = head()
        if seq == walk.seq:
            return None if digest == walk.hash else Break(seq + 1, f"链尾的记录和第{seq}条留痕不一致")
        if seq < walk.seq or not Event.objects.filter(seq=walk.seq + 1).exists():
            return Break(walk.seq + 1, f"留痕应到第{seq}条，只剩{walk.seq}条")


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
    # The cursor of the ledger's day counts days, not events.
    return {c.name: last - c.seq for c in Cursor.objects.exclude(name__endswith="-day").order_by("name")}
