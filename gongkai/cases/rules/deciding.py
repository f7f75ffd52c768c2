"""Checks on a decision (第三十六条至第三十九条), in the order of the triage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import AMEND, DISCLOSES, LAPSED, Standing, State
from gongkai.cases.rules.steps import correction_lapsed, fee_lapsed
from gongkai.cases.rules.types import Found
from gongkai.law.calendar import Calendar
from gongkai.law.outcomes import field_name, grounds, must, outcomes


def decide(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    """第三十六条至第三十九条, in the order of the triage."""
    outcome, ground = data.get("outcome") or "", data.get("ground") or ""
    if at.purpose == "amend":
        if outcome not in AMEND:
            yield Issue("decide.outcome", f"更正申请的结果是：{'、'.join(AMEND.values())}（第四十一条）。", "outcome")
        elif not _text(data, "reason"):
            yield Issue("decide.must", "请填写理由。", "reason")
        if at.state is not State.OPEN:
            yield Issue("state", f"{at.state.label if at.state else ''}，现在不能这样答复。", "outcome")
        return
    if outcome not in outcomes():
        yield Issue("decide.outcome", "请选答复结果（第三十六条至第三十九条）。", "outcome")
        return
    yield from _lapse(at, outcome, on, calendar)
    found = outcomes()[outcome]
    if found.after_correction and at.correction_received is None:
        yield Issue("decide.after_correction", "补正之后仍不明确才能这样答复；没有收到过补正（第三十条）。", "outcome")
    if found.withholds:
        yield from _withholding(outcome, ground, data)
        if ground in grounds() and grounds()[ground].asks_third_party:
            yield from _third_party_first(at)
    if outcome in DISCLOSES:
        yield from _no_waiting(at, on, calendar, ("third_party", "co_producer"))
    elif ground in grounds() and grounds()[ground].asks_third_party:
        yield from _no_waiting(at, on, calendar, ("third_party",))
    if outcome == "disclosed" and _objected(at) and not _text(data, "public_interest"):
        say = "第三方不同意公开；要公开，请写明不公开会对公共利益造成的重大影响（第三十二条）。"
        yield Issue("third_party.objects", say, "public_interest")
    for code in must(outcome, ground):
        said = data.get("category") if code == "category" else None  # it has a field of its own besides the texts
        if code not in ("ground", "separable") and not said and not _text(data, code):
            yield Issue("decide.must", f"请填写“{field_name(code)}”（{found.basis}）。", code)
    category = data.get("category")
    if category and ground in grounds() and category not in grounds()[ground].categories:
        yield Issue("decide.category", f"请在{'、'.join(grounds()[ground].categories)}里选一类。", "category")


def _lapse(at: Standing, outcome: str, on: dt.date, calendar: Calendar | None) -> Found:
    """视为放弃 only after its own notice and period, and nothing else while one of these is awaited."""
    wanted = {State.CORRECTION: LAPSED[0], State.FEE: LAPSED[1]}.get(at.state or State.OPEN)
    if at.state is State.LAPSED:
        wanted = at.outcome
    if wanted is not None and outcome != wanted:
        label = at.state.label if at.state else ""
        yield Issue("state", f"这件申请{label}，现在只能答复“{outcomes()[wanted].name}”。", "outcome")
    elif wanted is None and outcome in LAPSED:
        yield Issue(
            "decide.lapse", f"没有告知过{'补正' if outcome == LAPSED[0] else '收费'}，不能视为放弃。", "outcome"
        )
    elif at.state is State.CORRECTION:
        yield from correction_lapsed(at, on, {}, calendar)
    elif at.state is State.FEE:
        yield from fee_lapsed(at, on, {}, calendar)


def _withholding(outcome: str, ground: str, data: Mapping[str, Any]) -> Found:
    """第十四条至第十六条、第三十七条: the article, and whether it can be separated."""
    if ground not in grounds():
        names = "、".join(g.name for g in grounds().values())
        yield Issue("decide.ground", f"请选不予公开的依据：{names}（第十四条至第十六条）。", "ground")
    separable = data.get("separable")
    if not isinstance(separable, bool):
        yield Issue("decide.separable", "请回答能不能区分处理（第三十七条）。", "separable")
    elif outcome == "refused" and separable:
        yield Issue(
            "decide.separable", "能够区分处理的，应当提供可以公开的部分，请选“部分公开”（第三十七条）。", "separable"
        )
    elif outcome == "partial" and not separable:
        yield Issue("decide.separable", "部分公开的前提是能够区分处理（第三十七条）。", "separable")


def _third_party_first(at: Standing) -> Found:
    """第三十二条: Article 15 only after the third party was asked, and not against its consent."""
    asked = [c for c in at.consultations if c.kind == "third_party"]
    if not asked:
        yield Issue("third_party.ask", "依第十五条不予公开之前，要书面征求第三方意见（第三十二条）。", "ground")
    elif all(c.agrees for c in asked):
        yield Issue("third_party.agreed", "第三方同意公开，不能再依第十五条不予公开。", "ground")


def _no_waiting(at: Standing, on: dt.date, calendar: Calendar | None, kinds: tuple[str, ...]) -> Found:
    """第三十二条、第三十四条: who was asked may answer within fifteen working days of being served. What is refused on
    other grounds does not turn on what they say."""
    for one in at.consultations:
        if one.kind in kinds and one.waits(on, calendar):
            who = "第三方" if one.kind == "third_party" else "共同制作机关"
            article = "第三十二条" if one.kind == "third_party" else "第三十四条"
            until = one.lapses(calendar)
            yield Issue(f"{one.kind}.waiting", f"{who}最晚可以在{until}提出意见，收到意见或者期满再决定（{article}）。")


def _objected(at: Standing) -> bool:
    return any(c.kind == "third_party" and c.agrees is False for c in at.consultations)


def _text(data: Mapping[str, Any], code: str) -> str:
    """A text of an answer: its own, or the reason where a play gives one for all."""
    texts = data.get("texts") or {}
    return str(texts.get(code) or (data.get("reason") if not texts else "") or "").strip()
