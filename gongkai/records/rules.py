"""What must hold of a content before it may go out, and what the validity of a document is on a day. No writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.law import clocks
from gongkai.records import numbers
from gongkai.records.checks import Finding, marks, names, personal, tables, wording
from gongkai.records.content import amount, text_of
from gongkai.records.kinds import Cadence, Check, Kind
from gongkai.records.models import Audience, Content, How, Record


@lru_cache(maxsize=1)
def topics() -> dict[str, list[str]]:
    """主题分类: the 22 classes of the government sites, each with its second level."""
    import tomllib

    data = tomllib.loads((files("gongkai.records") / "topics.toml").read_text("utf-8"))
    found: dict[str, list[str]] = data["topics"]
    return found


def topic_known(topic: str) -> bool:
    """Whether 一级\\二级 (or a first level alone) is in the classification."""
    first, _, second = topic.partition("\\")
    return first in topics() and (not second or second in topics()[first])


def filled(kind: Kind, content: Content, key: str) -> bool:
    """Whether an element or a field says something."""
    value = content.fields.get(key) if key in {f.key for f in kind.fields} else getattr(content, key)
    if key == "body":
        return bool(text_of(content.body)) or bool(content.attachments)
    return value not in (None, "", [], {})


def missing(kind: Kind, content: Content) -> list[Finding]:
    """Elements and fields that the kind demands and that are empty."""
    wanted = [*dict.fromkeys(("title", *kind.required)), *(f.key for f in kind.fields if f.required)]
    out = [
        Finding(
            "missing",
            "block",
            f"{kind.label(key)}没有填。{kind.name}必须有这一项（{kind.basis}）。",
            field=_name(kind, key),
        )
        for key in dict.fromkeys(wanted)
        if not filled(kind, content, key)
    ]
    if content.topic and not topic_known(content.topic):
        out.append(Finding("topic", "block", "主题分类不在政府网站主题分类里，请从列表选。", field="topic"))
    if content.document_number and not numbers.well_formed(content.document_number):
        say = f"“{content.document_number}”不像发文字号，应为 机关代字〔年份〕序号，如 青政办〔2026〕8号。"
        out.append(Finding("number", "block" if kind.numbered else "warn", say, field="document_number"))
    if content.audience != Audience.PUBLIC and not content.audience_basis:
        say = "不主动公开的要写依据或理由（国办发〔2016〕80号：没有理由的退文）。"
        out.append(Finding("audience", "block", say, field="audience_basis"))
    if content.audience in (Audience.ON_REQUEST, Audience.INTERNAL) and content.review_on is None:
        say = "不公开的信息要定下次评估的日期（条例第十八条：定期评估审查）。"
        out.append(Finding("audience", "block", say, field="review_on"))
    if content.effective and content.expires and content.expires < content.effective:
        out.append(Finding("interval", "block", "有效期至早于施行日期。", field="expires"))
    if kind.max_years and content.effective and content.expires:
        trial = bool(kind.trial_years) and _trial(content.title)
        years = kind.trial_years if trial else kind.max_years
        if content.expires > _years_later(content.effective, years):
            trials = f"，试行、暂行的不超过{kind.trial_years}年" if kind.trial_years else ""
            say = f"有效期超过{years}年。规范性文件有效期一般不超过{kind.max_years}年{trials}（以本省规定为准）。"
            out.append(Finding("term", "warn", say, field="expires"))
    return out


def _trial(title: str) -> bool:
    return "试行" in title or "暂行" in title


def _years_later(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _name(kind: Kind, key: str) -> str:
    return f"fields.{key}" if key in {f.key for f in kind.fields} else key


def declared(kind: Kind, content: Content) -> list[Finding]:
    """The checks that the kind's file declares."""
    out: list[Finding] = []
    for check in kind.checks:
        if not _holds(kind, content, check):
            say = check.say + (f"（{check.basis}）" if check.basis else "")
            named = check.table or check.end or check.left[:1] or check.fields[:1] or ("body",)
            key = named if isinstance(named, str) else named[0].lstrip("-").partition(".")[0]
            out.append(Finding(check.kind, check.level, say, field=_name(kind, key)))
    return out


