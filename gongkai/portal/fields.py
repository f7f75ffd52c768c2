"""A record's own fields as a page shows them: facts, passages, tables with their totals, charts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gongkai.orgs.tree import Tree
from gongkai.portal import chart
from gongkai.records.content import amount
from gongkai.records.kinds import COMMON, Column, Field, Kind
from gongkai.records.models import Content


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is said."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading with text below it; `rich` is safe HTML."""

    key: str
    label: str
    text: str
    rich: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    number: bool
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A typed table, its total and its drawing."""

    key: str
    label: str
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    totals: list[Cell]
    drawing: str


def day(value: Any) -> str:
    """2026年3月5日, of a date or of its ISO text; other text stays."""
    if isinstance(value, str):
        try:
            return day(dt.date.fromisoformat(value))
        except ValueError:
            return value
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, dt.date) else ""


def number(value: Any, grouped: bool) -> str:
    """1,234.50 for money; figures as they were written otherwise."""
    held = amount(value) if value not in (None, "") else None
    if held is None:
        return str(value or "")
    return f"{held:,f}" if grouped else f"{held:f}"


def said(one: Field | Column, value: Any, tree: Tree | None = None) -> str:
    """A value in words."""
    if value in (None, "", [], {}):
        return ""
    if one.type == "date":
        return day(value)
    if one.type in ("number", "money"):
        return number(value, one.type == "money")
    if one.type == "organisation" and tree is not None:
        return tree[int(value)].name if int(value) in tree else ""
    return str(value)


def facts(kind: Kind, content: Content, keys: tuple[str, ...] | list[str], tree: Tree) -> list[Fact]:
    """Elements and short fields by their keys; empty ones are left out."""
    own = {f.key: f for f in kind.fields}
    out = []
    for key in keys:
        if key in own:
            one = own[key]
            if one.type in ("table", "rich", "record", "file") or one.lines > 1:
                continue
            value, label = said(one, content.fields.get(key), tree), one.shown
        else:
            held = getattr(content, key)
            value, label = (day(held) if isinstance(held, dt.date) else str(held or "")), COMMON[key]
        if value:
            out.append(Fact(key, label, value))
    return out


def rest(kind: Kind, content: Content, tree: Tree) -> list[Fact]:
    """Short fields that the head of the page does not show."""
    return facts(kind, content, [f.key for f in kind.fields if f.key not in kind.shown], tree)


def parts(kind: Kind, content: Content) -> list[Passage | Grid]:
    """Long fields and tables, in the order of the kind."""
    out: list[Passage | Grid] = []
    for one in kind.fields:
        value = content.fields.get(one.key)
        if not value:
            continue
        if one.type == "table" and isinstance(value, list):
            out.append(grid(one, value))
        elif one.type == "rich":
            out.append(Passage(one.key, one.label, str(value), True))
        elif one.type == "text" and one.lines > 1:
            out.append(Passage(one.key, one.label, str(value), False))
    return out


def grid(one: Field, rows: list[dict[str, Any]]) -> Grid:
    """A table as it is shown: numbers grouped, a row of totals where the kind asks for it."""
    used = tuple(c for c in one.columns if c.required or c.total or any(r.get(c.key) not in (None, "") for r in rows))
    shown = [[Cell(said(c, r.get(c.key)), c.type in ("number", "money"), _head(c)) for c in used] for r in rows]
    totals: list[Cell] = []
    if len(rows) > 1 and any(c.total for c in used):
        for at, column in enumerate(used):
            text = "合计" if at == 0 and not column.total else ""
            if column.total:
                held = [amount(r.get(column.key)) for r in rows if r.get(column.key) not in (None, "")]
                text = number(sum((n for n in held if n is not None), Decimal(0)), column.type == "money")
            totals.append(Cell(text, column.total, _head(column)))
    drawing = ""
    if one.chart:
        column = next(c for c in one.columns if c.key == one.chart)
        name = next((c for c in one.columns if c.type in ("text", "choice")), one.columns[0])
        bars = [(str(r.get(name.key) or ""), amount(r.get(column.key) or 0) or Decimal(0)) for r in rows]
        drawing = chart.bars(one.key, f"{one.label}：{column.label}", column.unit or one.unit, bars)
    return Grid(one.key, one.label, used, shown, totals, drawing)


def _head(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else column.label
