"""From the tables of a paper to stitched tables: headers found, pages joined, columns given their roles."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.papers.grid import Cell, CellKind, Paper, Para, Table
from gongkai.plans.reading.columns import Roles, find_roles, header_role, is_header_word
from gongkai.plans.reading.numbering import mark_of
from gongkai.plans.reading.pages import join_pages
from gongkai.plans.reading.stitched import Row, Section, Stitched

_NOT_A_PLAN = re.compile(r"姓名|电话|手机|职务|签到|签名|签字|邮箱|通讯录|座位|填表说明")
_MEMBERS = re.compile(r"^(?:序号)?成员单位.*工作职责")


def stitch(paper: Paper) -> list[Stitched]:
    """The tables of a paper that may hold tasks, pages joined, columns given roles; notes and contacts left out."""
    groups: list[Stitched] = []
    loose: list[Para] = []
    above: tuple[int, int] | None = None
    for block in paper.blocks:
        if isinstance(block, Para):
            loose.append(block)
            continue
        block = _upright(block)
        tidied = _tidy(block)
        if (
            above is not None
            and above[0] == above[1] == block.width > tidied.width
            and not any(_is_header(r) for r in block.rows[:8])
        ):
            # The rest of the table above, in which a column happens to hold nothing.
            tidied = _tidy(block, empty_too=False)
        above = (block.width, tidied.width)
        _take(tidied, groups, loose)
        loose = []
    if groups:
        groups[-1].events += loose
    found = []
    for group in groups:
        _name_sections(group)
        if sum(1 for _ in group.rows()) == 0 or _no_plan(group.headers):
            continue
        join_pages(group, _roles(group))
        group.roles = _roles(group)
        if group.roles is not None:
            found.append(group)
    return found


def _upright(table: Table) -> Table:
    """A form of one task, its heads down the left (and in the middle) with what they head beside them, as a table with
    one row; other tables as they are."""
    pairs: list[tuple[str, Cell]] = []
    for row in table.rows:
        told = [c for c in row if c.kind is CellKind.PRINTED]
        if table.width % 2 or table.width > 4 or len(told) % 2:
            return table
        pairs += [(re.sub(r"\s+", "", a.text), b) for a, b in zip(told[::2], told[1::2], strict=True)]
    heads = [h for h, _ in pairs]
    known = [header_role(h) for h in heads]
    if len(pairs) < 3 or len(set(heads)) < len(heads) or not any(r in ("lead", "resp") for r in known):
        return table
    if not {"content+", "task"} & set(known) or sum(1 for h in heads if is_header_word(h)) < 0.8 * len(heads):
        return table
    if any(is_header_word(b.text) for _, b in pairs):
        return table
    first = [Cell(h, CellKind.PRINTED, (0, n), b.page) for n, (h, b) in enumerate(pairs)]
    second = [replace(b, origin=(1, n)) for n, (_, b) in enumerate(pairs)]
    return replace(table, rows=[first, second])


def _no_plan(headers: list[str]) -> bool:
    """Heads of a list of people or of what members of a group stand for; a plan may have a column of telephones too."""
    said = "".join(headers)
    if not _NOT_A_PLAN.search(said):
        return _MEMBERS.search(said) is not None
    roles = {header_role(h) for h in headers}
    owed = bool({"content+", "task"} & roles) and bool({"lead", "resp"} & roles)
    return not owed and not re.search(r"任务|措施|举措|工作内容|事项", said)


def _tidy(table: Table, *, empty_too: bool = True) -> Table:
    """Without empty rows, and without grid columns that are only the seam of two cells."""
    rows = [r for r in table.rows if any(c.kind is CellKind.PRINTED and c.text.strip() for c in r)]
    if not rows:
        return replace(table, rows=[])
    rows = _without_straddled(rows)
    width = len(rows[0])
    bodies = [r for r in rows if len({c.origin for c in r}) > 1]
    keep = []
    for c in range(width):
        seam = sum(1 for r in bodies if c and r[c].kind is CellKind.MERGED and r[c].origin == r[c - 1].origin)
        empty = empty_too and all(r[c].kind in (CellKind.EMPTY, CellKind.ABSENT) for r in rows)
        if not (bodies and (seam >= 0.85 * len(bodies) or empty)):
            keep.append(c)
    if len(keep) == width or not keep:
        return replace(table, rows=rows)
    made = []
    moved = {old: sum(1 for k in keep if k <= old) - 1 for old in range(width)}
    for r in rows:
        line: list[Cell] = []
        for c in range(width):
            if c in keep:
                line.append(replace(r[c], origin=(r[c].origin[0], moved[r[c].origin[1]])))
            elif r[c].kind is CellKind.PRINTED and line:
                last = line[-1]
                joined = f"{last.text}\n{r[c].text}".strip()
                line[-1] = Cell(joined, CellKind.PRINTED, last.origin, last.page, last.start)
        made.append(line)
    return replace(table, rows=made)


def _without_straddled(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Without the columns in which no cell stands alone: some rows end a cell there, others begin one.

    So it looks when the border between two cells was dragged to another place in some of the rows.
    """
    c = 1
    while c < len(rows[0]) - 1:
        bodies = [r for r in rows if len({cell.origin for cell in r}) > 1]
        left = [r[c].origin == r[c - 1].origin for r in bodies]
        right = [r[c].origin == r[c + 1].origin for r in bodies]
        straddled = any(left) and any(right) and all(a != b for a, b in zip(left, right, strict=True))
        if not straddled:
            c += 1
            continue
        made = []
        for row in rows:
            line = list(row)
            if row[c].kind is CellKind.PRINTED:
                line[c + 1] = row[c]
            del line[c]
            made.append([replace(x, origin=(x.origin[0], x.origin[1] - (x.origin[1] > c))) for x in line])
        rows = made
    return rows


