"""Tasks from a stitched table: headings carried down, cells split into items, responsibility inherited."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gongkai.papers.grid import CellKind, Para
from gongkai.plans.reading.brackets import tail_responsibility
from gongkai.plans.reading.columns import Roles
from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines, looks_like_deadline
from gongkai.plans.reading.items import Item, beside, flat, headed_parts, split_items
from gongkai.plans.reading.lists import rejoin
from gongkai.plans.reading.masks import is_ditto, is_nothing, same_as
from gongkai.plans.reading.model import Doubt, Source, Task
from gongkai.plans.reading.names import whole_names
from gongkai.plans.reading.numbering import mark_of, ordinal_label
from gongkai.plans.reading.owners import answer_of, extend, raw_of
from gongkai.plans.reading.ranking import Ranking
from gongkai.plans.reading.responsibility import Responsibility, parse
from gongkai.plans.reading.rows import (
    Place,
    full_lines,
    has_sentences,
    is_skipped,
    merging_columns,
    numbered_head,
    placed,
    take_heading,
)
from gongkai.plans.reading.stitched import Row, Stitched
from gongkai.plans.reading.units import PERSON, Known, without_office


def known_names(groups: list[Stitched]) -> Known:
    """Names that stand whole in the responsibility columns."""
    known = Known()
    for group in groups:
        if group.roles is None:
            continue
        for row in group.rows():
            for column in group.roles.responsibility:
                if column < len(row.cells):
                    for name in whole_names(row.text(column)):
                        known.add(name)
    return known


def tasks_of(
    group: Stitched,
    known: Known,
    year: int | None,
    context: list[tuple[float, str]],
    ranking: Ranking | None = None,
) -> list[Task]:
    """The tasks of one stitched table; `context` are headings that stand before it in the document, `ranking` what the
    document says of its lists of units."""
    roles = group.roles
    if roles is None:
        return []
    place = Place(
        sections=list(context),
        full=full_lines(group, roles),
        merging=merging_columns(group, roles),
        sentences=has_sentences(group, roles),
        numbered_head=numbered_head(group, roles),
        ranking=ranking or Ranking(),
    )
    tasks: list[Task] = []
    for event in group.events:
        if isinstance(event, Para):
            take_heading(event, place)
            continue
        row = placed(event, roles)
        if is_skipped(row, roles, place, tasks):
            continue
        tasks += _row_tasks(row, roles, place, known, year, tasks)
    return tasks


# -- rows ------------------------------------------------------------------------------------------------


def _row_tasks(row: Row, roles: Roles, place: Place, known: Known, year: int | None, before: list[Task]) -> list[Task]:
    _carry_heads(row, roles, place)
    cell = row.cells[roles.content]
    inherited: dict[str, str] = {}
    texts, own = _responsible(row, roles, place, inherited)
    if row.table.wrapped:
        texts = {c: rejoin(t, place.full.get(c, 0)) for c, t in texts.items()}
    number_from_seq = _sequence(row, roles, place)
    texts = {c: place.by_number.get(same_as(t) or "", {}).get(c, t) for c, t in texts.items()}
    if number_from_seq:
        place.by_number[number_from_seq] = dict(texts)
    content = _content(row, roles, place, own)
    if not content:
        if own and before and not any(row.text(c) for c in roles.path):
            # Further units for the task above, whose text is merged over these rows (or was not printed again).
            merged = cell.kind is CellKind.MERGED and cell.origin[1] == roles.content
            if merged or not row.table.certain_merges:
                extend(before[-1], row, roles, known, year)
        return []
    heads = dict(place.heads)
    named = mark_of(row.text(place.numbered_head)) if place.numbered_head in place.heads else None
    if place.numbered_head is not None and named is not None:
        heads[place.numbered_head] = flat(row.text(place.numbered_head)[named.end :])
        number_from_seq = named.label
    outer = [*(s[1] for s in place.sections), *(heads[c] for c in roles.path if heads.get(c))]
    answer = answer_of(texts, roles, known, row.table.wrapped, year)
    if not (roles.lead or roles.support):
        place.ranking.applied(answer)
    made: list[Task] = []
    parts = headed_parts(content)
    items, paths = [], []
    for heading, body in parts:
        if heading:
            rank = float(mark.rank) if (mark := mark_of(heading)) is not None else 1.0
            place.inner = [h for h in place.inner if h[0] < rank] + [(rank, heading)]
        found = split_items(body, wrapped=row.table.wrapped)
        items += found
        paths += [[*outer, *(h[1] for h in place.inner)]] * len(found)
    same = not number_from_seq or (bool(before) and number_from_seq == before[-1].no)
    if before and not own and same and items and _goes_on(before[-1], items[0]):
        # A task over two rows: the second has no number, and the first stopped in the middle of a sentence.
        before[-1].text = flat(f"{before[-1].text}\n{items[0].text}")
        items, paths = items[1:], paths[1:]
    by_item = _by_item(texts, items, row, roles, known, year) if roles.responsibility else None
    due_by_item = {c: beside(row.text(c), items, wrapped=row.table.wrapped) for c in roles.due}
    for at, item in enumerate(items):
        source = Source(
            row.page,
            row.table.sheet,
            row.table.number,
            row.number,
            roles.content + 1,
            None,
            item.span,
            (cell.start + item.span[0]) if cell.start is not None else None,
        )
        no = item.mark.label if item.mark is not None else None
        if no is not None and item.mark is not None and item.mark.kind == "nump" and number_from_seq:
            no = f"{number_from_seq}{no}"
        elif no is None:
            no = number_from_seq or None
        text = item.text
        resp = answer
        raw: str | dict[str, str] = raw_of(texts, roles)
        if by_item is not None:
            resp, raw = by_item[at]
            place.ranking.applied(resp)
        if not roles.responsibility:
            text, tail = tail_responsibility(text)
            tail = tail or place.said
            if tail:
                resp = parse(tail, known, year=year)
                place.ranking.applied(resp)
                raw = tail
        task = Task(
            no,
            paths[at],
            text,
            raw,
            list(resp.lead),
            list(resp.support),
            list(resp.persons),
            source=source,
            inherited=dict(inherited),
        )
        own_due = {c: parts[at] for c, parts in due_by_item.items() if parts is not None}
        _deadlines(task, row, roles, place, year, resp, own_due)
        _persons(task, row, roles, place)
        _doubt(task, resp, inherited, place.guessed, roles)
        made.append(task)
    return made


def _by_item(
    texts: dict[int, str], items: list[Item], row: Row, roles: Roles, known: Known, year: int | None
) -> list[tuple[Responsibility, str | dict[str, str]]] | None:
    """Who owes each item, where the cells of the units are numbered as the items are; None where none is."""
    wrapped = row.table.wrapped
    parted = {c: beside(t, items, wrapped=wrapped) for c, t in texts.items()}
    if not any(parted.values()):
        return None
    out: list[tuple[Responsibility, str | dict[str, str]]] = []
    for at in range(len(items)):
        own = {c: texts[c] if (parts := parted[c]) is None else parts[at] for c in texts}
        out.append((answer_of(own, roles, known, wrapped, year), raw_of(own, roles)))
    return out


def _goes_on(task: Task, item: Item) -> bool:
    return item.mark is None and task.no is not None and task.text[-1:] not in "。；;！？!?.”）)"


def _content(row: Row, roles: Roles, place: Place, own: bool) -> str:
    """The text of a row's tasks; where nothing stands in the content column, its heading may be the task."""
    cell = row.cells[roles.content]
    text = cell.text.strip()
    merged = cell.kind is CellKind.MERGED and cell.origin[1] == roles.content
    if text:
        place.content = text
    elif merged:
        numbered = place.numbered_head is not None and mark_of(row.text(place.numbered_head)) is not None
        return place.content if numbered else ""  # several numbered tasks may share one text
    elif own or any(row.text(c) for c in roles.due):
        innermost = next((c for c in reversed(roles.path) if row.text(c)), None)
        if innermost is not None:
            place.heads.pop(innermost, None)
            return row.text(innermost)
    return text


