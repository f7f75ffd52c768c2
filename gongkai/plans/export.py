"""A plan out again: the table that superiors use, as .xlsx and .docx."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.papers.grid import Paper
from gongkai.papers.writing import Sheet
from gongkai.plans.reading.model import Plan, Task

NOTHING = "/"
"""Stands where a task names nobody: an empty cell would inherit from the row above when it is read again."""


def sheet_of(plan: Plan) -> Sheet:
    """The plan as a table: 序号, 工作任务 (a column for each level of heading), 具体要求, 牵头单位, 配合单位, 完成时限.

    Headings over several tasks are merged cells. Reading the table again gives the same tasks.
    """
    depth = max([1, *(len(t.path) for t in plan.tasks)])
    headers: list[str] = ["序号", "工作任务", *[""] * (depth - 1), "具体要求", "牵头单位", "配合单位", "完成时限"]
    rows: list[list[str]] = [
        [
            task.no or "",
            *task.path,
            *[""] * (depth - len(task.path)),
            task.text,
            _leads(task),
            "、".join(task.support),
            _due(task),
        ]
        for task in plan.tasks
    ]
    named = any(t.persons and t.lead for t in plan.tasks)
    if named:
        headers.append("责任人")
        for row, task in zip(rows, plan.tasks, strict=True):
            row.append("、".join(task.persons) if task.lead else "")
    heading = max(8, 26 // depth)
    sheet = Sheet(
        title=plan.title or f"{plan.year or ''}年工作任务分工台账".lstrip("年"),
        headers=headers,
        widths=[7, *[heading] * depth, 52, 18, 23, 17, *([10] if named else [])],
        rows=rows,
        head_merges=[(1, depth)] if depth > 1 else [],
        centred=[0, depth + 4],
    )
    for level in range(depth):
        sheet.merges += _runs(rows, level + 1)
    for first, column, count, _ in sheet.merges:
        for r in range(first + 1, first + count):
            rows[r][column] = ""
    return sheet


def _leads(task: Task) -> str:
    names = [*task.lead, *(f"{p}同志" for p in task.persons if not task.lead)]
    return "、".join(names) or NOTHING


def _due(task: Task) -> str:
    if task.deadline_raw:
        return task.deadline_raw
    return "；".join(dict.fromkeys(re.sub(r"\s+", "", d.raw) for d in task.deadlines))


def _runs(rows: list[list[str]], column: int) -> list[tuple[int, int, int, int]]:
    """Runs of equal headings under equal headings, as merges."""
    merges = []
    start = 0
    for r in range(1, len(rows) + 1):
        if r == len(rows) or rows[r][1 : column + 1] != rows[start][1 : column + 1]:
            if r - start > 1 and rows[start][column]:
                merges.append((start, column, r - start, 1))
            start = r
    return merges


KEY = "台账号"
"""Heads the column by which a table that comes back is known again, row for row."""


@dataclass(frozen=True, slots=True)
class Line:
    """A task as the ledger prints it; `key` is the number by which it is known again."""

    key: int
    no: str
    path: list[str]
    text: str
    lead: list[str]
    support: list[str]
    due: str
    progress: str = ""
    status: str = ""


def ledger_sheet(title: str, lines: Sequence[Line]) -> Sheet:
    """The ledger as the table of `sheet_of`, with progress, state and the key of each row added."""
    tasks = [
        Task(
            no=line.no or None,
            path=line.path,
            text=line.text,
            responsible_raw="",
            lead=line.lead,
            support=line.support,
            deadline_raw=line.due or None,
        )
        for line in lines
    ]
    sheet = sheet_of(Plan(tasks, title))
    sheet.headers += ["工作进展", "状态", KEY]
    sheet.widths += [34, 12, 9]
    for row, line in zip(sheet.rows, lines, strict=True):
        row += [line.progress, line.status, str(line.key)]
    sheet.centred += [len(sheet.headers) - 2, len(sheet.headers) - 1]
    return sheet


_CELLS = {"序号": "no", "具体要求": "text", "牵头单位": "lead", "配合单位": "support", "完成时限": "deadline_raw"}


def cells_of(paper: Paper) -> dict[int, dict[str, str]]:
    """The rows of a ledger that came back, by key: {no, path, text, lead, support, deadline_raw} as they stand.

    Tables without a column of keys are passed over; merged headings are read through.
    """
    out: dict[int, dict[str, str]] = {}
    for table in paper.tables():
        at: dict[int, str] = {}
        heads: list[int] = []
        for row in table.rows:
            said = [re.sub(r"\s+", "", c.text) for c in row]
            if KEY in said:
                at = {c: _CELLS[t] for c, t in enumerate(said) if t in _CELLS}
                at[said.index(KEY)] = "key"
                first = said.index("工作任务") if "工作任务" in said else None
                text = said.index("具体要求") if "具体要求" in said else None
                heads = list(range(first, text)) if first is not None and text is not None else []
                continue
            if not at:
                continue
            values = {field: table.rows[row[c].origin[0]][row[c].origin[1]].text.strip() for c, field in at.items()}
            if not values["key"].isdigit():
                continue
            levels = [table.rows[row[c].origin[0]][row[c].origin[1]].text.strip() for c in heads]
            values["path"] = "\n".join(x for x in levels if x)
            out[int(values.pop("key"))] = values
    return out
