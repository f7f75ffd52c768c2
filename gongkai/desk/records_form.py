"""The form of a record, generated wholly from its kind: what is shown, what was typed, where each refusal belongs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from gongkai.base.issues import Issue
from gongkai.orgs.rules import Viewer
from gongkai.records import content as taking
from gongkai.records import numbers, reads, rules
from gongkai.records.kinds import COMMON, Column, Field, Kind, kinds
from gongkai.records.models import Audience, Content, Record

GRID_ROWS = 40
"""A table with more rows is edited as one sheet of text: a browser form of thousands of cells serves nobody."""
SPARE_ROWS = 3
LOOK_UP = 12
_TYPES = {"formed": "date", "effective": "date", "expires": "date", "review_on": "date"}
_TYPES |= {"body": "rich", "topic": "topic", "summary": "text"}
_HINTS = {
    "document_number": "机关代字〔年份〕序号，如 青政办〔2026〕8号；括号怎样写都认得",
    "keywords": "几个词之间空一格",
    "contact": "单位名称和电话，如 县司法局法规股 0750-1234567",
    "source": "转载的写明来源；本机关的可以不填",
    "body": "可以从Word、WPS或网页粘贴，表格和合并单元格会留下，颜色字号会去掉",
}
_BEFORE_OWN = ("title", "document_number", "issuers", "topic", "formed", "effective", "expires", "summary")


@dataclass
class Widget:
    """One field as the template draws it."""

    name: str
    label: str
    type: str
    value: Any = ""
    required: bool = False
    help: str = ""
    unit: str = ""
    lines: int = 1
    options: Sequence[Any] = ()
    columns: tuple[Column, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    sheet: str | None = None
    linked: list[Any] = field(default_factory=list)
    more: str = ""
    many: bool = True
    kinds: str = ""
    issues: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of its element; findings and refusals link to it."""
        return anchor(self.name)

    @property
    def described(self) -> str:
        """The ids of what describes it, for those who hear the page."""
        parts = [f"{self.id}-help"] if self.help else []
        return " ".join([*parts, *([f"{self.id}-bad"] if self.issues else [])])


def anchor(name: str) -> str:
    """The id of the element in which a field is filled in."""
    return "f-" + re.sub(r"[^a-z0-9_]+", "-", name.lower())


def grouped(viewer: Viewer) -> list[tuple[str, list[Kind]]]:
    """Kinds by group, in their order."""
    out: dict[str, list[Kind]] = {}
    for kind in kinds().values():
        out.setdefault(kind.group, []).append(kind)
    return list(out.items())


# What was typed, and what is kept, in one shape: common elements by name, own fields below "fields".


def typed(kind: Kind, post: QueryDict, viewer: Viewer) -> tuple[dict[str, Any], list[Issue]]:
    """What a form sent, as `content.take` reads it; issues where a linked record was not found."""
    raw: dict[str, Any] = {}
    for key in (*COMMON, "audience", "audience_basis", "review_on", "exemption"):
        if key in post:
            raw[key] = post[key]
    if "has_interpret" in post:
        raw["interpret"] = post.get("interpret", "")
    issues: list[Issue] = []
    fields: dict[str, Any] = {}
    for one in kind.fields:
        name = f"fields.{one.key}"
        if one.type == "table":
            if f"{name}.rows" in post or f"{name}.sheet" in post:
                fields[one.key] = _table(one, name, post)
        elif one.type == "record":
            if f"{name}.there" in post:
                fields[one.key] = _links(one, name, post, viewer, issues)
        elif one.type == "file" and one.many:
            if f"{name}.there" in post:
                fields[one.key] = "；".join(post.getlist(name))
        elif name in post:
            fields[one.key] = post[name]
    raw["fields"] = fields
    return raw, issues


def _table(one: Field, name: str, post: QueryDict) -> list[dict[str, Any]]:
    if f"{name}.sheet" in post:
        rows = pasted(one, str(post[f"{name}.sheet"]))
    else:
        told = str(post[f"{name}.rows"])
        many = min(int(told), 2000) if told.isdigit() and len(told) < 6 else 0
        rows = [{c.key: post.get(f"{name}.{at}.{c.key}", "") for c in one.columns} for at in range(many)]
    rows += pasted(one, post.get(f"{name}.paste", ""))
    return [row for row in rows if any(str(v).strip() for v in row.values())]


def pasted(one: Field, text: str) -> list[dict[str, Any]]:
    """Rows pasted from a sheet."""
    return [dict(row) for row in taking.pasted(one, text)]


def _links(one: Field, name: str, post: QueryDict, viewer: Viewer, issues: list[Issue]) -> list[int]:
    chosen = [int(x) for x in post.getlist(name) if x.isdigit()]
    more = post.get(f"{name}.more", "").strip()
    if more:
        seen = linkable(one, viewer)
        titles = list(seen.filter(pk__in=chosen).values_list("title", flat=True))
        for word in re.split(r"[\s,，、;；]+", more):
            if any(word in title for title in titles):
                continue  # what was searched for and ticked
            found = by_word(seen, word)
            if found is None:
                say = f"没有找到“{word[:30]}”。请填编号或完整的发文字号，或者从搜索结果里勾选。"
                issues.append(Issue("record.link", say, name))
            else:
                chosen.append(found)
    if not one.many:
        chosen = chosen[-1:]
    return list(dict.fromkeys(chosen))


