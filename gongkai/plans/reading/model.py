"""What a reading yields: a plan, its tasks, and where each came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gongkai.plans.reading.deadlines import Deadline


@dataclass(slots=True)
class Source:
    """Where a task stands: page, table, row and column from 1 (or paragraph from 1); `span` are the character
    offsets in the text of that cell or paragraph. `text_start` is the offset in the whole of a text file."""

    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    paragraph: int | None = None
    span: tuple[int, int] | None = None
    text_start: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Only what is known."""
        out: dict[str, Any] = {}
        for name in ("page", "sheet", "table", "row", "column", "paragraph", "text_start"):
            value = getattr(self, name)
            if value is not None:
                out[name] = value
        if self.span is not None:
            out["span"] = list(self.span)
        return out

    def __str__(self) -> str:
        pieces = []
        if self.sheet:
            pieces.append(f"工作表“{self.sheet}”")
        if self.page is not None:
            pieces.append(f"第{self.page}页")
        if self.table is not None:
            pieces.append(f"表{self.table}第{self.row}行第{self.column}列")
        if self.paragraph is not None:
            pieces.append(f"第{self.paragraph}段")
        return "".join(pieces)


@dataclass(slots=True)
class Doubt:
    """Something a person should look at: which field, why, and how sure the reading is (0 to 1)."""

    field: str
    reason: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """As a plain object."""
        return {"field": self.field, "reason": self.reason, "confidence": self.confidence}


@dataclass(slots=True)
class Task:
    """One task of a plan, in the words printed."""

    no: str | None
    path: list[str]
    text: str
    responsible_raw: str | dict[str, str]
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    deadline_raw: str | None = None
    source: Source = field(default_factory=Source)
    responsible_source: Source | None = None
    inherited: dict[str, str] = field(default_factory=dict)
    warnings: list[Doubt] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The shape of the gold files, with source, inherited and warnings added."""
        return {
            "no": self.no,
            "path": self.path,
            "text": self.text,
            "responsible_raw": self.responsible_raw,
            "lead": self.lead,
            "support": self.support,
            "persons": self.persons,
            "deadlines": [d.to_json() for d in self.deadlines],
            "deadline_raw": self.deadline_raw,
            "source": self.source.to_json(),
            "responsible_source": self.responsible_source.to_json() if self.responsible_source else None,
            "inherited": self.inherited,
            "warnings": [w.to_json() for w in self.warnings],
        }


@dataclass(slots=True)
class Plan:
    """A plan as read."""

    tasks: list[Task]
    title: str | None = None
    issuer: str | None = None
    year: int | None = None
    issued_on: str | None = None
    doc_refs: list[str] = field(default_factory=list)
    cited_titles: list[str] = field(default_factory=list)
    warnings: list[Doubt] = field(default_factory=list)
    file: str = ""
    format: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape of the gold files, with file, format and warnings added."""
        return {
            "file": self.file,
            "format": self.format,
            "title": self.title,
            "issuer": self.issuer,
            "year": self.year,
            "issued_on": self.issued_on,
            "doc_refs": self.doc_refs,
            "cited_titles": self.cited_titles,
            "tasks": [t.to_json() for t in self.tasks],
            "warnings": [w.to_json() for w in self.warnings],
        }
