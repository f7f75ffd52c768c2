"""The verb that sets an organisation's own order of gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.records.kinds import gates, kinds
from gongkai.records.models import Chain


def set_chain(organisation: int, kind: str, order: Sequence[str], *, actor: Viewer, on: dt.date) -> None:
    """Set the gates of an organisation and those below it, for one kind or (kind empty) for all; an empty order takes
    the setting back. What the law demands cannot be left out: see life.order_for."""
    demand(actor, "record.settings", thing_at(organisation, actor))
    if kind and kind not in kinds():
        raise refuse("record.kind", "没有这个信息种类。", "kind")
    unknown = [g for g in order if g not in gates()]
    if unknown or len(set(order)) < len(order):
        raise refuse(
            "record.gates", f"关口只能从这些里选，每道一次：{'、'.join(g.name for g in gates().values())}。", "gates"
        )
    if order and "secrecy" not in order:
        raise refuse("record.gates", "保密审查不能省（保守国家秘密法第三十五条：先审查、后公开）。", "gates")
    if order and sum(gates()[g].review for g in order) < 1:
        raise refuse("record.gates", "至少要有一道审校，由拟稿人以外的人办理（四眼原则）。", "gates")
    if kind and "legal" in kinds()[kind].gates and order and "legal" not in order:
        raise refuse("record.gates", f"{kinds()[kind].name}的合法性审查不能省（国办发〔2018〕115号）。", "gates")
    with transaction.atomic():
        if order:
            Chain.objects.update_or_create(organisation_id=organisation, kind=kind, defaults={"gates": list(order)})
        else:
            Chain.objects.filter(organisation=organisation, kind=kind).delete()
        payload = {"organisation": organisation, "kind": kind, "gates": list(order)}
        record_event("chain", "record", 0, actor=actor, on=on, payload=payload)
