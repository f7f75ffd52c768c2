"""How a request comes in: by the citizen's own hand, at a counter, by mail; confirmed, joined, split, sent on."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from gongkai.base import outbox
from gongkai.base.actions import SYSTEM, Actor, queue_message
from gongkai.base.clock import today
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.sealing import mark_of
from gongkai.cases import rules
from gongkai.cases.actions.common import APPLICANT, locked, next_number, of_body, setup_of, take
from gongkai.cases.actions.letters import issue, organ_name
from gongkai.cases.actions.openings import note_alike
from gongkai.cases.life import Standing, State
from gongkai.cases.models import Case, Purpose
from gongkai.cases.request import Applicant, applicant_from, examine, mark
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer, demand

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
"""31 to the power of 12 codes: whoever tries ten a minute for a year finds one of a million cases with odds of 1 to 10^5."""

BEFORE_WORK = ("receive", "confirm", "correct_entry")
"""Steps after which a request may still be split."""

TEXTS = ("title", "asked", "document_number", "form", "way", "help")


def submit(body: int, values: Mapping[str, Any], *, on: dt.date) -> Case:
    """A request over the internet, by a citizen without an account. It counts as received once both sides confirmed it
    (第三十一条第三项)."""
    return _new(body, values, "internet", on, None, actor=APPLICANT, taken_by=None)


def receive(
    body: int,
    values: Mapping[str, Any],
    channel: str,
    *,
    actor: Viewer,
    on: dt.date,
    confirmed: dt.date | None = None,
    oral: bool = False,
    place: str = "",
) -> Case:
    """A request that a person takes in: at a counter, by mail, by fax, for somebody who cannot write (第二十九条第一款)."""
    demand(actor, "case.receive", of_body(body, actor))
    if oral and channel != "in_person":
        raise refuse("request.oral", "口头申请是当面提出、由工作人员代填的，渠道请选当面（第二十九条）。", "channel")
    return _new(body, values, channel, on, confirmed, actor=actor, taken_by=actor.person_id, oral=oral, place=place)


def _new(
    body: int,
    values: Mapping[str, Any],
    channel: str,
    on: dt.date,
    confirmed: dt.date | None,
    *,
    actor: Actor,
    taken_by: int | None,
    oral: bool = False,
    place: str = "",
    origin: Case | None = None,
) -> Case:
    tree = tree_on(on)
    if body not in tree or tree.body_of(body).id != body:
        raise refuse("orgs.gone", "没有这个机关。", "body")
    kind = str(values.get("applicant_kind") or "")
    applicant = applicant_from(values)
    issues = examine(kind, applicant, values)
    data = {"channel": channel, "confirmed": confirmed}
    issues += rules.check(Standing(), "receive", on, data)
    purpose = str(values.get("purpose") or Purpose.ACCESS)
    if purpose not in Purpose.values:
        issues.append(Issue("request.purpose", "请选申请公开还是申请更正。", "purpose"))
    if issues:
        raise Refused(*issues)
    texts = told_texts(values)
    with transaction.atomic():
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        case = Case(
            body_id=body, purpose=purpose, year=on.year, serial=next_number(body, "case", on.year),
            code=code, code_mark=mark_of("code", code), applicant_kind=kind,
            applicant=json.dumps(applicant.to_json(), ensure_ascii=False), applicant_mark=mark(kind, applicant),
            channel=channel, oral=oral, place=place[:120], taken_by_id=taken_by, origin=origin,
            state=State.SUBMITTED, submitted_on=on, **texts,
        )  # fmt: skip
        case.save()
        step = take(case, "receive", on, data, actor=actor)
        issue(case, "registration", step)
        if case.received_on:
            issue(case, "receipt", step)
            note_alike(case, actor=SYSTEM, on=on)
    return case


def told_texts(values: Mapping[str, Any]) -> dict[str, str]:
    """What is asked for, in its fields: title and description stand for each other where one is empty."""
    texts = {name: str(values.get(name) or "").strip() for name in TEXTS}
    texts["title"] = (texts["title"] or "".join(texts["asked"].splitlines()[:1]))[:200]
    texts["asked"] = texts["asked"] or texts["title"]
    return texts


def confirm(case: int, *, actor: Viewer, on: dt.date, note: str = "") -> Case:
    """Both sides confirmed the request; from this day it counts as received (第三十一条第二项、第三项)."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        step = take(held, "confirm", on, {}, actor=actor, told={"note": note})
        issue(held, "receipt", step)
        note_alike(held, actor=SYSTEM, on=on)
        tell(held, "confirmed", "申请已经双方确认")
    return held


