"""From the blocks of a paper to lines: headers found, pages joined, merged and blank cells filled from above.

Source: law.md §5 (variants of the form; 同上 and blanks from the row above).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.papers.grid import Cell, CellKind, Paper, Para, Table
from gongkai.scheme.reading import cells
from gongkai.scheme.reading.areas import area_in, area_of_sheet, is_title
from gongkai.scheme.reading.headers import INHERITED, ITEMS, LABELS, TICKS, columns_of, expanded, header_at, word_role
from gongkai.scheme.reading.lines import line_of
from gongkai.scheme.reading.model import Directory, Line, Place

_NOTE = re.compile(r"^\s*[(（]?(?:注|备注|说明|填表说明|标准目录要素说明|★|※|\*)\s*\d*\s*[:：.、)）]?")
_CARRIED = (*INHERITED, "process")


@dataclass(slots=True)
class Draft:
    """A line in the making: texts by role, blanks filled."""

    texts: dict[str, str]
    raw: dict[str, str]
    area: str
    place: Place
    table: Table
    group: int
    doubts: list[str] = field(default_factory=list)


class Reading:
    """Walks the blocks of a paper in order."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.directory = Directory(format=paper.kind)
        self.drafts: list[Draft] = []
        self.roles: list[str] = []
        self.area = ""
        self.fresh = False
        self.group = 0
        self.held: dict[str, str] = {}
        self.sheet: str | None = None
        self.sheets = {t.sheet for t in paper.tables() if t.sheet}
        self.formed = False

    def read(self) -> Directory:
        """All lines of the paper. `formed` tells whether any header of a directory was found."""
        for block in self.paper.blocks:
            if isinstance(block, Para):
                if not (block.level == 9 and block.text in self.sheets):
                    self._words(block.text)
            else:
                self._table(block)
        self.directory.lines = self._lines()
        self.directory.areas = list(dict.fromkeys(x.area for x in self.directory.lines if x.area))
        return self.directory

    # -- words outside the rows ------------------------------------------------------------------------------

    def _words(self, text: str) -> None:
        """A paragraph or a row of one cell: a title, an area, a note."""
        plain = cells.flat(text)
        if not plain:
            return
        if is_title(plain):
            self._title(plain)
        elif len(plain) <= 40 and area_in(plain) and not _NOTE.match(plain):
            self._enter(area_in(plain))
        elif self.formed or _NOTE.match(plain):
            self.directory.notes.append(cells.tidy(text))

    def _title(self, plain: str) -> None:
        if not self.directory.title:
            self.directory.title = plain
        area = area_in(plain)
        if area:
            self._enter(area)
        elif not self.fresh and not self.sheet:
            self._enter("")

    def _enter(self, area: str) -> None:
        if area != self.area:
            self.held = {}
        self.area, self.fresh = area, True

    # -- tables ----------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if table.sheet != self.sheet:
            self.sheet = table.sheet
            self.roles = []
            self.held = {}
            self.area = area_of_sheet(table.sheet or "", len(self.sheets) == 1)
        rows = table.rows
        first, at, skipped = True, 0, 0
        while at < len(rows):
            size = header_at(rows, at)
            if size:
                self._header(table, at, size)
                at += size
                continue
            row = rows[at]
            printed = [c for c in row if c.kind is CellKind.PRINTED and c.text.strip()]
            if not printed:
                pass
            elif self._alone(row, printed):
                self._words(printed[0].text)
            elif self.roles and len(self.roles) == len(row):
                self._row(table, at, first)
                first = False
            else:
                skipped += 1
            at += 1
        if skipped and self.formed and self.drafts:
            where = f"工作表“{table.sheet}”" if table.sheet else f"表{table.number}"
            self.directory.doubts.append(f"{where}有{skipped}行没有目录的表头，未读")

    def _header(self, table: Table, at: int, size: int) -> None:
        rows = table.rows[at : at + size]
        roles: list[str] = []
        if size == 2 and not table.certain_merges and word_role(rows[1][0].text) in ITEMS:
            roles = expanded(rows, len(rows[0]))
        roles = roles or columns_of(rows)
        if roles != self.roles or self.fresh:
            self.group += 1
            self.held = {}
        self.roles, self.formed = roles, True
        self.directory.columns += [r for r in roles if r and r not in self.directory.columns]

    def _alone(self, row: list[Cell], printed: list[Cell]) -> bool:
        """One cell over most of the row, or words in the first column only."""
        if len(printed) > 1:
            return False
        cell = printed[0]
        span = sum(1 for c in row if c.origin == cell.origin)
        if 2 * span >= len(row):
            return True
        if not self.roles or row.index(cell) != 0:
            return not self.roles and len(row) > 1
        return not re.fullmatch(r"[\d.\-—()（）一二三四五六七八九十]+", cell.text.strip())

    def _row(self, table: Table, at: int, first: bool) -> None:
        own, merged = self._cells(table, at)
        if len(own) >= 5 and self._counts_columns(table.rows[at]):
            return
        keys = {"number", *[i for i in ITEMS[1:] if i in self.roles]}
        if "level2" not in self.roles:
            keys.add("level1")
        told = {r for r in own if any(p in TICKS for p in r.split("+"))}
        if set(own) <= {"number"} or not (set(own) & {*ITEMS, "content"} or told):
            if self.drafts and self.drafts[-1].group == self.group and not set(own) & keys and own:
                self._append(own, cut=first)
            return
        cut = (
            first
            and table.wrapped
            and bool(self.drafts)
            and not told
            and "number" in self.roles
            and "number" not in own
        )
        begins = set(own) & keys or told or set(own) & {"limit", "owner", "method", "levels"}
        if self.drafts and self.drafts[-1].group == self.group and (cut or not begins):
            self._append(own, cut=cut)
            return
        self._begin(table, at, own, merged)

    def _cells(self, table: Table, at: int) -> tuple[dict[str, str], dict[str, str]]:
        """Texts printed in the row itself, and texts that merged cells bring down or across, by role."""
        own: dict[str, str] = {}
        merged: dict[str, str] = {}
        for c, cell in enumerate(table.rows[at]):
            role = self.roles[c]
            if not role or role == "higher":
                continue
            if cell.kind is CellKind.PRINTED and cell.text.strip():
                own[role] = f"{own[role]}\n{cell.text}" if role in own else cell.text
            elif cell.kind is CellKind.MERGED:
                r, origin = cell.origin
                across = origin != c
                ticks = role.split("+")[0] in TICKS
                if not across or (ticks and self.roles[origin].split("+")[0] in TICKS):
                    merged.setdefault(role, table.rows[r][origin].text)
                elif across and self.roles[origin] != role:
                    merged.setdefault(role, "")
        return own, {r: t for r, t in merged.items() if r not in own}

    def _counts_columns(self, row: list[Cell]) -> bool:
        texts = [c.text.strip() for c in row if c.kind is CellKind.PRINTED]
        return (
            texts == [str(i) for i in range(int(texts[0]), int(texts[0]) + len(texts))] if texts[0].isdigit() else False
        )

    def _begin(self, table: Table, at: int, own: dict[str, str], merged: dict[str, str]) -> None:
        texts: dict[str, str] = {}
        doubts: list[str] = []
        for role in dict.fromkeys(r for r in self.roles if r and r != "higher"):
            label = LABELS.get(role.split("+")[0], role)
            above = self.held.get(role, "")
            if role in own:
                text = own[role]
                if cells.is_ditto(text):
                    text = above
                    if not above:
                        doubts.append(f"{label}写“同上”，上行没有内容")
            elif role in merged:
                text = merged[role]
            elif above and (role in _CARRIED or (role in ITEMS and self._deeper(role, own))):
                text = above
                doubts.append(f"{label}空白，承上行")
            else:
                text = ""
            if cells.is_ditto(text):
                text = above
            texts[role] = text
            self.held[role] = "" if cells.is_nothing(text) else text
        place = Place(table.number, at + 1, table.rows[at][0].page or table.page, table.sheet)
        self.drafts.append(Draft(texts, dict(own), self.area, place, table, self.group, doubts))
        self.fresh = False

    @staticmethod
    def _deeper(role: str, own: dict[str, str]) -> bool:
        """An item of a lower level is printed in the row, so the blank belongs to the item above."""
        return any(i in own for i in ITEMS[ITEMS.index(role) + 1 :]) and role not in own

    def _append(self, own: dict[str, str], cut: bool) -> None:
        """More of the line above: a further row of its content, or what the end of a page has cut off."""
        draft = self.drafts[-1]
        for role, text in own.items():
            before = draft.texts.get(role, "")
            joint = "" if cut and not re.search(r"[。；;]$", before) else "\n"
            draft.texts[role] = f"{before}{joint}{text}" if before else text
            draft.raw[role] = f"{draft.raw[role]}\n{text}" if role in draft.raw else text
            self.held[role] = draft.texts[role]

    def _lines(self) -> list[Line]:
        widths: dict[int, dict[str, int]] = {}
        for draft in self.drafts:
            mine = widths.setdefault(draft.group, {})
            for role, text in draft.texts.items():
                mine[role] = max(mine.get(role, 0), cells.breadth(text))
        made: list[Line] = []
        for draft in self.drafts:
            line = line_of(draft.texts, draft.area, widths[draft.group] if draft.table.wrapped else None)
            line.raw, line.place = draft.raw, draft.place
            line.doubts = draft.doubts + line.doubts
            made.append(line)
        return made
