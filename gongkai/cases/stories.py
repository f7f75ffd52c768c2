"""A case written down as steps, as it comes in a file: checked, its days made days, its numbers numbers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from typing import Any

from gongkai.cases.life import APPLICANTS, VERBS


class BadStory(ValueError):
    """A file that is no story; its text is one Chinese sentence."""


FIRST, LAST = dt.date(2000, 1, 1), dt.date(2190, 12, 31)
BODIES = ("department", "county", "township", "street", "vertical")
"""Kinds of bodies that a story may name."""

PLAYED = (
    "receive", "ask_correction", "correction_received", "correction_lapsed", "ask_third_party", "third_party_replied",
    "ask_co_producer", "co_producer_replied", "approve_extension", "notify_extension", "fee_notice", "fee_paid",
    "fee_lapsed", "decide", "deliver", "withdraw", "complain", "reconsider", "sue", "archive",
)  # fmt: skip
MORE = (
    "confirm", "consultation_served", "ask_reasons", "reasons_given", "set_date", "ask_extension", "decline_extension",
    "complaint_ended", "reconsidered", "judged",
)  # fmt: skip
"""Verbs of the desk that a story may use besides."""

assert set(PLAYED + MORE) <= set(VERBS)


def read_story(story: Any) -> tuple[str, str, list[dict[str, Any]]]:
    """The kind of body, the kind of applicant and the steps of a story. Raises BadStory for what is none."""
    if not isinstance(story, dict):
        raise BadStory("应是一个对象，含 body、applicant、steps")
    try:
        json.dumps(story, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadStory("里面有不是文字的字符（半个代理对），请改掉") from None
    kind = _one_of(story, "body", BODIES, "department")
    applicant = _one_of(story, "applicant", APPLICANTS, "natural")
    steps = story.get("steps")
    if not isinstance(steps, list) or not steps:
        raise BadStory("steps 应是步骤的列表，至少一步")
    out = []
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict) or step.get("verb") not in PLAYED + MORE:
            told = step.get("verb") if isinstance(step, dict) else step
            raise BadStory(f"第{number}步的 verb 不认得“{told}”，可取 {'、'.join(PLAYED + MORE)}")
        made = dict(step)
        for name in ("on", "confirmed_on", "reply_by", "served_on", "copy_received", "date"):
            if name == "on" or made.get(name) is not None:
                made[name] = _day(made.get(name), number, name)
        for names, wanted, say in _TYPES:
            for name in names:
                value = made.get(name)
                if isinstance(value, float) and value.is_integer():
                    value = made[name] = int(value)
                if value is not None and type(value) is not wanted:
                    raise BadStory(f"第{number}步的 {name} 应是{say}")
        out.append(made)
    return kind, applicant, out


_TYPES: tuple[tuple[tuple[str, ...], type, str], ...] = (
    (("channel", "outcome", "ground", "category", "reason", "basis", "result", "party", "asked"), str, "文字"),
    (("agrees", "separable", "accepted"), bool, "true 或者 false"),
    (("days", "amount", "count", "of"), int, "整数"),
    (("texts",), dict, "对象，一项一段文字"),
)


def _one_of(story: Mapping[str, Any], name: str, known: Collection[str], default: str) -> str:
    held = story.get(name)
    if held is not None and not isinstance(held, dict):
        raise BadStory(f'{name} 应是对象，例如 {{"kind": "{default}"}}')
    kind = (held or {}).get("kind", default)
    if not isinstance(kind, str) or kind not in known:
        raise BadStory(f"{name}.kind 不认得“{kind}”，可取 {'、'.join(known)}")
    return kind


def _day(value: Any, number: int, name: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(str(value))
    except ValueError:
        raise BadStory(f"第{number}步的 {name} 应是日期，写成 2021-09-24") from None
    if not FIRST <= day <= LAST:
        raise BadStory(f"第{number}步的 {name} 应在{FIRST.year}年至{LAST.year}年之间")
    return day
