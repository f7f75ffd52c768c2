"""The form of a kind: its widgets in their order, drawn from what was typed or kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.base.issues import Issue
from gongkai.desk.records_typed import linked_of
from gongkai.orgs.rules import Viewer
from gongkai.records import reads, rules
from gongkai.records.kinds import COMMON, Column, Field, Kind, kinds
from gongkai.records.models import Audience, Record

GRID_ROWS = 40
"""A table with more rows is edited as one sheet of text: a browser form of thousands of cells serves nobody."""
SPARE_ROWS = 3
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
