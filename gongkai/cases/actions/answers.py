"""From draft to signature: the answer of a case, by three people."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import Refused, refuse
from gongkai.cases import life, rules
from gongkai.cases.actions.common import locked, standing, take
from gongkai.cases.actions.intake import tell
from gongkai.cases.actions.letters import issue
from gongkai.cases.models import UNDER_WAY, Answer, Case, Stage, Step
from gongkai.law.outcomes import grounds, outcomes
from gongkai.orgs.rules import Viewer


def _data(answer: Answer) -> dict[str, Any]:
    texts = json.loads(answer.texts)
    return {
        "outcome": answer.outcome,
        "ground": answer.ground,
        "category": answer.category,
        "separable": answer.separable,
        "texts": texts,
        "reason": texts.get("reason", ""),
    }


def draft_answer(
    case: int,
    outcome: str,
    texts: Mapping[str, str],
    *,
    actor: Viewer,
    on: dt.date,
    ground: str = "",
    category: str = "",
    separable: bool | None = None,
    submit: bool = True,
) -> Answer:
    """Write the answer: outcome, article, reasons, whether it can be separated; with `submit` it goes to the legal check.

    What the law does not allow now is refused at once, with all that is missing; a draft that is only kept may be
    incomplete. Whoever drafts does not check or sign.
    """
    with transaction.atomic():
        held = locked(case, actor, "case.draft")
        if (life.State(held.state), "decide") not in life.TABLE:
            raise refuse("state", f"这件申请{held.get_state_display()}，现在不能拟答复。")
        answer = Answer.objects.select_for_update().filter(case=held, stage__in=UNDER_WAY).first()
        if answer is not None and answer.stage != Stage.DRAFT:
            raise refuse("answer.stage", f"答复正在{answer.get_stage_display()}，退回之后才能改。")
        answer = answer or Answer(case=held, drafted_on=on)
        answer.outcome, answer.ground, answer.category = outcome, ground, category
        answer.separable = separable
        answer.texts = json.dumps({k: v.strip() for k, v in texts.items() if v.strip()}, ensure_ascii=False)
        answer.drafter_id, answer.drafted_on = actor.person_id, on
        if submit:
            issues = rules.check(standing(held), "decide", on, _data(answer))
            if issues:
                raise Refused(*issues)
            answer.stage, answer.returned = Stage.CHECK, ""
        answer.save()
        payload = {"outcome": outcome, "ground": ground, "stage": answer.stage}
        record_event("draft_answer", "case", str(case), actor=actor, on=on, payload=payload)
    return answer


def _at(case: int, stage: Stage, actor: Viewer, right: str) -> tuple[Case, Answer]:
    held = locked(case, actor, right)
    answer = Answer.objects.select_for_update().filter(case=held, stage__in=UNDER_WAY).first()
    if answer is None or answer.stage != stage:
        raise refuse("answer.stage", f"没有{stage.label}的答复。")
    return held, answer


def check_answer(case: int, *, actor: Viewer, on: dt.date, note: str = "") -> Answer:
    """法制审核 found the draft lawful."""
    with transaction.atomic():
        held, answer = _at(case, Stage.CHECK, actor, "case.check")
        _other(answer, actor, "法制审核")
        answer.stage, answer.checker_id, answer.checked_on = Stage.SIGN, actor.person_id, on
        answer.check_note = note.strip()
        answer.save()
        record_event("check_answer", "case", str(held.pk), actor=actor, on=on, reason=answer.check_note)
    return answer


def return_answer(case: int, note: str, *, actor: Viewer, on: dt.date) -> Answer:
    """Back to the drafter, with what is to be changed: by whoever checks or signs."""
    if not note.strip():
        raise refuse("answer.note", "请写明退回修改的意见。", "note")
    with transaction.atomic():
        held = locked(case, actor, "case.read")
        answer = Answer.objects.filter(case=held, stage__in=(Stage.CHECK, Stage.SIGN)).first()
        if answer is None:
            raise refuse("answer.stage", "没有正在审核的答复。")
        held, answer = _at(
            case, Stage(answer.stage), actor, "case.check" if answer.stage == Stage.CHECK else "case.sign"
        )
        answer.stage, answer.returned = Stage.DRAFT, note.strip()
        answer.save()
        record_event("return_answer", "case", str(case), actor=actor, on=on, reason=note.strip())
    return answer


def recall_answer(case: int, *, actor: Viewer, on: dt.date) -> Answer:
    """Back to those who draft by their own wish, before it is signed: who checks has nothing more to do."""
    with transaction.atomic():
        held = locked(case, actor, "case.draft")
        answer = Answer.objects.select_for_update().filter(case=held, stage__in=(Stage.CHECK, Stage.SIGN)).first()
        if answer is None:
            raise refuse("answer.stage", "没有正在审核、签发的答复。")
        answer.stage, answer.returned = Stage.DRAFT, ""
        answer.save()
        record_event("recall_answer", "case", str(case), actor=actor, on=on)
    return answer


def drop_answer(case: int, *, actor: Viewer, on: dt.date) -> Answer:
    """Take a draft away."""
    with transaction.atomic():
        _, answer = _at(case, Stage.DRAFT, actor, "case.draft")
        answer.stage = Stage.DROPPED
        answer.save()
        record_event("drop_answer", "case", str(case), actor=actor, on=on)
    return answer


def sign_answer(case: int, *, actor: Viewer, on: dt.date) -> Step:
    """Sign: the decision is made on this day, numbered, and its letter written. What the law asks for is checked again."""
    with transaction.atomic():
        held, answer = _at(case, Stage.SIGN, actor, "case.sign")
        _other(answer, actor, "签发")
        before = standing(held)
        data = _data(answer)
        plain = {k: data[k] for k in ("outcome", "ground", "category", "separable")}
        texts = data["texts"]
        step = take(held, "decide", on, plain, actor=actor, told={"texts": texts, "reason": data["reason"]}, at=before)
        answer.stage, answer.signer_id, answer.signed_on = Stage.SIGNED, actor.person_id, on
        answer.save()
        _letters(held, answer, before, step)
        tell(held, "decided", "答复已经作出，正在送达")
    return step


def _letters(case: Case, answer: Answer, before: life.Standing, step: Step) -> None:
    data = _data(answer)
    fields = {**data["texts"], "outcome": answer.outcome, "ground": answer.ground, "category": answer.category}
    fields["separable"] = {True: "能够区分处理", False: "不能区分处理", None: ""}[answer.separable]
    issue(case, "approval", step, **{**fields, **_approval(answer)})
    issue(case, "answer", step, **fields)
    if answer.outcome == "amend_elsewhere" and fields.get("party"):
        issue(case, "amend_transfer", step, party=fields["party"], reason=fields.get("reason"))
    objected = [
        n for n, c in enumerate(c for c in before.consultations if c.kind == "third_party") if c.agrees is False
    ]
    if answer.outcome == "disclosed" and objected:
        asked = list(case.steps.filter(verb="ask_third_party"))
        for number in objected:
            told = json.loads(asked[number].told)
            issue(case, "third_party_disclosed", step, reason=data["texts"].get("public_interest", ""), **told)


def _approval(answer: Answer) -> dict[str, str]:
    """What the sheet of approval says besides: what is proposed, on what ground, by whom (第四十五条)."""
    outcome, ground = outcomes().get(answer.outcome), grounds().get(answer.ground)
    texts = json.loads(answer.texts)
    names = [outcome.name if outcome else life.AMEND.get(answer.outcome, ""), ground.name if ground else ""]
    basis = [outcome.basis if outcome else "《政府信息公开条例》第四十一条", ground.basis if ground else ""]
    return {
        "ground_name": "：".join(n for n in names if n),
        "ground_basis": "、".join(b for b in basis if b),
        "reason": texts.get("reason") or "；".join(texts.values()) or names[0],
        "drafter": answer.drafter.name if answer.drafter else "",
        "checker": answer.checker.name if answer.checker else "",
        "signer": answer.signer.name if answer.signer else "",
    }


def _other(answer: Answer, actor: Viewer, what: str) -> None:
    """Four eyes: who drafted does not check or sign, who checked does not sign."""
    if actor.person_id == answer.drafter_id:
        raise refuse("answer.eyes", f"拟稿的人不能自己{what}，请由另一位同事办理。")
    if what == "签发" and actor.person_id == answer.checker_id:
        raise refuse("answer.eyes", "法制审核的人不能再签发，请由另一位同事办理。")
