"""What is written of a line, whoever writes it: the values taken from a form, the row made, its owners."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer
from gongkai.records.kinds import kinds
from gongkai.scheme.models import Line, LineOwner, Scheme
from gongkai.scheme.reading import read_limit

TEXTS = ("number", "area", "level1", "level2", "content", "basis", "limit_text", "owner_text", "audience_group")
MOST = {
    "number": ("序号", 20),
    "area": ("领域", 60),
    "level1": ("一级事项", 200),
    "level2": ("二级事项", 200),
    "limit_text": ("公开时限", 200),
    "owner_text": ("公开主体", 200),
    "audience_group": ("特定群体", 200),
}
FLAGS = ("audience_all", "proactive", "on_request", "county", "township")


def add_row(scheme: Scheme, position: int, row: Mapping[str, Any], since: dt.date) -> Line:
    """Make a line of a scheme from a row, with its owners."""
    line = Line(scheme=scheme, position=position, since=since)
    for name in (*TEXTS, *FLAGS, "limit", "kinds", "channels"):
        if name in row:
            setattr(line, name, row[name])
    line.number = line.number[:20] or str(position)
    line.level1 = (line.level1 or line.level2 or line.content[:40])[:200]
    for name, most in (
        ("level2", 200),
        ("area", 60),
        ("limit_text", 200),
        ("owner_text", 200),
        ("audience_group", 200),
    ):
        setattr(line, name, str(getattr(line, name))[:most])
    line.save()
    set_owners(line, row.get("owners", []), since)
    return line


def set_owners(line: Line, owners: Sequence[int], since: dt.date) -> None:
    """Let these organisations owe a line from a day on, and no others."""
    for one in line.owners.all():
        if one.organisation_id not in owners and one.until is None:
            one.until = since
            one.save(update_fields=["until"])
        elif one.organisation_id in owners and one.until is not None:
            one.until = None
            one.save(update_fields=["until"])
    have = set(line.owners.values_list("organisation_id", flat=True))
    LineOwner.objects.bulk_create(
        [LineOwner(line=line, organisation_id=o, since=since) for o in dict.fromkeys(owners) if o not in have]
    )


def taken_from(values: Mapping[str, Any], actor: Viewer) -> dict[str, Any]:
    """What a form or a correction says of a line, in the shape in which it is kept. Refuses what does not fit."""
    made: dict[str, Any] = {name: str(values[name] or "").strip() for name in TEXTS if name in values}
    for name, (label, most) in MOST.items():
        if len(made.get(name, "")) > most:
            raise refuse("scheme.long", f"{label}最多{most}字，现在有{len(made[name])}字。", name)
    if "level1" in made and not made["level1"]:
        raise refuse("scheme.level1", "请写公开事项。", "level1")
    for name in FLAGS:
        if name in values:
            made[name] = values[name] in (True, "1", "on", "true", "是", "√")
    if "limit_text" in made:
        limit = dataclasses.asdict(read_limit(made["limit_text"]))
        made["limit"] = {k: (list(v) if isinstance(v, tuple) else v) for k, v in limit.items()}
    if "kinds" in values:
        unknown = [k for k in values["kinds"] if k not in kinds()]
        if unknown:
            raise refuse("scheme.kinds", f"没有“{unknown[0]}”这个信息种类。", "kinds")
        made["kinds"] = list(values["kinds"])
    if "owners" in values:
        owners = [int(o) if str(o).isdigit() else 0 for o in values["owners"]]
        if any(o not in actor.tree for o in owners):
            raise refuse("scheme.owners", "公开主体里有不存在的单位。", "owners")
        made["owners"] = owners
    return made
