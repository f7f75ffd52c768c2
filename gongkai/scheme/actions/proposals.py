"""Adjustments: proposed, decided, put into force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.scheme.actions.lines import FLAGS, TEXTS, add_row, set_owners, taken_from
from gongkai.scheme.models import LineOwner, Proposal, Scheme
from gongkai.scheme.rules import thing_of


def propose(
    scheme: int,
    verb: str,
    values: Mapping[str, Any],
    reason: str,
    *,
    actor: Viewer,
    on: dt.date,
    line: int | None = None,
) -> Proposal:
    """Propose to add, change or end a line (目录动态调整). Binds nothing before it is accepted."""
    with transaction.atomic():
        held = Scheme.objects.filter(pk=scheme).first()
        if held is None:
            raise refuse("scheme.gone", "没有这份目录。")
        if verb not in ("add", "change", "end"):
            raise refuse("scheme.verb", "调整只能是新增、修改或停用。")
        touched = {o.organisation_id for o in LineOwner.objects.filter(line=line)} if line else set()
        touched |= {int(o) for o in values.get("owners", []) if str(o).isdigit()}
        demand(actor, "scheme.propose", thing_of(held.body_id, touched, actor.tree))
        if not reason.strip():
            raise refuse("scheme.reason", "请写调整的理由，例如权责清单调整、依据修订。", "reason")
        if verb != "add" and (line is None or not held.lines.filter(pk=line, until=None).exists()):
            raise refuse("scheme.gone", "没有这一行，或者已经停用。")
        taken = taken_from(values, actor) if verb != "end" else {}
        if verb == "add" and not taken.get("level1"):
            raise refuse("scheme.level1", "请写公开事项。", "level1")
        made = Proposal.objects.create(
            scheme=held, line_id=line, verb=verb, values=taken, reason=reason.strip(), person_id=actor.person_id, on=on
        )
        record_event(
            "propose",
            "scheme",
            scheme,
            actor=actor,
            on=on,
            reason=made.reason,
            payload={"proposal": made.pk, "verb": verb},
        )
    return made


def decide(proposal: int, accepted: bool, *, actor: Viewer, on: dt.date, answer: str = "") -> Proposal:
    """Accept a proposal, which puts it into force from today, or decline it with an answer."""
    with transaction.atomic():
        held = (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("scheme", "line")
            .filter(pk=proposal)
            .first()
        )
        if held is None or held.accepted is not None:
            raise refuse("scheme.decided", "这条调整已经办过，请刷新页面。")
        demand(actor, "scheme.decide", thing_at(held.scheme.body_id, actor))
        if not accepted and not answer.strip():
            raise refuse("scheme.answer", "不同意要写明原因。", "answer")
        touched: list[int] = []
        if accepted:
            touched = _apply(held, on)
        held.accepted, held.decided_by_id, held.decided_on, held.answer = accepted, actor.person_id, on, answer.strip()
        held.save()
        payload = {"proposal": proposal, "verb": held.verb, "owners": touched}
        record_event(
            "accept" if accepted else "decline",
            "scheme",
            held.scheme_id,
            actor=actor,
            on=on,
            reason=held.answer,
            payload=payload,
        )
    return held


def _apply(held: Proposal, on: dt.date) -> list[int]:
    if held.line is not None and held.line.until is not None:
        raise refuse("scheme.gone", "这一行已经停用，这条调整不能再同意；请写明原因，办成不同意。")
    if held.verb == "add":
        position = (held.scheme.lines.order_by("-position").values_list("position", flat=True).first() or 0) + 1
        line = add_row(held.scheme, position, held.values, on)
        held.line = line
    elif held.line is not None and held.verb == "end":
        line = held.line
        line.until = on
        line.save(update_fields=["until"])
    elif held.line is not None:
        line = held.line
        before: dict[str, Any] = {}
        for name in (*TEXTS, *FLAGS, "limit", "kinds"):
            if name in held.values and getattr(line, name) != held.values[name]:
                before[name] = getattr(line, name)
                setattr(line, name, held.values[name])
        if "limit" in before:
            line.limit_since = on  # what fell due by the old limit did so under it: a new one binds from its day
        line.save()
        if "owners" in held.values:
            standing = list(line.owners.filter(until=None).values_list("organisation_id", flat=True))
            if set(standing) != set(held.values["owners"]):
                before["owners"] = standing
        held.values = {**held.values, "before": before}
        if "owners" in held.values:
            set_owners(line, held.values["owners"], on)
    else:
        raise refuse("scheme.gone", "没有这一行。")
    return list(line.owners.values_list("pk", flat=True))
