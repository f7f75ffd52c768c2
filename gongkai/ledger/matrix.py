"""The coverage matrix: lines of a scheme × organisations, each cell told from the duties of the ledger alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.ledger.models import Duty, Evidence, EvidenceState, Matter
from gongkai.records.models import Standing
from gongkai.scheme.models import Line, LineOwner, Scheme


class Cell(StrEnum):
    """What can be said of a line at an organisation."""

    LATE = "late"
    MET = "met"
    NOT_DUE = "not-due"
    UNKNOWN = "unknown"
    NONE = "none"


LABELS = {
    Cell.LATE: "逾期未公开",
    Cell.MET: "已公开",
    Cell.NOT_DUE: "未到期",
    Cell.UNKNOWN: "不能判断",
    Cell.NONE: "不适用",
}
WHY = {
    Cell.LATE: "有到期的还没有佐证",
    Cell.MET: "到期的都有已采用的佐证",
    Cell.NOT_DUE: "时限还没有到",
    Cell.UNKNOWN: "没有日期，也没有公开过：登记信息形成的日期，或者公开以后采用佐证",
    Cell.NONE: "这一行不归这个单位",
}


@dataclass(slots=True)
class Entry:
    """One cell: its state, the matter behind it, what is next, and what waits for a decision."""

    owner: int
    cell: Cell
    due: dt.date | None = None
    met: int = 0
    late: int = 0
    offered: int = 0


@dataclass(slots=True)
class Row:
    """A line with its cells by organisation."""

    line: Line
    cells: dict[int, Entry] = field(default_factory=dict)


def state_of(duties: Iterable[Duty], day: dt.date, *, proved: bool = False) -> Cell:
    """Late where one is open past its date; met where what fell due has been settled, or accepted evidence is still
    out (`proved`); else what is still to come."""
    held = list(duties)
    open_ = [d for d in held if d.settled_on is None]
    if any(d.due is not None and d.due < day for d in open_):
        return Cell.LATE
    if proved or any(d.settled_on is not None for d in held):
        return Cell.MET
    if any(d.due is not None for d in open_):
        return Cell.NOT_DUE
    return Cell.UNKNOWN


def matrix(scheme: Scheme, day: dt.date, organisations: Iterable[int] | None = None) -> list[Row]:
    """Every line that binds, with a cell for each organisation that owes it: six queries, however large."""
    lines = list(scheme.lines.filter(since__lte=day, until=None).order_by("position", "id"))
    owners = LineOwner.objects.filter(line__in=lines, until=None)
    if organisations is not None:
        owners = owners.filter(organisation__in=list(organisations))
    by_line: dict[int, list[LineOwner]] = defaultdict(list)
    for owner in owners:
        by_line[owner.line_id].append(owner)
    own_matters = Matter.objects.filter(source="scheme", sheet=scheme.pk).values("source_id")
    matters = dict(Matter.objects.filter(source="scheme", sheet=scheme.pk).values_list("source_id", "pk"))
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(matter__source="scheme", matter__sheet=scheme.pk):
        duties[duty.matter_id].append(duty)
    offered: dict[int, int] = defaultdict(int)
    waiting = Evidence.objects.filter(source="scheme", state=EvidenceState.OFFERED, source_id__in=own_matters)
    for source_id in waiting.values_list("source_id", flat=True):
        offered[source_id] += 1
    accepted = Evidence.objects.filter(source="scheme", state=EvidenceState.ACCEPTED, source_id__in=own_matters)
    proved = set(accepted.filter(record__standing=Standing.PUBLISHED).values_list("source_id", flat=True))
    rows = []
    for line in lines:
        row = Row(line)
        for owner in by_line[line.pk]:
            own = duties[matters[owner.pk]] if owner.pk in matters else []
            cell = state_of(own, day, proved=owner.pk in proved) if line.proactive else Cell.NONE
            row.cells[owner.organisation_id] = Entry(
                owner.pk,
                cell,
                due=min((d.due for d in own if d.settled_on is None and d.due), default=None),
                met=sum(d.settled_on is not None for d in own),
                late=sum(d.settled_on is None and d.due is not None and d.due < day for d in own),
                offered=offered[owner.pk],
            )
        rows.append(row)
    return rows


def counts(rows: Iterable[Row]) -> dict[Cell, int]:
    """How many cells are in each state."""
    out = dict.fromkeys(Cell, 0)
    for row in rows:
        for entry in row.cells.values():
            out[entry.cell] += 1
    return out
