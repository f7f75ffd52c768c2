"""R5: hard questions with guidance, and the library of cases, by 主管部门."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.cases.actions.common import locked, of_body
from gongkai.cases.actions.privacy import names_somebody
from gongkai.cases.life import ENDED
from gongkai.cases.models import Case, Precedent, Question
from gongkai.law.outcomes import grounds, outcomes
from gongkai.orgs.rules import Viewer, demand


def ask_question(
    body: int,
    title: str,
    text: str,
    *,
    actor: Viewer,
    on: dt.date,
    outcome: str = "",
    ground: str = "",
    case: int | None = None,
) -> Question:
    """Put a hard question to 主管部门."""
    demand(actor, "case.run", of_body(body, actor))
    issues = [
        Issue("question.empty", "请写明问题和说明。", f) for f, v in (("title", title), ("text", text)) if not v.strip()
    ]
    issues += _unknown(outcome, ground)
    if issues:
        raise Refused(*issues)
    with transaction.atomic():
        held = locked(case, actor, "case.read") if case else None
        if held is not None and held.body_id != body:
            raise refuse("case.gone", "没有这件申请。", "case")
        if held is not None and names_somebody(held, title, text):
            raise refuse("question.name", "问题和说明会给其他机关看，请不要写出申请人的姓名、证件和联系方式。", "text")
        made = Question.objects.create(
            body_id=body, case=held, title=title.strip()[:200], text=text.strip(), outcome=outcome, ground=ground,
            asked_by_id=actor.person_id, asked_on=on,
        )  # fmt: skip
        record_event("ask_question", "question", str(made.pk), actor=actor, on=on)
    return made


def _unknown(outcome: str, ground: str) -> list[Issue]:
    if (outcome and outcome not in outcomes()) or (ground and ground not in grounds()):
        return [Issue("question.outcome", "没有这种答复结果。", "outcome")]
    return []


def give_guidance(
    body: int, title: str, answer: str, *, actor: Viewer, on: dt.date, outcome: str = "", ground: str = ""
) -> Question:
    """Guidance that nobody asked for: every body under the authority sees it when it chooses that outcome, or any."""
    demand(actor, "case.oversee", of_body(body, actor))
    told = (("title", title, "请写明是什么问题。"), ("answer", answer, "请写指导意见。"))
    issues = [Issue("question.empty", say, field) for field, value, say in told if not value.strip()]
    issues += _unknown(outcome, ground)
    if issues:
        raise Refused(*issues)
    with transaction.atomic():
        made = Question.objects.create(
            body_id=body, title=title.strip()[:200], text="", outcome=outcome, ground=ground, asked_on=on, answered_on=on,
            asked_by_id=actor.person_id, answered_by_id=actor.person_id, answer=answer.strip(),
        )  # fmt: skip
        record_event("give_guidance", "question", str(made.pk), actor=actor, on=on)
    return made


def answer_question(
    question: int, answer: str, *, actor: Viewer, on: dt.date, outcome: str | None = None, ground: str | None = None
) -> Question:
    """Give guidance: every body under the authority sees it when it chooses that outcome. Who asked may not have known
    which outcome it is about: who answers says so."""
    with transaction.atomic():
        held = Question.objects.select_for_update().filter(pk=question).first()
        if held is None:
            raise refuse("question.gone", "没有这个问题。")
        demand(actor, "case.oversee", of_body(held.body_id, actor))
        if not answer.strip():
            raise refuse("question.answer", "请写指导意见。", "answer")
        held.outcome = held.outcome if outcome is None else outcome
        held.ground = held.ground if ground is None else ground
        if issues := _unknown(held.outcome, held.ground):
            raise Refused(*issues)
        held.answer, held.answered_by_id, held.answered_on = answer.strip(), actor.person_id, on
        held.save()
        record_event("answer_question", "question", str(question), actor=actor, on=on)
    return held


def keep_precedent(case: int, title: str, point: str, *, actor: Viewer, on: dt.date) -> Precedent:
    """Put an ended case into the library, in words that name nobody."""
    with transaction.atomic():
        held = Case.objects.select_for_update().filter(pk=case).first()
        if held is None:
            raise refuse("case.gone", "没有这件申请。")
        demand(actor, "case.oversee", of_body(held.body_id, actor))
        if held.state not in ENDED or not held.outcome:
            raise refuse("precedent.open", "办结的申请才能收入案例库。")
        if not title.strip() or not point.strip():
            raise refuse("precedent.text", "请写标题和要点，不要写出申请人。", "point")
        if names_somebody(held, title, point):
            raise refuse("precedent.name", "案例会给其他机关看，请不要写出申请人的姓名、证件和联系方式。", "point")
        made, _ = Precedent.objects.update_or_create(
            case=held,
            defaults={
                "body_id": held.body_id, "title": title.strip()[:200], "point": point.strip(), "outcome": held.outcome,
                "ground": held.ground, "person_id": actor.person_id, "on": on,
            },
        )  # fmt: skip
        record_event("keep_precedent", "case", str(case), actor=actor, on=on)
    return made
