"""From the fields of a case to what a template may print: checked, cleaned, and nothing besides."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from gongkai.base.issues import Issue, Refused
from gongkai.cases.letters.kinds import LetterKind, fields

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"\s*(?:\r\n|[\r\n\u2028\u2029])\s*")
_ENDS = "。！？…"
_CLOSERS = "”’》）〕』」"
MAX_TEXT = 20_000
"""Characters of one field: a letter that is longer wants an attachment."""
MAX_ITEMS = 200


def date(value: object) -> str:
    """2026年3月2日: Arabic digits without leading noughts (GB/T 9704-2012). Nothing for no date."""
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, dt.date) else ""


def bare(value: object) -> str:
    """A text without the stop at its end, to stand inside a sentence."""
    return shown(value).rstrip("。；;.，, ")


def sentence(value: object) -> str:
    """A text with a full stop at its end, whether or not it was typed with one."""
    text = shown(value).rstrip("；;，, ")
    if not text or text.rstrip(_CLOSERS).endswith(tuple(_ENDS)):
        return text
    return text.rstrip(".") + "。"


FILTERS: dict[str, Callable[[object], str]] = {"date": date, "sentence": sentence, "bare": bare}
"""All that a template may do with a field."""


def shown(value: object) -> str:
    """How a value stands in a letter when no filter is asked for: a date is never printed as a computer writes it."""
    if isinstance(value, dt.date):
        return date(value)
    return "" if value is None else str(value)


def _text(value: str) -> str:
    # \a is how docxtpl is told to begin a new paragraph; what was typed as a break becomes one, indented like the first.
    return _ILLEGAL.sub("", _BREAKS.sub("\n", value.strip()).replace("\t", " ")).replace("\n", "\a")


def _read(type_: str, value: object) -> Any:
    """A value of its type, None when it is not one; an empty value is the empty text."""
    if value is None or value == "" or value == [] or value == ():
        return ""
    if type_ == "day":
        if isinstance(value, dt.datetime):
            return value.date()
        return value if isinstance(value, dt.date) else None
    if type_ == "number":
        return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
    if type_ == "list":
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value) or len(value) > MAX_ITEMS:
            return None
        return [text for text in (_text(v[:MAX_TEXT]) for v in value) if text] or ""
    return _text(value) if isinstance(value, str) and len(value) <= MAX_TEXT else None


_WANTED = {
    "day": "应当是一个日期",
    "number": "应当是正整数",
    "list": f"应当逐项填写，不超过{MAX_ITEMS}项",
    "text": f"应当是不超过{MAX_TEXT}字的文字",
}


def context(kind: LetterKind, given: Mapping[str, object]) -> dict[str, Any]:
    """What the template of a letter is given: its own fields only, each one of them, empty where nothing was given.

    A field that the letter does not take is dropped here, so that no template, however it was edited, can print in a
    letter to a third party who asked. Raises Refused with one issue for each field that is missing or of a wrong type.
    """
    issues: list[Issue] = []
    out: dict[str, Any] = {}
    for code in kind.fields:
        field = fields()[code]
        value = _read(field.type, given.get(code))
        if value is None:
            issues.append(
                Issue("letter.field", f"《{kind.name}》的“{field.name}”填写有误：{_WANTED[field.type]}，请改正。", code)
            )
        elif value == "" and code in kind.needs:
            issues.append(Issue("letter.field", f"《{kind.name}》缺少“{field.name}”，请补充后再生成。", code))
        out[code] = value if value != "" or field.type != "list" else []
    if issues:
        raise Refused(*issues)
    return out
