"""Tasks from a stitched table: headings carried down, cells split into items, responsibility inherited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import CellKind, Para
from gongkai.plans.reading.brackets import tail_responsibility
from gongkai.plans.reading.columns import Roles
from gongkai.plans.reading.deadlines import column_deadlines, find_deadlines, looks_like_deadline
from gongkai.plans.reading.grid import Row, Stitched
from gongkai.plans.reading.items import Item, flat, leading_heading, split_items
from gongkai.plans.reading.model import Doubt, Source, Task
from gongkai.plans.reading.numbering import HEADING_KINDS, is_ordinal, mark_of, ordinal_label
from gongkai.plans.reading.responsibility import (
    Responsibility,
    is_ditto,
    is_nothing,
    looks_like_units,
    parse,
    rejoin,
)
from gongkai.plans.reading.units import Known

_NOTE = re.compile(
    r"^\s*(?:注|备注|说明|附注|填表说明|填报说明|注释|\*)\s*\d?\s*[:：.、]|^\s*(?:合计|总计|小计|填表|填报|审核人|制表|联系人)"
)


@dataclass(slots=True)
class _Place:
    """Where the reader stands in a table."""

    sections: list[tuple[float, str]] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    where: dict[int, str] = field(default_factory=dict)
    held_due: dict[int, str] = field(default_factory=dict)
    held_persons: dict[int, str] = field(default_factory=dict)
    seq: str = ""
    noted: bool = False
    guessed: bool = False
    content: str = ""
    sentences: bool = False
    numbered_head: int | None = None
    merging: frozenset[int] = frozenset()
    full: dict[int, int] = field(default_factory=dict)
    source: Source | None = None


def known_names(groups: list[Stitched]) -> Known:
    """Names that stand whole in the responsibility columns."""
    from gongkai.plans.reading.names import whole_names

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


def tasks_of(group: Stitched, known: Known, year: int | None, context: list[tuple[float, str]]) -> list[Task]:
    """The tasks of one stitched table; `context` are headings that stand before it in the document."""
    roles = group.roles
    if roles is None:
        return []
    place = _Place(
        sections=list(context),
        full=_full_lines(group, roles),
        merging=_merging(group, roles),
        sentences=_sentences(group, roles),
        numbered_head=_numbered_head(group, roles),
    )
    tasks: list[Task] = []
    for event in group.events:
        if isinstance(event, Para):
            _heading_para(event, place)
            continue
        row = _placed(event, roles)
        if _skip(row, roles, place, tasks):
            continue
        tasks += _row_tasks(row, roles, place, known, year, tasks)
    return tasks


def _full_lines(group: Stitched, roles: Roles) -> dict[int, int]:
    """The longest line of each responsibility column: where the column's edge breaks a line."""
    return {
        c: max(
            (len(line.strip()) for r in group.rows() if c < len(r.cells) for line in r.cells[c].text.split("\n")),
            default=0,
        )
        for c in roles.responsibility
    }


def _numbered_head(group: Stitched, roles: Roles) -> int | None:
    """The column of task names in which the number of each task is printed (`1.政府工作要公开透明`)."""
    if roles.seq is not None or not roles.path:
        return None
    column = roles.path[-1]
    rows = [r for r in group.rows() if r.text(roles.content)]
    marks = [mark_of(r.text(column)) for r in rows]
    own = [mark_of(r.text(roles.content)) for r in rows]
    numbered = sum(1 for m in marks if m is not None and m.kind not in HEADING_KINDS)
    return column if numbered >= 0.9 * len(rows) and sum(1 for m in own if m is not None) < 0.1 * len(rows) else None


def _sentences(group: Stitched, roles: Roles) -> bool:
    """The tasks of this table end as sentences do: a short text that does not is a heading."""
    texts = [r.text(roles.content) for r in group.rows() if r.text(roles.content)]
    return sum(1 for t in texts if t[-1] in "。；;！") >= 0.7 * len(texts)


def _merging(group: Stitched, roles: Roles) -> frozenset[int]:
    """Heading columns in which the file itself merges cells downwards, and never at a page's end only."""
    rows = [r for r in group.rows() if r.table.certain_merges and r.page is None]
    return frozenset(
        c for c in roles.path if any(r.cells[c].kind is CellKind.MERGED and r.cells[c].origin[1] == c for r in rows)
    )


def _heading_para(para: Para, place: _Place) -> None:
    entry = heading_of(para)
    if entry is not None:
        place.sections = [s for s in place.sections if s[0] < entry[0]] + [entry]
        place.heads.clear()


