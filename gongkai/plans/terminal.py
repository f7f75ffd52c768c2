"""A plan in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.plans.reading.model import Plan


def show(plan: Plan, console: Console | None = None) -> None:
    """Print the ledger of a plan, doubtful rows marked with ? and their reasons below."""
    console = console or Console()
    head = plan.title or "（未印标题）"
    about = "，".join(
        x
        for x in (
            plan.issuer,
            f"{plan.year}年" if plan.year else None,
            f"{plan.issued_on} 印发" if plan.issued_on else None,
        )
        if x
    )
    console.print(
        Text(head, style="bold"), Text(f"  {about}  共 {len(plan.tasks)} 项" if about else f"  共 {len(plan.tasks)} 项")
    )
    table = Table(show_lines=False, pad_edge=False)
    for name, ratio in (
        ("序号", 4),
        ("工作任务", 18),
        ("具体要求", 40),
        ("牵头单位", 16),
        ("配合单位", 18),
        ("完成时限", 12),
    ):
        table.add_column(name, ratio=ratio, overflow="fold")
    above: list[str] = []
    notes: list[str] = []
    for at, task in enumerate(plan.tasks, 1):
        heading = "" if task.path == above else " / ".join(task.path)
        above = task.path
        doubtful = [w for w in task.warnings if w.confidence < 0.8 or (w.field == "deadlines" and w.confidence >= 0.9)]
        mark = " ?" if doubtful else ""
        notes += [f"第{at}项（{task.source}）：{w.reason}" for w in doubtful]
        lead = "、".join([*task.lead, *(f"{p}同志" for p in task.persons if not task.lead)])
        due = task.deadline_raw or "；".join(dict.fromkeys(d.raw for d in task.deadlines))
        table.add_row(
            *(Text(c) for c in ((task.no or "") + mark, heading, task.text, lead, "、".join(task.support), due))
        )
    console.print(table)
    for note in [*(w.reason for w in plan.warnings), *notes]:
        console.print(Text(f"? {note}", style="yellow"))
