"""What every verb on records begins with."""

from __future__ import annotations

from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer, demand, may, thing_at
from gongkai.records.models import Record


def can(viewer: Viewer, right: str, record: Record) -> bool:
    """Whether the viewer has the right over a record."""
    return may(viewer, right, thing_at(record.owner_id, viewer))


def locked(record: int, actor: Viewer, right: str) -> Record:
    """A record, locked until the transaction ends, if the actor has the right over it."""
    held = Record.objects.select_for_update().filter(pk=record).first()
    if held is None:
        raise refuse("record.gone", "没有这条信息，或者已经删除。")
    demand(actor, right, thing_at(held.owner_id, actor))
    return held