def heading_of(para: Para) -> tuple[float, str] | None:
    """(rank, text) of a paragraph that is a heading between tables; None for other paragraphs."""
    text = para.text.strip()
    mark = mark_of(text)
    if mark is not None and mark.kind in HEADING_KINDS and len(text) <= 60 and not re.search(r"[。；]\s*\S", text):
        return float(mark.rank), text
    return None


# -- rows ------------------------------------------------------------------------------------------------


def _placed(row: Row, roles: Roles) -> Row:
    """A row whose missing cells were not even printed: its texts go where they fit, left to right."""
    printed = row.printed()
    if row.table.certain_merges or not printed or len(printed) >= roles.width:
        return row
    texts = [row.text(c) for c in printed]
    missing = any(c.kind is CellKind.ABSENT for c in row.cells)
    if not missing and (printed != list(range(len(printed))) or len(printed) < 2):
        return row
    best = _align(texts, roles)
    if best == printed:
        return row
    if not missing:
        # All cells are there: only a row that was plainly pushed to the left is moved back.
        gain = sum(_fit(t, c, roles) for t, c in zip(texts, best, strict=True)) - sum(
            _fit(t, c, roles) for t, c in zip(texts, printed, strict=True)
        )
        if gain < 4.0:
            return row
    from gongkai.papers.grid import Cell

    cells = [Cell("", CellKind.EMPTY, (row.number, c), row.cells[c].page) for c in range(roles.width)]
    for at, column in zip(printed, best, strict=True):
        cells[column] = row.cells[at]
    return Row(cells, row.table, row.number)


def _align(texts: list[str], roles: Roles) -> list[int]:
    best: tuple[float, list[int]] = (-1e9, list(range(len(texts))))

    def go(i: int, column: int, score: float, chosen: list[int]) -> None:
        nonlocal best
        if i == len(texts):
            if score > best[0]:
                best = (score, list(chosen))
            return
        for c in range(column, roles.width - (len(texts) - i) + 1):
            go(i + 1, c + 1, score + _fit(texts[i], c, roles), [*chosen, c])

    if len(texts) <= 8 and roles.width <= 10:
        go(0, 0, 0.0, [])
    return best[1]


def _fit(text: str, column: int, roles: Roles) -> float:
    mark = mark_of(text)
    if column == roles.content:
        return (
            3.0
            if (mark is not None and mark.kind not in HEADING_KINDS) or re.search(r"[。；]", text) or len(text) > 25
            else (0.5 if len(text) > 12 else -0.5)
        )
    if column in roles.path:
        if mark is not None and mark.kind in HEADING_KINDS:
            return 2.5 - 0.1 * abs(mark.rank - 1 - roles.path.index(column))
        return -2.0 if looks_like_units(text) >= 0.6 or len(text) > 50 else 0.3
    if column in roles.responsibility:
        return 3.0 * looks_like_units(text) - (0.0 if len(text) < 200 else 2.0) if not is_nothing(text) else 1.0
    if column in roles.due:
        return 3.0 if looks_like_deadline(text) else -2.0
    if column == roles.seq:
        return 3.0 if is_ordinal(text) else -3.0
    return -0.2


def _skip(row: Row, roles: Roles, place: _Place, tasks: list[Task]) -> bool:
    """True for rows that are no tasks: sections (taken into the path), notes, sums."""
    printed = row.printed()
    texts = [row.text(c) for c in printed]
    if not printed or _NOTE.match(texts[0]):
        place.noted = bool(printed)
        return True
    if place.noted and len(printed) == 1:
        # Further lines of the note below the table.
        return True
    place.noted = False
    if len(texts) == 1 and re.fullmatch(r"[-—\s\d]+|第\s*\d+\s*页.*", texts[0]):
        return True
    section = _section(row, roles, place, printed, texts)
    if section is None:
        return False
    rank, text = section
    place.sections = [s for s in place.sections if s[0] < rank] + [(rank, flat(text))]
    place.heads.clear()
    return True


