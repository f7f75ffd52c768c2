"""Whether a duty was met: settle, reopen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from gongkai.base.issues import refuse
from gongkai.ledger.actions.common import held_matter, said_by, tell, words_of
from gongkai.ledger.models import Duty, Matter, Settlement
from gongkai.ledger.rules import of_matter
from gongkai.orgs.rules import Viewer, demand


def settle(
    matter: Matter, clocks: Sequence[str], *, actor: Viewer, on: dt.date, text: str = "", met_on: dt.date | None = None
) -> list[Settlement]:
    """办结: the named duties of a matter were met, on `met_on` (today when not said)."""
    demand(actor, "task.settle", of_matter(matter))
    clocks = list(dict.fromkeys(clocks))
    day = met_on or on
    if day > on:
        raise refuse("settle.future", f"办结日期{day:%Y-%m-%d}还没有到。", "met_on")
    with transaction.atomic():
        held = held_matter(matter)
        duties = {d.clock: d for d in Duty.objects.filter(matter=held)}
        if not clocks:
            raise refuse("settle.none", "请选要办结的是哪一期。", "clock")
        if unknown := [c for c in clocks if c not in duties]:
            raise refuse("settle.unknown", f"这项任务没有“{unknown[0]}”这一期，请刷新页面。")
        kept = set(
            Settlement.objects.filter(source=held.source, source_id=held.source_id).values_list("clock", flat=True)
        )
        if done := [duties[c] for c in clocks if c in kept]:
            raise refuse("settle.done", f"{done[0].label or '这一项'}已经办结了。")
        made = Settlement.objects.bulk_create(
            [Settlement(**said_by(actor, held, on=day), clock=clock, text=text.strip()) for clock in clocks]
        )
        tell("settle", matter, actor=actor, on=on, reason=text.strip(), clocks=list(clocks), met_on=day)
    return made


def reopen(matter: Matter, clock: str, *, actor: Viewer, on: dt.date, reason: str) -> None:
    """撤销办结: a duty found not to be met after all."""
    demand(actor, "task.settle", of_matter(matter))
    words = words_of(reason, "reopen.reason", "请写明为什么撤销办结。")
    with transaction.atomic():
        held_matter(matter)
        gone, _ = Settlement.objects.filter(source=matter.source, source_id=matter.source_id, clock=clock).delete()
        if not gone:
            raise refuse("reopen.open", "这一项没有办结，不用撤销。")
        tell("reopen", matter, actor=actor, on=on, reason=words, clocks=[clock])