def by_word(seen: Any, word: str) -> int | None:
    """The one record that a typed id or document number means."""
    if word.isdigit() and len(word) < 16:
        found = seen.filter(pk=int(word)).values_list("pk", flat=True).first()
    else:
        found = seen.filter(document_number=numbers.tidy(word)).values_list("pk", flat=True).first()
        if found is None:
            same = list(seen.filter(title=word).values_list("pk", flat=True)[:2])
            found = same[0] if len(same) == 1 else None
    return int(found) if found is not None else None


def linkable(one: Field, viewer: Viewer) -> Any:
    """The records that a field may point to and the viewer may know of."""
    seen = reads.visible(viewer)
    return seen.filter(kind__in=one.kinds) if one.kinds else seen


def look_up(one: Field, word: str, viewer: Viewer) -> list[Record]:
    """What a search by title or document number offers."""
    word = word.strip()
    if not word:
        return []
    return list(reads.narrowed(linkable(one, viewer), reads.Narrow(text=word), viewer.day)[:LOOK_UP])


def kept(content: Content) -> dict[str, Any]:
    """What a draft says, in the shape in which forms send it."""
    raw = {key: _plain(getattr(content, key)) for key in (*COMMON, "audience", "audience_basis", "review_on")}
    raw["exemption"] = content.exemption
    raw["interpret"] = content.interpret
    raw["fields"] = dict(content.fields)
    return raw


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def fresh(kind: Kind, owner: int | None, viewer: Viewer) -> dict[str, Any]:
    """An empty form of a kind."""
    raw: dict[str, Any] = {"audience": kind.audience, "interpret": kind.interpretation == "required", "fields": {}}
    if owner is not None and owner in viewer.tree:
        raw["issuers"] = viewer.tree[owner].name
    return raw


def unsaved(kind: Kind, raw: Mapping[str, Any], onto: Content) -> list[Issue]:
    """Put what was typed into a content that is not saved; what was not understood is told."""
    taken = taking.take(kind, raw)
    fields = taken.values.pop("fields", {})
    for name, value in taken.values.items():
        setattr(onto, name, value)
    onto.fields = {**onto.fields, **fields}
    return taken.issues


# The form.


@dataclass
class Form:
    """Everything the template needs: the elements in their order, those that fold, the rest."""

    kind: Kind
    main: list[Widget]
    folded: list[Widget]
    audience: list[Widget]
    exemption: Widget | None
    interpret: bool
    loose: list[Issue]


def form_of(
    kind: Kind, raw: Mapping[str, Any], viewer: Viewer, issues: Iterable[Issue] = (), files: Sequence[str] = ()
) -> Form:
    """The form of a kind, filled with what is kept or was typed."""
    own = {f.key: f for f in kind.fields}
    named = {*kind.required, *kind.shown, "title"}
    if kind.validity:
        named |= {"effective", "expires"}
    if kind.view in ("document", "page") or not kind.fields:
        named.add("body")
    told: dict[str, list[str]] = {}
    for issue in issues:
        told.setdefault(issue.field, []).append(issue.say)

    def common(key: str) -> Widget:
        return Widget(
            key,
            COMMON[key],
            _TYPES.get(key, "text"),
            raw.get(key) or "",
            key in kind.required or key == "title",
            _HINTS.get(key, ""),
            lines={"summary": 3, "body": 14, "title": 2}.get(key, 1),
            options=topics() if key == "topic" else (),
        )

    fields = raw.get("fields") or {}
    seen = _titles(kind, fields, viewer)
    mine = [_own(one, kind, fields.get(one.key), viewer, seen, files) for one in kind.fields]
    before = [common(k) for k in _BEFORE_OWN if k in named]
    after = [common(k) for k in COMMON if k in named and k not in _BEFORE_OWN]
    folded = [common(k) for k in COMMON if k not in named and k not in own]
    audience = [
        Widget("audience", "公开属性", "choice", raw.get("audience") or "public", True, options=Audience.choices),
        Widget(
            "audience_basis",
            "不主动公开的依据或理由",
            "text",
            raw.get("audience_basis") or "",
            help="选“主动公开”的不填。写法律条款，如 条例第十六条第二款",
            lines=2,
        ),
        Widget("review_on", "下次评估日期", "date", raw.get("review_on") or "", help="不公开的要定（条例第十八条）"),
    ]
    exemption = None
    if kind.interpretation != "none":
        exemption = Widget(
            "exemption",
            "不作解读的理由",
            "text",
            raw.get("exemption") or "",
            help="勾了“应解读”又确实不用解读的才填，理由会留在审核记录里",
            lines=2,
        )
    made = Form(kind, [*before, *mine, *after], folded, audience, exemption, bool(raw.get("interpret")), [])
    every = [*made.main, *made.folded, *made.audience, *([exemption] if exemption else [])]
    by_name = {w.name: w for w in every}
    for name, says in told.items():
        widget = by_name.get(name)
        if widget is not None:
            widget.issues = says
        else:
            made.loose += [Issue("", say, name) for say in says]
    return made


