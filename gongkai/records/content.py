"""What people type, taken into a record's content: text cleaned, values typed by the kind, nothing guessed."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import nh3

from gongkai.base.issues import Issue
from gongkai.records import numbers
from gongkai.records.kinds import COMMON, Column, Field, Kind
from gongkai.records.models import Audience

_TAGS = {
    *("p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "sub", "sup", "blockquote", "hr"),
    *("ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "a"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"rowspan", "colspan"},
    "th": {"rowspan", "colspan", "scope"},
    "ol": {"start", "type"},
}
_HTML = re.compile(r"<(?:p|div|table|br|h[1-6]|span|ul|ol|li|strong|b|em|a|o:p|html|body|!--)\b[^>]*>|<!--", re.I)


def clean(text: str) -> str:
    """Safe HTML of what was typed or pasted from Word, WPS or a web page; tables keep their merged cells.

    Plain text becomes paragraphs; lines of |cells| become a table.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _HTML.search(text):
        return _paragraphs(text)
    # Word and WPS put each line into a div or a heading of their own making.
    text = re.sub(r"<(/?)h1\b", r"<\1h2", text, flags=re.I)
    text = re.sub(r"<(/?)h[56]\b", r"<\1h4", text, flags=re.I)
    text = re.sub(r"<(/?)div\b[^>]*>", r"<\1p>", text, flags=re.I)
    made = nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        clean_content_tags={"script", "style", "title", "xml"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    made = re.sub(r"<p>(?:\s|&nbsp;|<br>)*</p>", "", made.replace("\u3000", " ").replace("\u200b", ""))
    return re.sub(r"\n{2,}", "\n", made).strip()


def _paragraphs(text: str) -> str:
    out: list[str] = []
    rows: list[list[str]] = []

    def flush() -> None:
        if rows:
            head, *rest = rows
            cells = "".join(f"<th>{html.escape(c)}</th>" for c in head)
            body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rest)
            out.append(f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>")
            rows.clear()

    for line in text.split("\n"):
        line = line.strip(" \t\u3000")
        if line.startswith("|") and line.endswith("|") and line.count("|") > 2:
            cells = [c.strip() for c in line[1:-1].split("|")]
            if not all(re.fullmatch(r":?-{2,}:?", c) for c in cells):
                rows.append(cells)
            continue
        flush()
        if line:
            out.append(f"<p>{html.escape(line, quote=False)}</p>")
    flush()
    return "\n".join(out)


def text_of(markup: str) -> str:
    """The words of safe HTML, a line for each paragraph or row."""
    text = re.sub(r"</(?:p|h[2-4]|li|tr|caption|blockquote)>|<br ?/?>|<hr ?/?>", "\n", markup)
    text = re.sub(r"</t[dh]>", "\t", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()


@dataclass
class Taken:
    """What was understood, and what was not."""

    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


_DATES = {"formed", "effective", "expires", "review_on"}
_FLAGS = {"interpret"}
_LENGTHS = {"title": 300, "document_number": 80, "issuers": 300, "topic": 60, "keywords": 200, "source": 120}
_LENGTHS |= {"contact": 200}
_LABELS = {**COMMON, "review_on": "下次评估日期", "audience": "公开属性", "audience_basis": "不公开的依据或理由"}


def take(kind: Kind, raw: Mapping[str, Any]) -> Taken:
    """The columns and fields of a content from what was typed; keys that are not there stay out."""
    taken = Taken()
    for key in (*COMMON, "audience", "audience_basis", "review_on", "interpret", "exemption"):
        if key not in raw:
            continue
        value = raw[key]
        if key in _DATES:
            taken.values[key] = _date(value, _LABELS[key], key, taken.issues)
        elif key in _FLAGS:
            taken.values[key] = value in (True, "1", "on", "true", "是")
        elif key == "body":
            taken.values[key] = clean(str(value or ""))
        elif key == "audience":
            if value not in Audience.values:
                taken.issues.append(Issue("record.audience", "公开属性只能从列出的几项里选。", key))
            else:
                taken.values[key] = value
        else:
            plain = re.sub(r"[ \t\u3000]+", " ", str(value or "")).strip()
            if key == "document_number" and plain:
                plain = numbers.tidy(plain)
            limit = _LENGTHS.get(key)
            if limit and len(plain) > limit:
                taken.issues.append(Issue("record.long", f"{_LABELS[key]}最长{limit}个字，现在{len(plain)}个。", key))
            taken.values[key] = plain
    fields = raw.get("fields")
    if fields is not None:
        taken.values["fields"] = {
            one.key: typed(one, fields.get(one.key), taken.issues) for one in kind.fields if one.key in fields
        }
    return taken


def typed(one: Field, raw: Any, issues: list[Issue]) -> Any:
    """A field's value as it is kept: dates as ISO text, numbers as exact text, tables as rows, records as ids."""
    if one.type == "rich":
        return clean(str(raw or ""))
    if one.type == "table":
        return _rows(one, raw or [], issues)
    if one.type == "record":
        return _ids(raw)
    if one.type == "organisation":
        return int(raw) if str(raw or "").isdigit() else None
    return _plain(one, raw, one.label, f"fields.{one.key}", issues)


def _plain(one: Field | Column, raw: Any, label: str, name: str, issues: list[Issue]) -> Any:
    if raw is None or raw == "":
        return ""
    if one.type == "date":
        day = _date(raw, label, name, issues)
        return day.isoformat() if day else str(raw)
    if one.type in ("number", "money"):
        number = amount(raw)
        if number is None:
            issues.append(Issue("record.number", f"{label}要填数字，现在是“{str(raw)[:20]}”。", name))
            return str(raw)
        return format(number, "f")
    text = str(raw).strip()
    if one.type == "choice" and text not in one.choices:
        issues.append(Issue("record.choice", f"{label}只能是：{'、'.join(one.choices)}。", name))
    return text


def amount(raw: Any) -> Decimal | None:
    """A number as people write it: 1,234.50, １２３４, 12.5; None where it is none."""
    plain = numbers.narrow(str(raw)).replace(",", "").replace("，", "").strip()
    plain = plain.replace("．", ".").replace("－", "-")
    try:
        made = Decimal(plain)
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def _rows(one: Field, raw: Any, issues: list[Issue]) -> list[dict[str, Any]]:
    if isinstance(raw, str):
        raw = pasted(one, raw)
    out: list[dict[str, Any]] = []
    for at, row in enumerate(raw, 1):
        if not any(str(v or "").strip() for v in row.values()):
            continue
        made = {}
        for column in one.columns:
            label = f"{one.label}第{at}行{column.label}"
            made[column.key] = _plain(column, row.get(column.key), label, f"fields.{one.key}", issues)
            if column.required and made[column.key] == "":
                issues.append(Issue("record.cell", f"{label}没有填。", f"fields.{one.key}"))
        out.append(made)
    return out


def pasted(one: Field, text: str) -> list[dict[str, str]]:
    """Rows pasted from a sheet: cells between tabs, in the order of the columns; a first row of headings is known."""
    lines = [line for line in text.replace("\r", "").split("\n") if line.strip()]
    cells = [[c.strip() for c in (line.split("\t") if "\t" in line else line.strip("|").split("|"))] for line in lines]
    keys = [c.key for c in one.columns]
    if cells:
        by_label = {c.label: c.key for c in one.columns}
        head = [by_label.get(re.sub(r"[（(].*?[）)]$", "", c)) or by_label.get(c) for c in cells[0]]
        whole = all(h is not None for h, c in zip(head, cells[0], strict=True) if c) and any(cells[0])
        if whole or sum(h is not None for h in head) >= max(2, len(keys) // 2):
            keys, cells = [h or "" for h in head], cells[1:]
    return [{k: c for k, c in zip(keys, row, strict=False) if k} for row in cells]


def _ids(raw: Any) -> list[int]:
    if raw is None or raw == "":
        return []
    parts: Iterable[Any] = re.split(r"[\s,，、]+", raw) if isinstance(raw, str) else raw
    if isinstance(raw, int):
        parts = [raw]
    return list(dict.fromkeys(int(p) for p in parts if str(p).isdigit()))


_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def _date(raw: Any, label: str, name: str, issues: list[Issue]) -> dt.date | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    match = _DAY.fullmatch(numbers.narrow(str(raw)).strip())
    if match:
        try:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    issues.append(Issue("record.date", f"{label}写成 2026年3月5日 或 2026-03-05，现在是“{str(raw)[:20]}”。", name))
    return None


_INLINE = r"strong|b|em|i|u|sub|sup|a"


def cover_html(markup: str, cover: Callable[[str], str]) -> str:
    """Safe HTML with `cover` applied to its words; where what is found runs over several tags, they go."""

    def block(inner: str) -> str:
        words = html.unescape(re.sub(r"<[^>]+>", "", inner))
        if cover(words) == words:
            return inner
        pieces = re.split(r"(<[^>]+>)", inner)
        made = "".join(p if p.startswith("<") else html.escape(cover(html.unescape(p)), quote=False) for p in pieces)
        left = html.unescape(re.sub(r"<[^>]+>", "", made))
        return made if cover(left) == left else html.escape(cover(words), quote=False)

    # Between two tags that are not for single words stands one run of words.
    parts = re.split(rf"(<(?!/?(?:{_INLINE})\b)[^>]*>)", markup)
    return "".join(part if at % 2 else block(part) for at, part in enumerate(parts))