def transfer(case: int, body: int, *, actor: Viewer, on: dt.date, why: str) -> Case:
    """Send a request that was put to the wrong body on to the right one, before it counts as received here.

    It is then a request of the other body, which confirms it itself; here it is not counted. After receipt there is no
    transfer: the answer is that the body is not responsible, and who is (第三十六条第五项).
    """
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        if body == held.body_id:
            raise refuse("transfer.body", "已经在这个机关，请选另一个机关。", "body")
        if not why.strip():
            raise refuse("transfer.why", "请写明转送的理由。", "why")
        take(held, "transfer", on, {"to": body}, actor=actor, told={"why": why.strip()})
        new = _again(held, body, on, {"channel": held.channel}, actor=actor)
        tell(held, "transferred", f"申请已经转送{actor.tree[body].name}")
    return new


def join(case: int, into: int, *, actor: Viewer, on: dt.date) -> Case:
    """The same applicant sent the same request twice, by two ways or by mistake: it is one request, answered once."""
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        other = Case.objects.filter(pk=into, body=held.body_id).exclude(pk=case).first()
        if other is None:
            raise refuse("join.other", "请选本机关的另一件申请。", "into")
        if not held.applicant_mark or other.applicant_mark != held.applicant_mark:
            raise refuse("join.applicant", "只有同一申请人的申请可以并案。", "into")
        if other.state in (State.MOVED, State.CLOSED, State.ARCHIVED):
            say = f"{other.number}已经{other.get_state_display()}；已经答复过的，按重复申请办理（第三十六条第六项）。"
            raise refuse("join.ended", say, "into")
        take(held, "join", on, {"into": into}, actor=actor)
        tell(held, "joined", f"申请并入{other.number}一并办理")
    return other


def split(case: int, items: Sequence[str], *, actor: Viewer, on: dt.date) -> list[Case]:
    """One request for several things becomes one case each (一事一申请). Each counts as received on the first day."""
    wanted = [i.strip() for i in items if i.strip()]
    if len(wanted) < 2:
        raise refuse("split.items", "分案要分成两件以上，一行写一件。", "items")
    with transaction.atomic():
        held = locked(case, actor, "case.run")
        if held.steps.exclude(verb__in=BEFORE_WORK).exists():
            raise refuse("split.late", "已经开始办理，不能再分案。")
        received = held.received_on
        step = take(held, "split", on, {"count": len(wanted)}, actor=actor)
        issue(held, "split", step, items=wanted)
        made = []
        for text in wanted:
            first = {"channel": held.channel, "confirmed": received}
            made.append(_again(held, held.body_id, held.submitted_on, first, actor=actor, asked=text, entered=on))
        tell(held, "split", f"申请按一事一申请分成{len(made)}件办理")
    return made


def _again(
    case: Case,
    body: int,
    on: dt.date,
    first: Mapping[str, Any],
    *,
    actor: Actor,
    asked: str = "",
    entered: dt.date | None = None,
) -> Case:
    """Another case with the same applicant, of this or of another body."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    new = Case(
        body_id=body, purpose=case.purpose, year=on.year, serial=next_number(body, "case", on.year), code=code,
        code_mark=mark_of("code", code), applicant_kind=case.applicant_kind, applicant=case.applicant,
        applicant_mark=case.applicant_mark, title=(asked or case.title)[:200], asked=asked or case.asked,
        document_number="" if asked else case.document_number, form=case.form, way=case.way, channel=str(first["channel"]),
        oral=case.oral, place=case.place, help=case.help, taken_by_id=case.taken_by_id, origin=case,
        state=State.SUBMITTED, submitted_on=on,
    )  # fmt: skip
    new.save()
    step = take(new, "receive", on, first, actor=actor)
    if new.received_on:
        issue(new, "receipt", step)
        note_alike(new, actor=SYSTEM, on=on)
    return new


def tell(case: Case, what: str, text: str) -> None:
    """A message to the applicant, once for each thing told, by a way that they gave and the site has; where the site has
    neither, it waits for the one they named first. Whatever the way, it stands on their progress page too."""
    applicant = Applicant(**json.loads(case.applicant)) if case.erased_on is None else Applicant()
    ways = [channel for channel, to in (("email", applicant.email), ("sms", applicant.phone)) if to]
    channel = next((w for w in ways if w in outbox.channels()), ways[0] if ways else "site")
    organ = organ_name(tree_on(today()), case.body_id, setup_of(case.body_id))
    site = str(settings.GONGKAI_SITE_URL or "").rstrip("/")
    where = f"凭查询码查进度：{site}/ask/progress/" if site else "凭查询码可以查进度。"
    key = f"case:{case.pk}:{what}:{case.steps.count()}"
    say = f"{organ}：您的政府信息公开申请{case.number}，{text}。{where}"
    queue_message(key, addressee=f"case:{case.pk}", channel=channel, text=say)