def _carry_heads(row: Row, roles: Roles, place: Place) -> None:
    changed = False
    for column in roles.path:
        cell = row.cells[column]
        text = flat(cell.text)
        if cell.kind is CellKind.PRINTED and text:
            if is_ditto(text):
                continue
            if place.heads.get(column) != text:
                place.heads[column] = text
                changed = True
                place.inner.clear()
                for lower in roles.path[roles.path.index(column) + 1 :]:
                    place.heads.pop(lower, None)
        elif cell.kind is not CellKind.MERGED and (changed or column in place.merging):
            # Where the column merges its headings, a cell that is only empty has none.
            place.heads.pop(column, None)


def _sequence(row: Row, roles: Roles, place: Place) -> str:
    if roles.seq is None:
        return ""
    cell = row.cells[roles.seq]
    if cell.kind is CellKind.PRINTED and cell.text.strip():
        place.seq = ordinal_label(cell.text)
        return place.seq
    if cell.kind is CellKind.MERGED and cell.origin[1] == roles.seq:
        return place.seq
    return ""


# -- responsibility --------------------------------------------------------------------------------------


def _responsible(row: Row, roles: Roles, place: Place, inherited: dict[str, str]) -> tuple[dict[int, str], bool]:
    """The texts of the responsibility cells of a row, and whether any is its own; blank rows inherit all of them."""
    columns = roles.responsibility
    place.guessed = False
    texts: dict[int, str] = {}
    printed = [c for c in columns if row.cells[c].kind is CellKind.PRINTED and row.text(c)]
    # Where the file says that one of these cells is merged, one that is only empty is empty.
    merged = any(row.cells[c].kind is CellKind.MERGED and row.cells[c].origin[1] == c for c in columns)
    here = f"表{row.table.number}第{row.number}行"
    for column in columns:
        cell = row.cells[column]
        text = cell.text.strip()
        if column in printed:
            if is_ditto(text):
                texts[column] = place.held.get(column, "")
                inherited["responsible"] = place.where.get(column, "")
            else:
                texts[column] = text
        elif cell.kind is CellKind.MERGED and cell.origin[1] == column:
            texts[column] = place.held.get(column, "")
            inherited["responsible"] = place.where.get(column, "")
        elif cell.kind is CellKind.MERGED:
            texts[column] = ""
        else:
            texts[column] = "" if printed or merged else place.held.get(column, "")
            if not printed and texts[column]:
                inherited["responsible"] = place.where.get(column, "")
                place.guessed = True
    for column in columns:
        if column in printed and not is_ditto(row.text(column)):
            place.where[column] = here
        place.held[column] = texts[column]
    return texts, bool(printed)


