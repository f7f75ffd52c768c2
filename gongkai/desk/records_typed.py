"""What the form of a kind sends: read from the request, kept for the next look, links found by word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from gongkai.base.issues import Issue
from gongkai.orgs.rules import Viewer
from gongkai.records import content as taking
from gongkai.records import numbers, reads
from gongkai.records.kinds import COMMON, Field, Kind
from gongkai.records.models import Content, Record

LOOK_UP = 12


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
