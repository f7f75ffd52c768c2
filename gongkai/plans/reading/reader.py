"""One verb: a paper becomes a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gongkai.papers import Paper, PaperRefused
from gongkai.papers import read as read_paper
from gongkai.papers.grid import CellKind, Para
from gongkai.plans.reading import checks, document
from gongkai.plans.reading.columns import features, header_role
from gongkai.plans.reading.fragments import assemble
from gongkai.plans.reading.grid import stitch
from gongkai.plans.reading.model import Doubt, Plan, Task
from gongkai.plans.reading.names import whole_names
from gongkai.plans.reading.narrative import read_narrative
from gongkai.plans.reading.pieces import pieces_of
from gongkai.plans.reading.ranking import ranking_of
from gongkai.plans.reading.rows import heading_of
from gongkai.plans.reading.stitched import Stitched
from gongkai.plans.reading.tables import known_names, tasks_of
from gongkai.plans.reading.units import Known

NO_TASK = "文件能打开，但没有读到任务：既没有带“任务、责任单位”等栏目的表格，也没有写明“（责任单位：…）”的条目；请核对是否选错了文件。"


def read_plan(path: str | Path) -> Plan:
    """Read the plan in the file at `path`.

    Raises `PaperRefused` (one Chinese line) when the file cannot be read or holds no task.
    """
    plan = plan_of(read_paper(path))
    plan.file = str(path)
    return plan


def plan_of(paper: Paper) -> Plan:
    """Turn a paper into a plan. Raises `PaperRefused` when it holds no task."""
    text = document.all_text(paper)
    title = document.find_title(paper)
    issuer, issued_on = document.find_issue(paper)
    if issuer is None:
        issuer = document.issuer_in_title(title)
    year, inferred = document.find_year(title, issued_on, text)
    tasks = _tasks(paper, year, title)
    if not tasks:
        raise PaperRefused(NO_TASK)
    plan = Plan(
        tasks,
        title,
        issuer,
        year,
        issued_on,
        document.doc_refs(text),
        document.cited_titles(text),
        format=paper.kind,
    )
    plan.warnings += [Doubt("file", w, 0.7) for w in paper.warnings]
    if said := checks.of_title(title or "", year, issued_on, inferred=inferred):
        plan.warnings.append(Doubt("year", said, 0.7))
    _check(plan)
    return plan


def _tasks(paper: Paper, year: int | None, title: str | None) -> list[Task]:
    """The reading that finds most owed tasks: real tables first, then tables rebuilt from text, then narrative."""
    tabled = _from_tables(paper, year)
    paras = [b for b in paper.blocks if isinstance(b, Para)]
    if len(tabled) >= 3 and sum(len(p.text) for p in paras) < 400:
        return tabled
    readings = [tabled]
    group = assemble(paras)
    if group is not None:
        readings.append(tasks_of(group, known_names([group]), year, []))
    readings.append(read_narrative(paras, _narrative_names(paras), year, title))
    best = max(readings, key=lambda tasks: sum(1 for t in tasks if t.lead or t.persons))
    return best or read_narrative(paras, _narrative_names(paras), year, title, by_unit=True)


def _from_tables(paper: Paper, year: int | None) -> list[Task]:
    groups = stitch(paper)
    owing = [g for g in groups if g.roles is not None and g.roles.responsibility]
    named = [g for g in owing if any(header_role(h) in ("lead", "support", "resp") for h in g.headers)]
    if owing:
        # Beside a table whose header names the owners, one that only happens to list bodies is something else.
        groups = [g for g in owing if g in named or (not g.headers and _tells_tasks(g))] if named else owing
    else:
        groups = [g for g in groups if g.headers]
    known = known_names(groups)
    ranking = ranking_of(_all_texts(paper))
    tasks: list[Task] = []
    context: list[tuple[float, str]] = []
    for group in groups:
        for para in group.before[-3:]:
            entry = heading_of(para)
            if entry is not None:
                context = [c for c in context if c[0] < entry[0]] + [entry]
        tasks += tasks_of(group, known, year, context, ranking)
    return [
        t
        for t in tasks
        if t.text
        and (t.lead or t.support or t.persons or not owing or t.deadlines or t.responsible_raw or len(t.text) > 12)
    ]


def _all_texts(paper: Paper) -> Iterator[str]:
    """Paragraphs, and cells that stand alone in their row or head a column: where a note about all rows may stand."""
    for block in paper.blocks:
        if isinstance(block, Para):
            yield block.text
            continue
        for number, row in enumerate(block.rows):
            printed = [c.text for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
            if len(printed) == 1 or number < 3:
                yield from printed


def _tells_tasks(group: Stitched) -> bool:
    """The content column holds sentences or numbered items."""
    if group.roles is None:
        return False
    measured = features([r.text(group.roles.content) for r in group.rows()])
    return measured.sentences >= 0.3 or measured.items >= 0.3


def _narrative_names(paras: list[Para]) -> Known:
    known = Known()
    for piece in pieces_of(paras):
        if piece.resp:
            for name in whole_names(piece.resp):
                known.add(name)
    return known


def _check(plan: Plan) -> None:
    """Oddities of the source worth a word to its reader."""
    for task in plan.tasks:
        phrases = [(d.raw, d.date, d.inferred_year) for d in task.deadlines]
        task.warnings += checks.of_deadlines(phrases, plan.issued_on, plan.year).values()
    for match in re.finditer(
        r"《([^《》]*?(20\d{2})年[^《》]*)》\s*[（(]([^（）()]*?〔\s*(20\d{2})\s*〕[^（）()]*)[）)]",
        "\n".join(t.text for t in plan.tasks),
    ):
        if match.group(2) != match.group(4):
            task = next(t for t in plan.tasks if match.group(0) in t.text)
            task.warnings.append(
                Doubt(
                    "doc_refs",
                    f"《{match.group(1)}》的标题年份与文号“{match.group(3)}”的年份不一致，请核对原文。",
                    0.6,
                )
            )
