"""What every verb on cases begins and ends with: rights and lock, then the step, what follows from it, the event."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from gongkai.base.actions import Actor, record_event
from gongkai.base.clock import now
from gongkai.base.issues import Refused, refuse
from gongkai.cases import life, rules
from gongkai.cases.models import Case, Series, Setup, Step
from gongkai.law.clocks import ClockError
from gongkai.orgs.rules import Thing, Viewer, demand

APPLICANT_NAME = "申请人"


class _Applicant:
    """Stands for the applicant in the log, who is named nowhere but under seal."""

    person_id = None
    name = APPLICANT_NAME
    title = ""


APPLICANT: Actor = _Applicant()


def thing_of(case: Case, viewer: Viewer) -> Thing:
    """What the table of rights asks about: the body, borne by its office and by the section that handles the case."""
    bearers = {viewer.tree.office_of(case.body_id)} if case.body_id in viewer.tree else {case.body_id}
    if case.handler_id:
        bearers.add(case.handler_id)
    return Thing(case.body_id, frozenset(bearers))


def office_thing(case: Case, viewer: Viewer) -> Thing:
    """The same, borne by the office alone: for steps that are the office's."""
    return Thing(case.body_id, frozenset({viewer.tree.office_of(case.body_id)}))


def of_body(body: int, viewer: Viewer) -> Thing:
    """A body as the table of rights asks about it, borne by its office. Raises Refused for one that is not there."""
    if body not in viewer.tree or viewer.tree.body_of(body).id != body:
        raise refuse("orgs.gone", "没有这个机关。", "body")
    return Thing(body, frozenset({viewer.tree.office_of(body)}))


RIGHT = {
    "approve_extension": "case.extend", "decline_extension": "case.extend", "set_date": "case.extend",
    "decide": "case.draft",
}  # fmt: skip
"""The right that a step needs where it is not the office's clerk's; `decide` begins with its draft."""


def right_of(verb: str) -> str:
    """The right that a step needs."""
    return RIGHT.get(verb, "case.run")


HANDLED = {"case.read", "case.draft", "case.reveal"}
"""Rights that the section which handles a case has too; the others are the office's."""


def locked(case: int, actor: Viewer, right: str) -> Case:
    """A case, locked until the transaction ends, if the actor has the right over it."""
    held = Case.objects.select_for_update().filter(pk=case).first()
    if held is None:
        raise refuse("case.gone", "没有这件申请。")
    demand(actor, right, thing_of(held, actor) if right in HANDLED else office_thing(held, actor))
    return held


def standing(case: Case) -> life.Standing:
    """Where a case stands, from its steps."""
    steps = [as_step(s) for s in case.steps.all()]
    fee = any(s.verb == "fee_notice" for s in steps)
    return life.play(steps, case.purpose, restarts=not fee or setup_of(case.body_id).restart_after_payment)


_DATES = ("confirmed", "reply_by", "served", "date")


def as_step(row: Step) -> life.Step:
    """A step of the table as the life reads it."""
    data = {k: dt.date.fromisoformat(v) if k in _DATES and v else v for k, v in row.data.items()}
    return life.Step(row.verb, row.on, data)


def take(
    case: Case,
    verb: str,
    on: dt.date,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    told: Mapping[str, Any] | None = None,
    checked: Mapping[str, Any] | None = None,
    at: life.Standing | None = None,
) -> Step:
    """Take one step of a locked case: check it, write it, settle what follows, record the event.

    `data` are dates and codes, for the log too; `told` is what may name somebody, sealed; `checked` is what only the
    check sees besides. Raises Refused with every issue.
    """
    before = at or standing(case)
    try:
        issues = rules.check(before, verb, on, {**data, **(told or {}), **(checked or {})})
    except ClockError as error:
        raise refuse("clock", str(error), "on") from None
    if issues:
        raise Refused(*issues)
    plain = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in data.items() if v not in (None, "")}
    number = case.steps.count() + 1
    row = Step.objects.create(
        case=case, number=number, verb=verb, on=on, at=now(), data=plain,
        told=json.dumps(told or {}, ensure_ascii=False, default=str),
        person_id=actor.person_id, name=actor.name, post=actor.title,
    )  # fmt: skip
    try:
        settle(case, life.step(before, as_step(row)))
    except ClockError as error:  # a day before the Regulation was in force, or beyond every calendar
        raise refuse("clock", str(error), "on") from None
    record_event(
        verb, "case", str(case.pk), actor=actor, on=on, payload={"number": case.number, "step": number, **plain}
    )
    return row


def settle(case: Case, at: life.Standing) -> None:
    """Write the columns that follow from the steps."""
    assert at.state is not None and at.submitted is not None
    limit = at.due()
    columns: dict[str, Any] = {
        "state": at.state.value,
        "submitted_on": at.submitted,
        "received_on": at.received,
        "due_on": limit.day if limit else None,
        "provisional": bool(limit and limit.provisional),
        "ended_on": at.ended,
        "delivered_on": at.delivered,
        "outcome": at.outcome,
        "ground": at.ground,
        "row": at.row,
        "consulting": sum(c.replied is None for c in at.consultations) if at.ended is None else 0,
        "disputed": bool(at.disputes),
    }
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))


def next_number(body: int, name: str, year: int) -> int:
    """The next number of a series, locked until the transaction ends; never given twice."""
    row, _ = Series.objects.select_for_update().get_or_create(body_id=body, name=name, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def setup_of(body: int) -> Setup:
    """What a body set, or the defaults."""
    return Setup.objects.filter(body_id=body).first() or Setup(body_id=body)