def _section(row: Row, roles: Roles, place: _Place, printed: list[int], texts: list[str]) -> tuple[float, str] | None:
    owing = [c for c in (*roles.responsibility, *roles.due) if c in printed]
    if (
        len(printed) == 1
        and owing
        and not (
            looks_like_units(texts[0]) >= 0.5
            or looks_like_deadline(texts[0])
            or is_nothing(texts[0])
            or is_ditto(texts[0])
        )
    ):
        owing = []  # a heading that stands in the first column, which here is that of the units
    if owing and row.cells[owing[0]].origin[1] == owing[0]:
        return None
    if len(printed) == 1:
        column, text = printed[0], texts[0]
        return _single(row, roles, column, text, place.sentences)
    if len(printed) == 2 and is_ordinal(texts[0]) and (roles.seq is None or printed[0] == roles.seq):
        text, column = texts[1], printed[1]
        mark = mark_of(texts[0] + "、x") or mark_of(texts[0] + "x")
        chinese = re.search(r"[一二三四五六七八九十]", texts[0]) is not None
        spans = row.spans(column) > 1 and (column <= roles.content < column + row.spans(column))
        if spans or (chinese and len(text) <= 60 and not re.search(r"[。；]", text)):
            return (float(mark.rank) if mark else 1.0, text)
    return None


def _single(row: Row, roles: Roles, column: int, text: str, unended: bool) -> tuple[float, str] | None:
    mark = mark_of(text)
    heading = mark is not None and mark.kind in HEADING_KINDS
    short = len(text) <= 60 and not re.search(r"[。；].", text)
    rank = float(mark.rank) if mark is not None else 1.0
    if row.spans(column) >= max(2, len(row.cells) - 1):
        # A row that spans the table: a heading, or an item whose text alone is printed across.
        return (rank, text) if short or heading else None
    if column == roles.content and not roles.path:
        bare = len(text) <= 20 and not re.search(r"[，。；、：]", text) and row.table.certain_merges and mark is None
        return (rank, text) if (heading or (bare and unended)) and short and roles.responsibility else None
    if column == roles.content:
        return None
    if column in roles.path:
        if (
            column == roles.path[0]
            and (heading or not mark)
            and short
            and len(roles.path) == 1
            and not row.table.certain_merges
        ):
            return None if not heading else (rank, text) if _other_level(roles) else None
        return None
    bare = len(text) <= 30 and not re.search(r"[。；]", text) and column == 0 and mark is None
    return (rank, text) if (heading or bare) and short else None


def _other_level(roles: Roles) -> bool:
    return len(roles.path) == 1


def _row_tasks(row: Row, roles: Roles, place: _Place, known: Known, year: int | None, before: list[Task]) -> list[Task]:
    _carry_heads(row, roles, place)
    cell = row.cells[roles.content]
    inherited: dict[str, str] = {}
    texts, own = _responsible(row, roles, place, inherited)
    if row.table.wrapped:
        texts = {c: rejoin(t, place.full.get(c, 0)) for c, t in texts.items()}
    number_from_seq = _sequence(row, roles, place)
    content = _content(row, roles, place, own)
    if not content:
        if own and before and not any(row.text(c) for c in roles.path):
            # Further units for the task above, whose text is merged over these rows (or was not printed again).
            merged = cell.kind is CellKind.MERGED and cell.origin[1] == roles.content
            if merged or not row.table.certain_merges:
                _extend(before[-1], row, roles, known, year)
        return []
    heading, content = leading_heading(content)
    if heading:
        rank = float(mark.rank) if (mark := mark_of(heading)) is not None else 1.0
        place.sections = [s for s in place.sections if s[0] < rank] + [(rank, heading)]
    heads = dict(place.heads)
    named = mark_of(row.text(place.numbered_head)) if place.numbered_head in place.heads else None
    if place.numbered_head is not None and named is not None:
        heads[place.numbered_head] = flat(row.text(place.numbered_head)[named.end :])
        number_from_seq = named.label
    path = [*(s[1] for s in place.sections), *(heads[c] for c in roles.path if heads.get(c))]
    answer = _answer(texts, roles, known, row.table.wrapped, year)
    made: list[Task] = []
    items = split_items(content, wrapped=row.table.wrapped)
    same = not number_from_seq or (bool(before) and number_from_seq == before[-1].no)
    if before and not own and same and items and _goes_on(before[-1], items[0]):
        # A task over two rows: the second has no number, and the first stopped in the middle of a sentence.
        before[-1].text = flat(f"{before[-1].text}\n{items[0].text}")
        items = items[1:]
    for item in items:
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
        raw: str | dict[str, str] = _raw(texts, roles)
        if not roles.responsibility:
            text, tail = tail_responsibility(text)
            if tail:
                resp = parse(tail, known, year=year)
                raw = tail
        task = Task(
            no,
            path,
            text,
            raw,
            list(resp.lead),
            list(resp.support),
            list(resp.persons),
            source=source,
            inherited=dict(inherited),
        )
        _deadlines(task, row, roles, place, year, resp)
        _persons(task, row, roles, place)
        _doubt(task, resp, inherited, place.guessed, roles)
        made.append(task)
    return made


