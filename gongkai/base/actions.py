"""Writing the log, keeping files, queuing messages."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from gongkai.base.clock import now
from gongkai.base.files import write_whole
from gongkai.base.models import Event, File, Head, Message
from gongkai.base.rules import GENESIS, canonical, hash_of


class Actor(Protocol):
    """Who does something: their id, their name and their post as they are at the time."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...


class _System:
    person_id = None
    name = "系统"
    title = ""


SYSTEM: Actor = _System()
"""Stands for what nobody in particular did, such as the first start."""


def record_event(
    verb: str,
    subject: str,
    subject_id: object,
    *,
    actor: Actor,
    on: dt.date,
    reason: str = "",
    payload: dict[str, Any] | None = None,
) -> Event:
    """Append one event to the chain, in the transaction of the change that it tells of.

    Raises RuntimeError outside a transaction: an event without its change, or a change without its event,
    would make the log a story instead of an account.
    """
    if isinstance(on, dt.datetime):
        raise TypeError("an event happens on a date, not at a moment")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record_event needs the transaction of the change")
    head = begin_chain()
    event = Event(
        seq=head.seq + 1,
        at=now(),
        on=on,
        verb=verb,
        person=actor.person_id,
        name=actor.name,
        post=actor.title,
        subject=subject,
        subject_id=str(subject_id),
        reason=reason,
        payload=canonical(payload or {}),
        previous=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def begin_chain() -> Head:
    """The head of the chain, locked until the transaction ends: whoever writes waits here for their turn."""
    head = Head.objects.select_for_update().filter(id=1).first()
    if head is None:
        Head.objects.get_or_create(id=1, defaults={"hash": GENESIS})
        head = Head.objects.select_for_update().get(id=1)
    return head


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(settings.GONGKAI_DATA_DIR) / "files" / digest[:2] / digest


def keep_file(data: bytes, name: str) -> File:
    """Keep bytes under their digest; the same bytes are kept once. The file is whole before its row exists."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        write_whole(path, data)
    file, _ = File.objects.get_or_create(
        digest=digest, defaults={"size": len(data), "name": _tidy(name), "kept_at": now()}
    )
    return file


def _tidy(name: str) -> str:
    """A file's name without a path, control characters or excess length."""
    plain = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())
    plain = plain.strip()[-200:]
    return plain if plain.strip(".") else "未命名"


def queue_message(key: str, *, addressee: str, channel: str, text: str) -> bool:
    """Put a message in the outbox once; False when this key was queued before."""
    _, new = Message.objects.get_or_create(
        key=key, defaults={"addressee": addressee, "channel": channel, "text": text, "queued_at": now()}
    )
    return new
