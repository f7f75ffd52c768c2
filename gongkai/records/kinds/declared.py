"""What a kind of record declares, as the program holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "rich", "date", "number", "money", "choice", "organisation", "table", "file", "record"]
FIELD_TYPES = ("text", "rich", "date", "number", "money", "choice", "organisation", "table", "file", "record")
COLUMN_TYPES = ("text", "date", "number", "money", "choice")
VIEWS = ("document", "table", "timeline", "list", "page")
AUDIENCES = ("public", "limited", "on_request", "internal")
COMMON = {
    "title": "标题",
    "document_number": "发文字号",
    "issuers": "发文机关",
    "topic": "主题分类",
    "formed": "成文日期",
    "effective": "施行日期",
    "expires": "有效期至",
    "summary": "内容概述",
    "keywords": "主题词",
    "source": "来源",
    "contact": "咨询方式",
    "body": "正文",
}
"""Elements that every record can have; a kind says which it demands and which it shows."""
MASKS = ("resident_id", "phone", "bank_card", "address", "name", "licence_plate")
CADENCES = ("within", "yearly", "quarterly", "monthly", "promptly")
CHECKS = ("compare", "interval", "any_of", "mentions", "unique", "distinct_files")


class BadKind(ValueError):
    """A kind's file does not hold; the message names the file, the line and the reason."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    label: str
    type: str = "text"
    required: bool = False
    total: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind, beside the elements that every record has."""

    key: str
    label: str
    type: FieldType = "text"
    required: bool = False
    help: str = ""
    unit: str = ""
    lines: int = 1
    choices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    kinds: tuple[str, ...] = ()
    relation: str = ""
    many: bool = False
    chart: str = ""

    @property
    def shown(self) -> str:
        """The label with its unit: 余额（万元）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the content must satisfy; `level` is `block` or `warn`."""

    kind: str
    say: str
    level: str = "block"
    basis: str = ""
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    op: str = "equal"
    table: str = ""
    start: str = ""
    end: str = ""
    max_years: int = 0
    fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How soon or how often: the duty of this kind. With `rule` the limit is that of the law's rule; else it is its own."""

    kind: str
    basis: str = ""
    rule: str = ""
    amount: int = 0
    unit: str = "wd"
    of: str = "formed"
    by: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Mask:
    """What is covered before anybody can publish; `where` are fields or table.column, all of them when empty."""

    what: str
    where: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared kind of government information."""

    code: str
    name: str
    group: str
    view: str
    article: str
    basis: str
    gates: tuple[str, ...]
    audience: str = "public"
    required: tuple[str, ...] = ("title",)
    shown: tuple[str, ...] = ()
    numbered: bool = False
    validity: bool = False
    max_years: int = 0
    trial_years: int = 0
    interpretation: str = "none"
    update_days: int = 0
    fields: tuple[Field, ...] = ()
    checks: tuple[Check, ...] = ()
    cadence: tuple[Cadence, ...] = ()
    masks: tuple[Mask, ...] = ()
    help: str = ""
    position: int = 100

    def field(self, key: str) -> Field:
        """A field by its key. Raises KeyError."""
        for one in self.fields:
            if one.key == key:
                return one
        raise KeyError(key)

    def label(self, key: str) -> str:
        """The label of a common element or a field."""
        return COMMON[key] if key in COMMON else self.field(key).label

    @property
    def tables(self) -> tuple[Field, ...]:
        """Its fields that are tables."""
        return tuple(f for f in self.fields if f.type == "table")