def topics() -> list[tuple[str, list[tuple[str, str]]]]:
    """The classification as groups of options."""
    return [
        (first, [(first, f"{first}（不分二级）"), *((f"{first}\\{s}", s) for s in second)])
        for first, second in rules.topics().items()
    ]


def _titles(kind: Kind, fields: Mapping[str, Any], viewer: Viewer) -> dict[int, Record]:
    ids = {int(x) for f in kind.fields if f.type == "record" for x in fields.get(f.key) or [] if str(x).isdigit()}
    return {r.pk: r for r in reads.visible(viewer).filter(pk__in=ids)} if ids else {}


def linked_of(ids: Iterable[Any], seen: Mapping[int, Record]) -> list[dict[str, Any]]:
    """Linked records as they may be shown: one that the viewer may not know of has no title."""
    out = []
    for pk in ids:
        record = seen.get(int(pk)) if str(pk).isdigit() else None
        out.append(
            {
                "pk": pk,
                "title": record.title if record else f"编号{pk}（您看不到的信息）",
                "number": record.document_number if record else "",
            }
        )
    return out


def _own(
    one: Field, kind: Kind, value: Any, viewer: Viewer, seen: Mapping[int, Record], files: Sequence[str]
) -> Widget:
    made = Widget(
        f"fields.{one.key}",
        one.shown,
        one.type,
        "" if value is None else value,
        one.required or one.key in kind.required,
        one.help,
        one.unit,
        6 if one.type == "rich" else one.lines,
        many=one.many,
        kinds=one.key,
    )
    if one.type == "choice":
        made.options = [(c, c) for c in one.choices]
    elif one.type == "organisation":
        made.options = [(str(n.id), viewer.tree.path(n.id)) for n in viewer.tree.live()]
        made.value = str(made.value)
    elif one.type == "file":
        chosen = [n for n in str(made.value).split("；") if n] if one.many else [str(made.value)] if made.value else []
        names = [*dict.fromkeys([*chosen, *files])]
        made.options = [(n, n in chosen) for n in names]
        if not names:
            made.help = (made.help + " 先在右边上传附件，再从这里选。").strip()
    elif one.type == "record":
        made.linked = linked_of(value or [], seen)
    elif one.type == "table":
        rows = value if isinstance(value, list) else []
        made.columns = one.columns
        if len(rows) > GRID_ROWS:
            made.sheet = as_sheet(one, rows)
        else:
            blank = [""] * len(one.columns)
            made.rows = [[str(r.get(c.key) or "") for c in one.columns] for r in rows]
            made.rows += [list(blank) for _ in range(SPARE_ROWS)]
    return made


def as_sheet(one: Field, rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as they are pasted into a sheet: headings, then cells between tabs."""
    lines = ["\t".join(c.label for c in one.columns)]
    lines += ["\t".join(str(r.get(c.key) or "").replace("\t", " ") for c in one.columns) for r in rows]
    return "\n".join(lines)


# A content to be read.


@dataclass
class Part:
    """One element of a content, for reading."""

    key: str
    label: str
    type: str
    value: Any = ""
    columns: tuple[Column, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    linked: list[dict[str, Any]] = field(default_factory=list)


def parts_of(kind: Kind, content: Content, viewer: Viewer | None) -> list[Part]:
    """What a content says, element by element, empty ones left out; the body comes last."""
    out = [
        Part(key, label, _TYPES.get(key, "text"), getattr(content, key))
        for key, label in COMMON.items()
        if key not in ("title", "body") and getattr(content, key)
    ]
    ids = {int(x) for f in kind.fields if f.type == "record" for x in content.fields.get(f.key) or []}
    seen = {r.pk: r for r in reads.visible(viewer).filter(pk__in=ids)} if ids else {}
    for one in kind.fields:
        value = content.fields.get(one.key)
        if value in (None, "", [], {}):
            continue
        part = Part(one.key, one.shown, one.type, value)
        if one.type == "table":
            part.columns = one.columns
            part.rows = [[str(r.get(c.key) or "") for c in one.columns] for r in value]
            part.totals = _totals(one, value)
        elif one.type == "record":
            part.linked = linked_of(value, seen)
        elif one.type == "organisation" and viewer is not None:
            part.value = viewer.tree[int(value)].name if int(value) in viewer.tree else ""
        elif one.type == "date":
            part.value = _day(value)
        out.append(part)
    return out


def _day(value: Any) -> Any:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return value


def _totals(one: Field, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not any(c.total for c in one.columns):
        return []
    out = []
    for at, column in enumerate(one.columns):
        if column.total:
            sums = [taking.amount(r.get(column.key)) for r in rows if r.get(column.key) not in (None, "")]
            out.append(format(sum(s for s in sums if s is not None), "f"))
        else:
            out.append("合计" if at == 0 else "")
    return out