def _holds(kind: Kind, content: Content, check: Check) -> bool:
    if check.kind == "any_of":
        return any(filled(kind, content, key) for key in check.fields)
    if check.kind == "mentions":
        # A plan that lists the elements is not an interpretation that has them: only what is read as text counts.
        rich = [text_of(str(content.fields.get(f.key) or "")) for f in kind.fields if f.type == "rich"]
        text = "".join([content.title, text_of(content.body), *rich])
        return any(word in text for word in check.words)
    if check.kind == "distinct_files":
        digests = [a["digest"] for a in content.attachments]
        return len(set(digests)) == len(digests)
    if check.kind == "unique":
        values = [r.get(check.column) for r in content.fields.get(check.table) or [] if r.get(check.column)]
        return len(set(values)) == len(values)
    if check.kind == "interval":
        rows = content.fields.get(check.table) or [] if check.table else [_flat(content)]
        return all(_interval(row, check) for row in rows)
    rows = content.fields.get(check.table) or [] if check.table else [_flat(content)]
    return all(_compare(row, content, check) for row in rows)


def _flat(content: Content) -> dict[str, Any]:
    columns = {key: getattr(content, key) for key in ("formed", "effective", "expires")}
    return {**columns, **content.fields}


def _interval(row: Mapping[str, Any], check: Check) -> bool:
    start, end = _day(row.get(check.start)), _day(row.get(check.end))
    if start is None or end is None:
        return True
    return start <= end and (not check.max_years or end <= _years_later(start, check.max_years))


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _compare(row: Mapping[str, Any], content: Content, check: Check) -> bool:
    left, right = _sum(row, content, check.left), _sum(row, content, check.right)
    if left is None or right is None:  # nothing filled in yet is told as missing, not as wrong
        return True
    if check.op == "at_most":
        return left <= right
    if check.op == "at_least":
        return left >= right
    return left == right


def _sum(row: Mapping[str, Any], content: Content, names: Iterable[str]) -> Decimal | None:
    """Sum of fields, columns (over all rows) and constants; a minus before a name subtracts. None when all are empty."""
    total, any_there = Decimal(0), False
    for name in names:
        sign, plain = (-1, name[1:]) if name.startswith("-") else (1, name)
        constant = amount(plain)
        if constant is not None:
            total += sign * constant
            continue
        key, _, column = plain.partition(".")
        values = [r.get(column) for r in content.fields.get(key) or []] if column else [row.get(key)]
        for value in values:
            number = amount(value) if value not in (None, "") else None
            if number is not None:
                total, any_there = total + sign * number, True
    return total if any_there else None


def personal_data(kind: Kind, content: Content) -> list[Finding]:
    """Personal data in the text and the fields; in attachments it was looked for when they were put in."""
    out: list[Finding] = []
    places = [("title", "标题", content.title), ("summary", "内容概述", content.summary)]
    places += [("body", "正文", text_of(content.body)), ("contact", "咨询方式", content.contact)]
    for one in kind.fields:
        held = content.fields.get(one.key)
        if one.type == "table":
            rows = [[row.get(c.key, "") for c in one.columns] for row in held or []]
            labels = [c.label for c in one.columns]
            out += tables.findings(labels, rows, where=one.label, field=f"fields.{one.key}")
        elif isinstance(held, str) and held:
            places.append((f"fields.{one.key}", one.label, text_of(held) if one.type == "rich" else held))
    for key, label, text in places:
        out += personal.findings(text, where=label, field=key)
    out += _uncovered(kind, content)
    for index, attachment in enumerate(content.attachments):
        for held in attachment.get("findings", []):
            out.append(Finding(**{**held, "field": f"attachments.{index}"}))
    return out


def _placed(finding: Finding, field: str, where: str) -> Finding:
    return Finding(finding.rule, finding.level, finding.say, where, field, finding.found, finding.masked)


