"""What the pages of records share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from gongkai.orgs.rules import Viewer
from gongkai.records import reads
from gongkai.records.models import GateResult, Record, State, Version


def record_of(viewer: Viewer, pk: int) -> Record:
    """A record on which the viewer may work, else 404: fetching is authorising."""
    found = reads.workable(viewer).select_related("published").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def version_of(viewer: Viewer, pk: int, number: int) -> Version:
    """A version of a record on which the viewer may work, else 404."""
    record = record_of(viewer, pk)
    found = record.versions.select_related("author").prefetch_related("results").filter(number=number).first()
    if found is None:
        raise Http404
    found.record = record
    return found


@dataclass
class Circle:
    """One circle of the chain."""

    name: str
    state: str  # passed, here, waiting, late
    people: tuple[str, ...] = ()
    result: GateResult | None = None
    since: dt.datetime | None = None
    basis: str = ""
    role: str = ""


def chain_of(version: Version, viewer: Viewer) -> list[Circle]:
    """拟稿, each gate in its order, 发布: who holds it and for how long."""
    from gongkai.orgs.models import Role

    author = version.author.name if version.author else ""
    out = [Circle("拟稿", "passed", (author,) if author else (), None, version.submitted_at)]
    for step in reads.table_of_gates(version, viewer):
        out.append(
            Circle(
                step.gate.name,
                step.state,
                step.people,
                step.result,
                step.since,
                step.gate.basis,
                Role(step.gate.role).label,
            )
        )
    here = version.state in (State.APPROVED, State.SCHEDULED)
    gone = version.state in (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
    state = "passed" if gone else "here" if here else "waiting"
    last = Circle("发布", state, (), None, version.held_since if here else None)
    # What an urgent version passes after it went out stands behind 发布.
    late = next((at for at, c in enumerate(out) if at and c.state == "late"), len(out))
    if gone and version.urgent:
        late = 1 + len([g for g in version.gates if g in _demanded(version)])
    out.insert(late, last)
    return out


def _demanded(version: Version) -> list[str]:
    from gongkai.records import life

    return life.demanded(version)


def side_by_side(differences: list[tuple[str, list[tuple[str, str]]]]) -> list[dict[str, Any]]:
    """Differences as rows of two cells: what was left, what is right; long runs of the same are folded."""
    out: list[dict[str, Any]] = []
    for label, said in differences:
        rows: list[tuple[str, str, str]] = []
        at = 0
        while at < len(said):
            tag, text = said[at]
            if tag == "same":
                rows.append(("same", text, text))
                at += 1
                continue
            left: list[str] = []
            right: list[str] = []
            while at < len(said) and said[at][0] != "same":
                (left if said[at][0] == "old" else right).append(said[at][1])
                at += 1
            for n in range(max(len(left), len(right))):
                rows.append(("changed", left[n] if n < len(left) else "", right[n] if n < len(right) else ""))
        out.append({"label": label, "rows": _folded(rows)})
    return out


def _folded(rows: list[tuple[str, str, str]], near: int = 2) -> list[tuple[str, str, str]]:
    keep = {n for at, row in enumerate(rows) if row[0] != "same" for n in range(at - near, at + near + 1)}
    out: list[tuple[str, str, str]] = []
    hidden = 0
    for at, row in enumerate(rows):
        if at in keep:
            if hidden:
                out.append(("gap", f"……{hidden}行相同……", ""))
                hidden = 0
            out.append(row)
        else:
            hidden += 1
    if hidden:
        out.append(("gap", f"……{hidden}行相同……", ""))
    return out