def _goes_on(task: Task, item: Item) -> bool:
    return item.mark is None and task.no is not None and task.text[-1:] not in "。；;！？!?.”）)"


def _content(row: Row, roles: Roles, place: _Place, own: bool) -> str:
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


def _carry_heads(row: Row, roles: Roles, place: _Place) -> None:
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
                for lower in roles.path[roles.path.index(column) + 1 :]:
                    place.heads.pop(lower, None)
        elif cell.kind is not CellKind.MERGED and (changed or column in place.merging):
            # Where the column merges its headings, a cell that is only empty has none.
            place.heads.pop(column, None)


def _sequence(row: Row, roles: Roles, place: _Place) -> str:
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


def _responsible(row: Row, roles: Roles, place: _Place, inherited: dict[str, str]) -> tuple[dict[int, str], bool]:
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


def _answer(texts: dict[int, str], roles: Roles, known: Known, wrapped: bool, year: int | None) -> Responsibility:
    out = Responsibility()
    lead: list[str] = []
    resp: list[str] = []
    support: list[str] = []
    for column, text in texts.items():
        part = parse(text, known, wrapped=wrapped, year=year)
        out.persons += part.persons
        out.doubts += part.doubts
        out.deadlines += part.deadlines
        out.deadline_raw = out.deadline_raw or part.deadline_raw
        out.stated_lead |= part.stated_lead
        if column in roles.lead:
            lead += part.lead
            support += part.support
        elif column in roles.support:
            support += part.lead + part.support
        else:
            if part.stated_lead and not roles.lead:
                lead += part.lead
            else:
                resp += part.lead
            support += part.support
    if lead:
        support = resp + support
    elif resp:
        lead = resp
    else:
        lead, support = support, []
    out.lead = list(dict.fromkeys(lead))
    out.support = list(dict.fromkeys(support))
    return out


def _raw(texts: dict[int, str], roles: Roles) -> str | dict[str, str]:
    if len(texts) <= 1:
        return next(iter(texts.values()), "")
    if roles.lead or (roles.resp and roles.support):
        first = roles.lead or roles.resp
        return {
            "lead_raw": "\n".join(texts[c] for c in texts if c in first and texts[c]),
            "support_raw": "\n".join(texts[c] for c in texts if c not in first and texts[c]),
        }
    return "\n".join(t for t in texts.values() if t)


def _extend(task: Task, row: Row, roles: Roles, known: Known, year: int | None) -> None:
    """A further row of units for the same task (its text is merged over the rows)."""
    texts = {c: row.text(c) for c in roles.responsibility}
    more = _answer(texts, roles, known, row.table.wrapped, year)
    lead = more.lead
    if not any(texts[c] and not is_nothing(texts[c]) for c in texts if c in roles.lead) and roles.lead:
        lead, more.support = [], more.lead + more.support
    task.lead += [n for n in lead if n not in task.lead]
    task.support += [n for n in more.support if n not in task.support and n not in task.lead]


# -- the rest of a row -----------------------------------------------------------------------------------


def _deadlines(task: Task, row: Row, roles: Roles, place: _Place, year: int | None, resp: Responsibility) -> None:
    for column in roles.due:
        cell = row.cells[column]
        text = cell.text.strip()
        if (cell.kind is CellKind.MERGED and cell.origin[1] == column) or is_ditto(text):
            text = place.held_due.get(column, "")
        place.held_due[column] = text
        if not is_nothing(text):
            task.deadline_raw = flat(text)
            task.deadlines += column_deadlines(flat(text), year)
    if resp.deadline_raw and not task.deadline_raw:
        task.deadline_raw = resp.deadline_raw
        task.deadlines += resp.deadlines
    named = {re.sub(r"\s+", "", d.raw) for d in task.deadlines}
    task.deadlines += [d for d in find_deadlines(task.text, year) if re.sub(r"\s+", "", d.raw) not in named]


def _persons(task: Task, row: Row, roles: Roles, place: _Place) -> None:
    from gongkai.plans.reading.units import PERSON

    for column in roles.persons:
        cell = row.cells[column]
        text = cell.text.strip()
        if (cell.kind is CellKind.MERGED and cell.origin[1] == column) or is_ditto(text):
            text = place.held_persons.get(column, "")
        place.held_persons[column] = text
        for name in re.split(r"[、，,；;\n]+|\s{1,}(?=[\u4e00-\u9fff]{2,3}(?:\s|$))", text):
            plain = re.sub(r"\s+", "", name)
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