def _uncovered(kind: Kind, content: Content) -> list[Finding]:
    """Names in columns of which the kind says that they are covered: 救助补贴类名单隐名."""
    out: list[Finding] = []
    for mask in kind.masks:
        for place in mask.where if mask.what == "name" else ():
            key, _, column = place.partition(".")
            rows = content.fields.get(key) or [] if column else []
            bare = [at for at, row in enumerate(rows, 1) if names.is_name(str(row.get(column) or ""))]
            if bare:
                label = kind.field(key).label
                say = f"{label}有{len(bare)}行姓名没有遮盖（第{bare[0]}行起）；这类名单要隐名，按“一键遮盖”。"
                out.append(Finding("personal.name", "block", say, label, f"fields.{key}"))
    return out


def wording_of(kind: Kind, content: Content) -> list[Finding]:
    """Marks of secrecy, common wrong characters, maps without their number."""
    out: list[Finding] = []
    places = [
        ("title", "标题", content.title),
        ("body", "正文", text_of(content.body)),
        ("summary", "概述", content.summary),
    ]
    for one in kind.fields:
        held = content.fields.get(one.key)
        if isinstance(held, str) and one.type in ("text", "rich"):
            places.append((f"fields.{one.key}", one.label, text_of(held)))
    for key, label, text in places:
        out += marks.find(text, where=label, field=key)
        out += [_placed(f, key, label) for f in wording.find(text)]
    for index, attachment in enumerate(content.attachments):
        has_map = attachment.get("map") or marks.looks_like_map(f"{attachment.get('name')} {attachment.get('alt', '')}")
        if has_map and not marks.map_number(str(attachment.get("map_number", ""))):
            level = "block" if attachment.get("map") else "warn"
            say = "含地图的附件要填审图号，如 GS（2024）1234号（地图管理条例第十五条、测绘法第三十八条）。"
            out.append(Finding("map", level, say, f"附件《{attachment['name']}》", f"attachments.{index}"))
        picture = str(attachment.get("media", "")).startswith(("image/", "video/"))
        if picture and not attachment.get("alt"):
            say = "图片和视频要写替代文字，看不见的人才知道里面是什么。"
            out.append(Finding("alt", "warn", say, f"附件《{attachment['name']}》", f"attachments.{index}"))
    return out


def examine(kind: Kind, content: Content) -> list[Finding]:
    """Everything that can be said of a content by itself, what blocks first."""
    found = [
        *missing(kind, content),
        *declared(kind, content),
        *personal_data(kind, content),
        *wording_of(kind, content),
    ]
    return sorted(dict.fromkeys(found), key=lambda f: f.level != "block")


def interpretation_wanted(kind: Kind, content: Content) -> bool:
    """Whether the document may go out only together with its interpretation (三同步)."""
    return content.interpret and not content.exemption and kind.interpretation != "none"


VALIDITY = {
    "valid": "现行有效",
    "pending": "尚未施行",
    "modified": "已修改",
    "lapsed": "失效",
    "repealed": "废止",
    "invalid": "宣布失效",
}
"""What may be said of a document's validity."""


def validity(record: Record, day: dt.date) -> str:
    """Validity of what is out, on a day: a decision first, then the dates printed in the document."""
    if record.ended_on and record.ended_on <= day:
        return "repealed" if record.ended_how == How.REPEAL else "invalid"
    if record.expires and record.expires < day:
        return "lapsed"
    if record.effective and record.effective > day:
        return "pending"
    return "modified" if record.amended_on and record.amended_on <= day else "valid"


def stands(state: str) -> bool:
    """Whether a document of this validity may still be relied on."""
    return state in ("valid", "modified", "pending")


def due(cadence: Cadence, content: Content) -> clocks.Due | None:
    """By when a record of this content must be out, by one cadence of its kind; None while its date is not known."""
    start = (
        _day(content.fields.get(cadence.of)) if cadence.of in content.fields else _day(_flat(content).get(cadence.of))
    )
    if cadence.kind != "within" or start is None:
        return None
    if cadence.rule:
        rule = next(r for r in clocks.rules() if r.code == cadence.rule)
        return clocks.due(cadence.rule, {rule.start[-1]: start})
    return clocks.after(cadence.amount, cadence.unit, start)
