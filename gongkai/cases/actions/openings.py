"""R6: what is asked for again and again is proposed for publication (第四十四条)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gongkai.base.actions import Actor, record_event
from gongkai.base.issues import refuse
from gongkai.cases import letters
from gongkai.cases.actions.common import of_body, setup_of
from gongkai.cases.actions.letters import bytes_of, organ_name, template_of
from gongkai.cases.models import Case, Opening, Purpose
from gongkai.cases.similar import alike, words_of
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer, demand
from gongkai.records.models import Audience, Record, Standing

ENOUGH = 3
"""Requests for the same thing, by different applicants, that make a proposal."""

MAY_BE_PUBLIC = ("", "disclosed", "partial", "already_public")
"""Outcomes, or none yet, after which the same information may be published."""


def note_alike(case: Case, *, actor: Actor, on: dt.date) -> Opening | None:
    """Look whether this request is for what others asked before; with three of them, propose to publish it.

    Only requests that were received count: whatever comes in over the internet is not yet one (第三十一条第三项). What was
    found not to be disclosed, or not to be here, is not proposed: the article speaks of what may be public.
    """
    if case.purpose != Purpose.ACCESS:
        return None
    others = [c for c in alike(case) if c.received_on is not None and c.outcome in MAY_BE_PUBLIC]
    same = [c for c in others if c.applicant_mark != case.applicant_mark or not case.applicant_mark]
    people = {c.applicant_mark or str(c.pk) for c in same}
    if len(people) + 1 < ENOUGH:
        return None
    cases = [case, *same]
    with transaction.atomic():
        held = Opening.objects.filter(body=case.body_id, cases__in=same).order_by("id").first()
        if held is None:
            held = Opening.objects.create(
                body_id=case.body_id, title=case.title, words=" ".join(words_of(case.title)[:8]), proposed_on=on
            )
            payload = {"cases": len(cases)}
            record_event("propose_opening", "opening", str(held.pk), actor=actor, on=on, payload=payload)
        held.cases.add(*cases)
    return held


def suggest_opening(case: Case, *, on: dt.date, actor: Actor) -> Opening:
    """The applicant suggests that the information be published (第四十四条第二款)."""
    with transaction.atomic():
        held = Opening.objects.filter(cases=case).first()
        if held is None:
            held = Opening.objects.create(
                body_id=case.body_id, title=case.title, words=" ".join(words_of(case.title)[:8]), proposed_on=on
            )
            held.cases.add(case)
        held.suggested = True
        held.save(update_fields=["suggested"])
        record_event("suggest_opening", "opening", str(held.pk), actor=actor, on=on)
    return held


def decide_opening(
    opening: int, accepted: bool, why: str, *, actor: Viewer, on: dt.date, record: int | None = None
) -> Opening:
    """Publish it from now on, or say why not. `record` is what was published for it, shown first to the next who asks."""
    with transaction.atomic():
        held = Opening.objects.select_for_update().filter(pk=opening).first()
        if held is None:
            raise refuse("opening.gone", "没有这条建议。")
        demand(actor, "case.run", of_body(held.body_id, actor))
        if not accepted and not why.strip():
            raise refuse("opening.why", "不转为主动公开的，请写明理由（第四十四条）。", "why")
        if record is not None and not out_for_all(record):
            raise refuse("opening.record", "请选一条已经公开的信息。", "record")
        held.accepted, held.why, held.decided_on = accepted, why.strip(), on
        held.person_id, held.record_id = actor.person_id, record
        held.save()
        payload = {"accepted": accepted, "record": record}
        record_event("decide_opening", "opening", str(opening), actor=actor, on=on, payload=payload)
    return held


def approval_sheet(opening: Opening, on: dt.date) -> bytes:
    """纳入主动公开审批表 as docx, for the signatures (第四十四条): by the template of the body, or ours."""
    tree, numbers = tree_on(on), [c.number for c in opening.cases.order_by("year", "serial")]
    way = opening.record.title if opening.record else "发布在政府信息公开专栏"
    fields = {
        "organ": organ_name(tree, opening.body_id, setup_of(opening.body_id)), "information": opening.title,
        "registration": "、".join(numbers), "way": f"已经发布：“{way}”" if opening.record else way,
        "reason": opening.why or f"{len(numbers)}件申请要求公开同样的信息", "drafter": opening.person.name if opening.person else "",
    }  # fmt: skip
    return letters.fill("proactive", fields, bytes_of(template_of(opening.body_id, "proactive")))


def out_for_all(record: int) -> bool:
    """Whether a record is out for everybody: only such a one may be shown to the next who asks."""
    return Record.objects.filter(pk=record, standing=Standing.PUBLISHED, audience=Audience.PUBLIC).exists()
