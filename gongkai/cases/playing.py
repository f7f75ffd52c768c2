"""Plays a case written down as steps through the same actions and rights as the desk, each post held by another person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction

from gongkai.base.clock import on_day
from gongkai.base.issues import Issue, Refused
from gongkai.cases import actions, letters
from gongkai.cases.actions.common import standing
from gongkai.cases.actions.letters import organ_kind, written_later
from gongkai.cases.life import VERBS, Standing, State
from gongkai.cases.models import Case, Step
from gongkai.cases.reads import days_left
from gongkai.cases.stories import BODIES as KINDS
from gongkai.cases.stories import FIRST, read_story
from gongkai.law.clocks import ClockError
from gongkai.law.outcomes import goes_to, grounds, must, outcomes
from gongkai.orgs.models import Kind, Name, Organisation, Person, Place, Post, Role
from gongkai.orgs.reads import tree_on, viewer_of
from gongkai.orgs.rules import Viewer

BODIES = {
    "department": ("演练局", Kind.DEPARTMENT),
    "county": ("演练县", Kind.COUNTY),
    "township": ("演练镇", Kind.TOWNSHIP),
    "street": ("演练街道办事处", Kind.STREET),
    "vertical": ("演练县税务局", Kind.VERTICAL),
}
POSTS = {
    "clerk": ("甲经办", Role.CLERK),
    "head": ("乙负责", Role.REVIEWER),
    "legal": ("丙法制", Role.LEGAL),
    "signer": ("丁签发", Role.SIGNER),
    "counter": ("戊窗口", Role.COUNTER),
}


@contextmanager
def temporary() -> Iterator[None]:
    """A database in memory with every table, for one run of the command."""
    old = dict(settings.DATABASES["default"])
    connections.close_all()
    made = connections["default"]
    held = made.settings_dict
    before = {**held}
    held.update(ENGINE="django.db.backends.sqlite3", NAME=":memory:", OPTIONS={}, CONN_MAX_AGE=None)
    del connections["default"]
    settings.DATABASES["default"].update(held)
    try:
        # Straight from the models: the migrations would take four times as long to come to the same.
        with connections["default"].schema_editor() as editor:
            for model in apps.get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        yield
    finally:
        connections.close_all()
        del connections["default"]
        settings.DATABASES["default"].clear()
        settings.DATABASES["default"].update(old)
        held.clear()
        held.update(before)


class Town:
    """A body of a kind with a person for each post, under a county and a city."""

    def __init__(self, kind: str) -> None:
        name, node = BODIES[kind]
        city = _organisation("演练市", Kind.CITY, None)
        county = city if kind == "county" else _organisation("演练县", Kind.COUNTY, city)
        self.body = _organisation(name, node, city if kind == "county" else county)
        self.people = {
            post: _person(f"yanlian-{kind}-{post}", told, self.body, role) for post, (told, role) in POSTS.items()
        }

    def who(self, post: str, day: dt.date) -> Viewer:
        """The person of a post, on a day."""
        return viewer_of(self.people[post], day)


def _organisation(name: str, kind: Kind, parent: Organisation | None) -> Organisation:
    found = Organisation.objects.filter(kind=kind, names__text=name, names__since=FIRST).first()
    if found is None:
        found = Organisation.objects.create(kind=kind)
        Name.objects.create(organisation=found, text=name, since=FIRST)
        Place.objects.create(organisation=found, parent=parent, since=FIRST)
    return found


def _person(username: str, name: str, body: Organisation, role: Role) -> Person:
    found = Person.objects.filter(username=username).first()
    if found is None:
        found = Person(username=username, name=name)
        found.set_unusable_password()
        found.save()
        Post.objects.create(person=found, organisation=body, role=role, since=FIRST)
    return found


def play(story: Any, *, as_of: dt.date | None, today: dt.date, keep: bool = False) -> dict[str, Any]:
    """Play a story and tell where it stands. Raises BadStory for what is no story; a refused step changes nothing.

    Without `as_of` it stands as on today, or on the day of the last step where that is later. Steps after `as_of` have not
    happened yet.
    """
    kind, applicant, steps = read_story(story)
    town = Town(kind)
    days = [d for s in steps for d in (s["on"], s.get("confirmed_on")) if d]
    until = as_of or max([today, *days])
    case: Case | None = None
    refused: list[dict[str, Any]] = []
    later: list[int] = []
    for number, step in enumerate(steps, 1):
        if step["on"] > until:
            later.append(number)
            continue
        if (step.get("confirmed_on") or step["on"]) > until:
            step = {**step, "confirmed_on": None}  # received, and not yet confirmed
        try:
            with on_day(step["on"]), written_later():
                case = _take(town, case, applicant, step)
        except Refused as error:
            refused += [_said(number, step["verb"], i) for i in error.issues]
        except ClockError as error:
            refused.append(_said(number, step["verb"], Issue("clock", str(error))))
    out = _told(case, town, kind, until)
    out["refused"] = refused
    if later:
        out["later"] = later
    out["as_of"] = until.isoformat()
    return out


def _said(number: int, verb: str, issue: Issue) -> dict[str, Any]:
    return {"step": number, "verb": verb, "rule": issue.rule, "say": issue.say}


_PEOPLE = {
    "natural": {"name": "演练人", "id_kind": "护照", "id_number": "E00000001", "phone": "13800000000"},
    "organisation": {
        "name": "演练单位",
        "person": "联系人",
        "id_number": "91350100M000100Y43",
        "phone": "0500-1234567",
    },
}


def _take(town: Town, case: Case | None, applicant: str, step: Mapping[str, Any]) -> Case:
    verb, on = str(step["verb"]), step["on"]
    if verb == "receive":
        if case is not None:
            raise Refused(Issue("state", "这件申请已经登记过，不能再登记一次。"))
        who = _PEOPLE["natural" if applicant == "natural" else "organisation"]
        values = {
            **who, "applicant_kind": applicant, "title": "演练的信息", "asked": step.get("asked") or "演练的信息",
            "form": "纸质", "way": "自行领取",
        }  # fmt: skip
        channel = str(step.get("channel") or "")
        post = "counter" if channel == "in_person" else "clerk"
        actor = town.who(post, on)
        return actions.receive(town.body.pk, values, channel, actor=actor, on=on, confirmed=step.get("confirmed_on"))
    if case is None:
        raise Refused(Issue("state", f"还没有登记，不能办理“{VERBS[verb]}”；先登记收到的申请。"))
    _DO[verb](town, case.pk, step, on)
    return Case.objects.get(pk=case.pk)


def _decide(town: Town, case: int, step: Mapping[str, Any], on: dt.date) -> None:
    """Draft, legal check and signature on one day, by three people. `reason` fills every text that is asked for."""
    outcome, ground = str(step.get("outcome") or ""), str(step.get("ground") or "")
    reason = str(step.get("reason") or "")
    texts = {str(k): str(v) for k, v in (step.get("texts") or {}).items()}
    if reason:
        wanted = must(outcome, ground) if outcome in outcomes() else ()
        texts |= {
            c: texts.get(c) or reason
            for c in (*wanted, "reason", "public_interest")
            if c not in ("ground", "separable", "category")
        }
    category = str(step.get("category") or "")
    if not category and reason and ground in grounds():
        category = next(iter(grounds()[ground].categories), "")  # one of a list, which no reason can fill
    with transaction.atomic():  # refused at the last signature, the draft is not there either
        actions.draft_answer(
            case, outcome, texts, ground=ground, category=category, separable=step.get("separable"),
            actor=town.who("clerk", on), on=on,
        )  # fmt: skip
        actions.check_answer(case, actor=town.who("legal", on), on=on)
        actions.sign_answer(case, actor=town.who("signer", on), on=on)


def _clerk(
    action: Callable[..., Any], *names: tuple[str, str]
) -> Callable[[Town, int, Mapping[str, Any], dt.date], None]:
    def do(town: Town, case: int, step: Mapping[str, Any], on: dt.date) -> None:
        more = {name: step[key] for key, name in names if step.get(key) is not None}
        action(case, actor=town.who("clerk", on), on=on, **more)

    return do


def _consult(action: Callable[..., Any]) -> Callable[[Town, int, Mapping[str, Any], dt.date], None]:
    def do(town: Town, case: int, step: Mapping[str, Any], on: dt.date) -> None:
        action(
            case, str(step.get("party") or "被征求意见的一方"), "演练的信息", actor=town.who("clerk", on), on=on,
            served=step.get("served_on"),
        )  # fmt: skip

    return do


_DO: dict[str, Callable[[Town, int, Mapping[str, Any], dt.date], None]] = {
    "confirm": _clerk(actions.confirm),
    "ask_correction": lambda town, case, step, on: _nothing(
        actions.ask_correction(case, ["演练的补正事项"], step.get("reply_by"), actor=town.who("clerk", on), on=on)
    ),
    "correction_received": _clerk(actions.correction_received),
    "correction_lapsed": _clerk(actions.correction_lapsed),
    "ask_third_party": _consult(actions.ask_third_party),
    "ask_co_producer": _consult(actions.ask_co_producer),
    "third_party_replied": lambda town, case, step, on: _nothing(
        actions.third_party_replied(case, step.get("agrees"), actor=town.who("clerk", on), on=on, of=step.get("of"))
    ),
    "co_producer_replied": lambda town, case, step, on: _nothing(
        actions.co_producer_replied(case, step.get("agrees"), actor=town.who("clerk", on), on=on, of=step.get("of"))
    ),
    "approve_extension": lambda town, case, step, on: _nothing(
        actions.approve_extension(case, step.get("days"), "演练的理由", actor=town.who("head", on), on=on)
    ),
    "notify_extension": _clerk(actions.notify_extension),
    "consultation_served": lambda town, case, step, on: _nothing(
        actions.consultation_served(case, step.get("of"), step.get("served_on"), actor=town.who("clerk", on), on=on)
    ),
    "ask_extension": lambda town, case, step, on: _nothing(
        actions.ask_extension(case, step.get("days"), "演练的理由", actor=town.who("clerk", on), on=on)
    ),
    "decline_extension": lambda town, case, step, on: _nothing(
        actions.decline_extension(case, "演练的理由", actor=town.who("head", on), on=on)
    ),
    "ask_reasons": lambda town, case, step, on: _nothing(
        actions.ask_reasons(case, "演练的情形", step.get("reply_by"), actor=town.who("clerk", on), on=on)
    ),
    "reasons_given": lambda town, case, step, on: _nothing(
        actions.reasons_given(case, "演练的理由", actor=town.who("clerk", on), on=on)
    ),
    "set_date": lambda town, case, step, on: _nothing(
        actions.set_date(case, step.get("date"), "演练的理由", actor=town.who("head", on), on=on)
    ),
    "fee_notice": lambda town, case, step, on: _nothing(
        actions.fee_notice(
            case,
            str(step.get("basis") or ""),
            step.get("amount") or 0,
            actor=town.who("clerk", on),
            on=on,
            count=step.get("count"),
        )
    ),
    "fee_paid": _clerk(actions.fee_paid),
    "fee_lapsed": _clerk(actions.fee_lapsed),
    "decide": _decide,
    "deliver": lambda town, case, step, on: _nothing(
        actions.deliver(case, str(step.get("channel") or ""), actor=town.who("clerk", on), on=on)
    ),
    "withdraw": _clerk(actions.withdraw),
    "complain": _clerk(actions.complain),
    "complaint_ended": _clerk(actions.complaint_ended),
    "reconsider": _clerk(actions.reconsider, ("accepted", "accepted"), ("copy_received", "copy_received")),
    "reconsidered": _clerk(actions.reconsidered, ("result", "result")),
    "sue": _clerk(actions.sue, ("accepted", "accepted")),
    "judged": _clerk(actions.judged, ("result", "result")),
    "archive": _clerk(actions.archive),
}


def _nothing(done: object) -> None:
    return None


def _told(case: Case | None, town: Town, kind: str, until: dt.date) -> dict[str, Any]:
    at = standing(case) if case else Standing()
    limit = at.due()
    decided = at.decided or at.ended or until
    rule = goes_to(organ_kind(tree_on(until), town.body.pk), decided)
    return {
        "state": at.state.value if at.state else None,
        "received": _iso(at.received),
        "due": _iso(limit.day if limit else None),
        "provisional": bool(limit and limit.provisional),
        "days_left": days_left(at, until),
        "overdue": at.overdue(until),
        "outcome": at.outcome or None,
        "report_row": at.row or None,
        "remedy": at.remedy,
        "reconsideration_organ": rule.phrase,
        "online_channel_required": at.tells_online,
        "fee": at.fee,
        "letters": [_letter(row) for row in case.letters.order_by("id")] if case else [],
        "steps": [_step(row) for row in case.steps.all()] if case else [],
        "due_steps": [s.to_json() for s in limit.steps] if limit else [],
    }


def _letter(row: Any) -> dict[str, Any]:
    return {"kind": row.code, "name": letters.kinds()[row.code].name, "number": row.number, "on": row.on.isoformat()}


def _step(row: Step) -> dict[str, Any]:
    return {"verb": row.verb, "name": VERBS[row.verb], "on": row.on.isoformat(), "by": f"{row.post} {row.name}".strip()}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def in_words(told: Mapping[str, Any], name: str) -> str:
    """Where a case stands, for people."""
    state = State(told["state"]).label if told["state"] else "没有登记"
    lines = [f"{name}：{state}"]
    if told["due"]:
        left = told["days_left"]
        days = "" if left is None else f"，还剩{left}个工作日" if left >= 0 else f"，逾期{-left}个工作日"
        lines.append(
            f"  收到{told['received']}，答复期限{told['due']}{'（暂定）' if told['provisional'] else ''}{days}"
        )
    if told["outcome"]:
        found = outcomes()[told["outcome"]].name
        remedy = "不附救济条款" if told["remedy"] == "none" else f"救济条款{told['remedy']}"
        lines.append(f"  结果：{found}，年报第（{told['report_row']}）行，{remedy}")
    lines += [f"  {s['on']} {s['name']}（{s['by']}）" for s in told["steps"]]
    lines += [f"  第{r['step']}步没有办：{r['say']}" for r in told["refused"]]
    return "\n".join(lines)


assert set(BODIES) == set(KINDS)
