"""Checks on reconsideration, suit and what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from gongkai.base.issues import Issue
from gongkai.cases.life import RESULTS, Standing
from gongkai.cases.rules.types import Check, Found
from gongkai.law import clocks
from gongkai.law.calendar import Calendar


def _dispute(at: Standing, on: dt.date, verb: str, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
    kind, begin = ("行政复议", "申请行政复议") if verb == "reconsider" else ("行政诉讼", "提起行政诉讼")
    if any(d.ended is None for d in at.about_this(verb)):
        yield Issue("dispute.open", f"已经有一件没有办结的{kind}。")
    if at.withdrawn:
        yield Issue("dispute.ripe", f"申请已经撤回，没有可以{begin}的行为。")
        return
    told = at.told
    if told is None:
        limit = at.due(calendar)
        if not (limit is not None and at.running and on > limit.day):
            yield Issue(
                "dispute.ripe",
                f"还没有送达答复，也没有逾期，不能{begin}（行政复议法第二十条、行政诉讼法第四十六条）。",
            )
        return
    if data.get("accepted"):
        return  # the organ or the court took it in; whether it was late is theirs to say
    yield from _dispute_period(at, on, verb, told, calendar)


def _dispute_period(at: Standing, on: dt.date, verb: str, told: dt.date, calendar: Calendar | None) -> Found:
    if verb == "reconsider":
        until = clocks.due("reconsideration", {"known": told}, calendar).day
        if on > until:
            yield Issue("reconsider.period", f"申请行政复议的期限到{until}为止；复议机关已经受理的，请注明。", "on")
        return
    before = at.about_this("reconsider")
    if at.remedy == "B" and not before:
        say = "不予公开的决定应当先申请行政复议（行政复议法第二十三条）；法院已经受理的，请注明。"
        yield Issue("remedy.first", say)
        return
    ended = [d.ended for d in before if d.ended]
    if ended:
        until = clocks.due("suit_after_reconsideration", {"decision_received": max(ended)}, calendar).day
    elif before:
        return  # when the organ that reconsiders decided is not known here
    else:
        until = clocks.due("direct_suit", {"known": told}, calendar).day
    if on > until:
        yield Issue(
            "sue.period", f"起诉的期限到{until}为止（行政诉讼法第四十五条、第四十六条）；法院已经受理的，请注明。", "on"
        )


def _result(kind: str, name: str) -> Check:
    def look(at: Standing, on: dt.date, data: Mapping[str, Any], calendar: Calendar | None) -> Found:
        if not any(d.kind == kind and d.ended is None for d in at.disputes):
            yield Issue("dispute.none", f"没有等待结果的{name}。")
        if kind != "complain" and data.get("result") not in RESULTS:
            yield Issue("dispute.result", f"请选结果：{'、'.join(RESULTS.values())}。", "result")

    return look


CHECKS: dict[str, Check] = {
    "reconsider": lambda at, on, data, calendar: _dispute(at, on, "reconsider", data, calendar),
    "sue": lambda at, on, data, calendar: _dispute(at, on, "sue", data, calendar),
    "complaint_ended": _result("complain", "投诉举报"),
    "reconsidered": _result("reconsider", "行政复议"),
    "judged": _result("sue", "行政诉讼"),
}
