"""What cells of a spreadsheet say and show: shared strings, numbers in their formats, what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gongkai.papers.nodes import attribute, local, named
from gongkai.papers.redaction.slots import Slot, text_of

MAX_COLUMNS = 16384
_DAYS = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in formats of Chinese programs: days, without a code in the file."""
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    out = 0
    for one in letters:
        out = out * 26 + ord(one) - 64
    return out


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def rich_slots(node: Any) -> list[Slot]:
    """The texts of a string item or inline string, without the readings over it."""
    out: list[Slot] = []
    for child in node:
        if local(child) == "t":
            out.append((child, child.text or ""))
        elif local(child) == "r":
            out += [(t, t.text or "") for t in child if local(t) == "t"]
    return out


@dataclass
class Formats:
    """The number formats of a workbook by cell style."""

    codes: list[str] = field(default_factory=list)
    epoch: Any = None

    @classmethod
    def of(cls, styles: Any, workbook: Any) -> Formats:
        """Read from the style part."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

        own = {}
        codes: list[str] = []
        if styles is not None:
            own = {attribute(n, "numFmtId"): attribute(n, "formatCode") for n in named(styles, "numFmt")}
            for node in styles:
                if local(node) == "cellXfs":
                    for one in node:
                        key = attribute(one, "numFmtId")
                        number = int(key) if key.isdigit() else 0
                        code = "yyyy-mm-dd" if number in _DAYS else BUILTIN_FORMATS.get(number, "General")
                        codes.append(own.get(key) or code)
        other = any(attribute(n, "date1904") in ("1", "true") for n in named(workbook, "workbookPr"))
        return cls(codes, CALENDAR_MAC_1904 if other else CALENDAR_WINDOWS_1900)

    def shown(self, value: str, style: str) -> tuple[str, ...]:
        """Forms in which a number may be read: plain, grouped, in percent, as a day."""
        from openpyxl.styles.numbers import is_date_format

        try:
            number = float(value)
        except ValueError:
            return ()
        if number != number or abs(number) > 1e18:
            return ()
        code = self.codes[int(style)] if style.isdigit() and int(style) < len(self.codes) else "General"
        whole = round(number)
        out = [f"{number:.{n}f}" for n in (0, 1, 2, 3, 4)] + [f"{number:,.{n}f}" for n in (0, 2)]
        out = [o for o in out if abs(float(o.replace(",", "")) - number) < 1e-9 or "0" in code or "#" in code]
        if "%" in code:
            out += [f"{number * 100:.{n}f}%" for n in (0, 1, 2)]
        if is_date_format(code) and 0 <= number < 2_900_000:
            out += self._days(number)
        if abs(number - whole) < 1e-9:
            out.append(str(whole))
            digits = code.split(";")[0]
            if re.fullmatch(r"0+", digits):
                out.append(str(whole).zfill(len(digits)))
        return tuple(dict.fromkeys(out))

    def _days(self, number: float) -> list[str]:
        try:
            day = self.epoch + timedelta(days=number)
        except OverflowError:
            return []
        y, m, d = day.year, day.month, day.day
        out = [f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}/{m:02}/{d:02}", f"{y}-{m}-{d}", f"{y}年{m}月{d}日"]
        out += [f"{y}.{m}.{d}", f"{y}.{m:02}.{d:02}", f"{y}{m:02}{d:02}", f"{y}年{m:02}月{d:02}日", f"{m}月{d}日"]
        out += [f"{y}年{m}月", f"{m}/{d}/{y}", f"{day:%H:%M}", f"{day:%H:%M:%S}", f"{m}-{d}-{y % 100:02}"]
        return out


@dataclass
class Hidden:
    """The rows and columns of a sheet that are not shown, and cells that a merge shows all the same."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    kept: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> Hidden:
        """What a sheet hides."""
        out = cls()
        default = any(attribute(n, "zeroHeight") in ("1", "true") for n in named(root, "sheetFormatPr"))
        for node in named(root, "col"):
            if attribute(node, "hidden") in ("1", "true") or _zero(attribute(node, "width")):
                first, last = attribute(node, "min"), attribute(node, "max")
                if first.isdigit() and last.isdigit():
                    out.columns.update(range(int(first), min(int(last), MAX_COLUMNS) + 1))
        at = 0
        for row in named(root, "row"):
            at = number_of(row, at)
            mark, height = attribute(row, "hidden"), attribute(row, "ht")
            if mark in ("1", "true") or _zero(height) or (default and not mark and not height):
                out.rows.add(at)
        for node in named(root, "mergeCell"):
            ends = [split(p) for p in attribute(node, "ref").split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                (r1, c1), (r2, c2) = ends[0], ends[1]
                rows = any(r not in out.rows for r in range(r1, min(r2, r1 + 5000) + 1))
                if rows and any(c not in out.columns for c in range(c1, min(c2, MAX_COLUMNS) + 1)):
                    out.kept.add((r1, c1))
        return out

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is not shown."""
        return (row in self.rows or column in self.columns) and (row, column) not in self.kept


def _zero(text: str) -> bool:
    try:
        return bool(text) and float(text) == 0
    except ValueError:
        return False


def split(place: str) -> tuple[int, int] | None:
    """C7 → (7, 3)."""
    found = _PLACE.fullmatch(place.strip().upper())
    return (int(found[2]), column_number(found[1])) if found else None


def number_of(row: Any, before: int) -> int:
    """The number of a row; a row that does not say follows the one before."""
    said = attribute(row, "r")
    return int(said) if said.isdigit() else before + 1


def cells_of(row: Any, at: int) -> list[tuple[int, Any]]:
    """The cells of a row with their columns."""
    out = []
    column = 0
    for cell in row:
        if local(cell) == "c":
            place = split(attribute(cell, "r"))
            column = place[1] if place else column + 1
            out.append((column, cell))
    return out


def child(cell: Any, name: str) -> Any:
    """The child of this name."""
    return next((n for n in cell if local(n) == name), None)


def content(cell: Any, strings: list[Any]) -> tuple[str, bool]:
    """What a cell holds, and whether that is a number."""
    sort = cell.get("t") or "n"
    value = child(cell, "v")
    text = (value.text or "") if value is not None else ""
    if sort == "s":
        known = text.strip().isdigit() and int(text) < len(strings)
        return (text_of(rich_slots(strings[int(text)])), False) if known else ("", False)
    if sort == "inlineStr":
        inline = child(cell, "is")
        return (text_of(rich_slots(inline)), False) if inline is not None else ("", False)
    if sort == "b":
        return ({"1": "TRUE", "0": "FALSE"}.get(text, text), False)
    return text, sort == "n"