# -- the rest of a row -----------------------------------------------------------------------------------


def _deadlines(
    task: Task,
    row: Row,
    roles: Roles,
    place: Place,
    year: int | None,
    resp: Responsibility,
    own: Mapping[int, str],
) -> None:
    for column in roles.due:
        cell = row.cells[column]
        text = own.get(column, cell.text.strip())
        if (cell.kind is CellKind.MERGED and cell.origin[1] == column) or is_ditto(text):
            text = place.held_due.get(column, "")
        place.held_due[column] = text
        if not is_nothing(text):
            task.deadline_raw = flat(text)
            lines = [x for x in text.split("\n") if x.strip()]
            several = len(lines) > 1 and all(looks_like_deadline(x) for x in lines)
            task.deadlines += column_deadlines("；".join(x.strip() for x in lines) if several else flat(text), year)
    if resp.deadline_raw and not task.deadline_raw:
        task.deadline_raw = resp.deadline_raw
        task.deadlines += resp.deadlines
    named = {re.sub(r"\s+", "", d.raw) for d in task.deadlines}
    task.deadlines += [d for d in find_deadlines(task.text, year) if re.sub(r"\s+", "", d.raw) not in named]


_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")


def _persons(task: Task, row: Row, roles: Roles, place: Place) -> None:
    for column in roles.persons:
        cell = row.cells[column]
        text = cell.text.strip()
        if (cell.kind is CellKind.MERGED and cell.origin[1] == column) or is_ditto(text):
            text = place.held_persons.get(column, "")
        place.held_persons[column] = text
        text = _IN_BRACKETS.sub("", text)
        for name in re.split(r"[、，,；;/／\n]+|\s{1,}(?=[\u4e00-\u9fff]{2,3}(?:\s|$))", text):
            plain = without_office(re.sub(r"\s+", "", name))
            match = PERSON.match(plain)
            plain = match.group(1) if match else plain
            if 2 <= len(plain) <= 5 and not is_nothing(plain) and plain not in task.persons:
                task.persons.append(plain)


def _doubt(task: Task, resp: Responsibility, inherited: dict[str, str], guessed: bool, roles: Roles) -> None:
    if guessed:
        task.warnings.append(
            Doubt(
                "responsible",
                f"责任单元格为空，按{inherited['responsible']}沿用；原件是合并单元格还是漏填，请核对。",
                0.8,
            )
        )
    for name in resp.doubts:
        task.warnings.append(Doubt("responsible", f"“{name}”不像单位名称，请核对是否断行或漏字。", 0.5))
    if not (resp.lead or resp.support or task.persons):
        task.warnings.append(Doubt("responsible", "没有读到责任单位，请补填。", 0.3))
    if roles.confidence < 1:
        task.warnings.append(Doubt("columns", "表头与列数不一致，各列用途按内容推定，请核对。", roles.confidence))