_PERIOD = re.compile(r"第?[一二三四1-4]季度|[上下]半年|20\d\d年?|1?\d月份?|主责|协同")
"""Heads of a schedule under one head: what is done by when."""


def _is_header(row: list[Cell]) -> bool:
    texts = [c.text for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
    heads = sum(1 for t in texts if is_header_word(t))
    heads += sum(1 for t in texts if _PERIOD.fullmatch(re.sub(r"\s+", "", t)))
    return heads >= 2 and heads >= (0.6 if heads < 4 else 0.5) * len(texts) and all(len(t) <= 30 for t in texts)


def _continues_header(row: list[Cell], above: list[Cell]) -> bool:
    """A second header row: all its words are heads, and some heads of the row above reach down beside them."""
    texts = [c.text for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
    heads = sum(1 for t in texts if is_header_word(t) or _PERIOD.fullmatch(re.sub(r"\s+", "", t)))
    wide = any(b.kind is CellKind.MERGED and a.kind is not CellKind.MERGED for a, b in zip(row, above, strict=False))
    if wide and heads >= 2 and heads >= 0.6 * len(texts):
        # “具体表现” beside “问题类别” and “牵头科室”: short and without a mark, it is a head too.
        return all(len(t) <= 12 and mark_of(t) is None and not re.search(r"[，。；]", t) for t in texts)
    if not texts or heads < len(texts):
        return False
    down = any(a.kind is CellKind.MERGED and a.origin == b.origin for a, b in zip(row, above, strict=False))
    return wide or down


def _take(table: Table, groups: list[Stitched], loose: list[Para]) -> None:
    """Put the rows of a table into the open group, or begin a new one."""
    rows = table.rows
    if not rows:
        return
    at = next((i for i, r in enumerate(rows[:8]) if _is_header(r)), None)
    group: Stitched | None = groups[-1] if groups else None
    if at is None:
        if group is not None and group.width == table.width:
            group.events += loose
        else:
            group = Stitched([], [], table.width, list(loose))
            groups.append(group)
        loose = []
        at = -1
        body = 0
    else:
        body = at + 1
        while body < len(rows) and _continues_header(rows[body], rows[body - 1]):
            body += 1
        headers = _head_texts(rows[at:body])
        above = loose[-2:] if not table.sheet else []
        titles = [Para(c.text.strip(), page=table.page) for r in rows[:at] for c in r if c.kind is CellKind.PRINTED]
        if group is None or not _same_header(group, headers, table.width):
            group = Stitched(headers, [], table.width, [*loose, *titles])
            group.misaligned = any(c.kind is CellKind.ABSENT for c in rows[at]) and not table.certain_merges
            groups.append(group)
        else:
            group.events += loose
        group.leads.append((len(group.events), [re.sub(r"\s+", "", p.text) for p in [*above, *titles]]))
    for number, row in enumerate(rows[body:], body + 1):
        if _is_header(row) and (not group.headers or _overlap(row, group.headers)):
            continue
        group.events.append(Row(row, table, number))


_NO_SECTION = re.compile(r"[，。；：:、《》\d]|^附|续|单位|日期|制表|填报|页|(?:表|清单|台账|方案|通知)$")


def _name_sections(group: Stitched) -> None:
    """Tables with one header, each under a short line of its own (教育就业, 医养健康): that line is the heading."""
    if len(group.leads) < 2:
        return
    common = set.intersection(*(set(texts) for _, texts in group.leads))
    own = [
        {t for t in texts if t not in common and 2 <= len(t) <= 16 and not _NO_SECTION.search(t) and not mark_of(t)}
        for _, texts in group.leads
    ]
    if any(len(o) != 1 for o in own) or len(set.union(*own)) < len(own):
        return
    for (at, _), names in reversed(list(zip(group.leads, own, strict=True))):
        group.events.insert(at, Section(names.pop()))


def _head_texts(rows: list[list[Cell]]) -> list[str]:
    first = rows[0]
    texts = []
    held = {c.origin: c.text for r in rows for c in r if c.kind is CellKind.PRINTED}
    for c in range(len(first)):
        text = ""
        for row in rows:
            text = held.get(row[c].origin, "") or text
        texts.append(re.sub(r"\s+", "", text))
    return texts


def _same_header(group: Stitched, headers: list[str], width: int) -> bool:
    if group.width != width:
        return False
    if not group.headers:
        return False
    return group.headers == headers or [header_role(h) for h in group.headers] == [header_role(h) for h in headers]


def _overlap(row: list[Cell], headers: list[str]) -> bool:
    texts = {re.sub(r"\s+", "", c.text) for c in row if c.kind is CellKind.PRINTED}
    return len(texts & set(headers)) >= max(1, len(texts) // 2)


def _roles(group: Stitched) -> Roles | None:
    rows = [r for r in group.rows() if len(r.printed()) > 1] or list(group.rows())
    width = group.width
    if not group.misaligned and group.headers and not rows[0].table.certain_merges:
        heads = sum(1 for h in group.headers if h)
        full = [r for r in rows if len(r.printed()) == width]
        if heads < width and len(full) >= 1 and any(len(r.printed()) > heads for r in rows):
            group.misaligned = True
    whole = [r for r in rows if len(r.printed()) == width]
    pushed = not rows[0].table.certain_merges and any(
        r.printed() == list(range(len(r.printed()))) and 1 < len(r.printed()) < width for r in rows
    )
    if whole and (group.misaligned or (pushed and (len(whole) >= 2 or bool(group.headers)))):
        # Rows that are not whole may be pushed to the left: only whole ones tell what a column is for.
        rows = whole
    columns = [
        [r.text(c) for r in rows if c < len(r.cells) and r.cells[c].kind is CellKind.PRINTED and r.spans(c) == 1]
        for c in range(width)
    ]
    headers = (group.headers + [""] * width)[:width] if group.headers else [""] * width
    return find_roles(headers, columns, group.misaligned)
