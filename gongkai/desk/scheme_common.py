"""What the pages of schemes share: the form of a line, what is chosen in it, what a proposal changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, QueryDict

from gongkai.base.issues import Issue
from gongkai.desk.forms import day_of
from gongkai.orgs.models import Kind
from gongkai.orgs.rules import Viewer
from gongkai.records.kinds import kinds
from gongkai.scheme import actions, reads
from gongkai.scheme.models import Line, Proposal, Scheme

PAGE = 50
LABELS = {
    "number": "序号",
    "area": "领域",
    "level1": "一级事项",
    "level2": "二级事项",
    "content": "公开内容（要素）",
    "basis": "公开依据",
    "limit_text": "公开时限",
    "owner_text": "公开主体（原文）",
    "audience_group": "特定群体",
    "audience_all": "全社会",
    "proactive": "主动",
    "on_request": "依申请",
    "county": "县级",
    "township": "乡级",
    "kinds": "信息种类",
    "owners": "公开主体",
}


def choices_of(viewer: Viewer, near: int | None = None) -> list[tuple[int, str]]:
    """Every organisation of the tree as it is chosen in a form, in the order of the tree; the county of `near` first."""
    tree = viewer.tree
    out: list[tuple[int, str]] = []

    def walk(pk: int, depth: int) -> None:
        if not tree[pk].gone:
            out.append((pk, "　" * depth + tree[pk].name))
        for child in tree[pk].children:
            walk(child, depth + 1)

    for root in tree.roots():
        walk(root.id, 0)
    if near is not None and near in tree:
        county = next((a for a in tree.above(near) if tree[a].kind == Kind.COUNTY), near)
        inside = tree.subtree(county)
        out.sort(key=lambda c: c[0] not in inside)
    return out


def groups_of(viewer: Viewer, body: int) -> dict[str, tuple[str, list[int]]]:
    """Words for many, as they stand in the tree of the county of a body."""
    tree = viewer.tree
    above = tree.above(body)
    top = next((a for a in above if tree[a].kind in (Kind.COUNTY, Kind.CITY)), body)
    below = [n for n in tree.live() if n.id in tree.subtree(top)]
    found = {
        "towns": ("各镇（街道）", [n.id for n in below if n.kind in (Kind.TOWNSHIP, Kind.STREET)]),
        "departments": ("各部门", [n.id for n in below if n.kind == Kind.DEPARTMENT and n.parent == top]),
    }
    return {key: (name, ids) for key, (name, ids) in found.items() if ids}


def kinds_of(chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
    """(code, name, chosen) of every kind of record, those chosen first."""
    held = set(chosen)
    every = [(code, kind.name, code in held) for code, kind in kinds().items()]
    return sorted(every, key=lambda k: not k[2])


def said_of(issues: Sequence[Issue]) -> dict[str, str]:
    """What is to be said at each field."""
    return {i.field: i.say for i in issues if i.field}


def scheme_of(viewer: Viewer, pk: int) -> Scheme:
    """A scheme that the viewer may read, else 404."""
    found = reads.readable(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def adopted_on(values: Mapping[str, str], empty: dt.date) -> dt.date:
    """The day from which a scheme is to bind, as a form sends it."""
    return day_of(values.get("adopted_on", ""), "施行日期", field="adopted_on", empty=empty) or empty


def kind_names(codes: Iterable[str]) -> list[str]:
    """The names of kinds."""
    return [kinds()[c].name if c in kinds() else c for c in codes]


def line_form(values: Mapping[str, Any], viewer: Viewer, body: int, maybe: Iterable[int] = ()) -> dict[str, Any]:
    """What the form of a line shows: its words, its owners first among all organisations, its kinds first."""
    held = {int(o) for o in values.get("owners", []) if str(o).isdigit()}
    likely = held | set(maybe)
    tree = viewer.tree
    return {
        "line": values,
        "owners": [(o, tree.path(o), o in held) for o in sorted(likely) if o in tree and not tree[o].gone],
        "others": [(o, name) for o, name in choices_of(viewer, body) if o not in likely],
        "kinds": kinds_of(values.get("kinds", [])),
    }


def typed(post: QueryDict) -> dict[str, Any]:
    """A line as a form sends it; ticks that are not sent are not set."""
    values: dict[str, Any] = {name: post.get(name, "") for name in actions.TEXTS if name in post}
    if "has_flags" in post:
        values.update({name: post.get(name) == "1" for name in actions.FLAGS})
    if "has_owners" in post:
        values["owners"] = [int(o) for o in post.getlist("owners") if o.isdigit()]
        values["kinds"] = post.getlist("kinds")
    return values


def shown(proposal: Proposal, viewer: Viewer) -> list[tuple[str, str, str]]:
    """What a proposal changes: (column, before, after)."""
    before = proposal.values.get("before", {})
    out = []
    for name, label in LABELS.items():
        if name not in proposal.values:
            continue
        line = proposal.line
        if name in before:
            old: Any = before[name]
        elif proposal.accepted is None and line is not None and proposal.verb == "change":
            old = standing_owners(line) if name == "owners" else getattr(line, name)
        elif proposal.verb == "change":
            continue
        else:
            old = None
        new = proposal.values[name]
        if old == new or (old is None and not new):
            continue
        out.append((label, _words(name, old, viewer), _words(name, new, viewer)))
    return out


def _words(name: str, value: Any, viewer: Viewer) -> str:
    if value is None:
        return ""
    if name == "owners":
        return "、".join(viewer.tree.short(o) for o in value if o in viewer.tree) or "（空）"
    if name == "kinds":
        return "、".join(kind_names(value)) or "（空）"
    if isinstance(value, bool):
        return "√" if value else "（空）"
    return str(value) or "（空）"


def standing_owners(line: Line) -> list[int]:
    """The organisations that owe a line now."""
    return sorted(o.organisation_id for o in line.owners.all() if o.until is None)
