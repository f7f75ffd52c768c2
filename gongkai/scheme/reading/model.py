"""What a reading yields: a directory, its lines, and where each came from.

The columns are those of the official form (law.md §5, YAML 15.7 `standard_directory_columns`; 国办发〔2019〕54号).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.scheme.reading.limits import Kind, Limit


class Mark(StrEnum):
    """How a channel is marked in the checklist: ■ 必选, □ 可选."""

    MUST = "必选"
    MAY = "可选"
    PLAIN = ""
    """No mark is printed."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of 公开渠道和载体."""

    name: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Levels:
    """公开层级 as ticked."""

    county: bool = False
    township: bool = False
    village: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: table and row from 1, page from 1, name of the sheet."""

    table: int
    row: int
    page: int | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        sheet = f"工作表“{self.sheet}”" if self.sheet else ""
        page = f"第{self.page}页" if self.page is not None else ""
        return f"{sheet}{page}表{self.table}第{self.row}行"


@dataclass(slots=True)
class Line:
    """One line of a directory. Where the form has one column of 公开事项 only, it is `level1`.

    `raw` are the cells as printed, by role (同上 stays 同上); `doubts` are Chinese reasons to look again. Neither
    of them nor the place belongs to what a line says, so they do not count when lines are compared.
    """

    number: str = ""
    area: str = ""
    level1: str = ""
    level2: str = ""
    deeper: list[str] = field(default_factory=list)
    content: str = ""
    elements: list[str] = field(default_factory=list)
    basis: str = ""
    titles: list[str] = field(default_factory=list)
    limit: Limit = field(default_factory=lambda: Limit(Kind.UNKNOWN, ""))
    owner: str = ""
    owners: list[str] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    audience_all: bool = False
    audience_group: str = ""
    proactive: bool = False
    on_request: bool = False
    levels: Levels = field(default_factory=Levels)
    process: str = ""
    form: str = ""
    remark: str = ""
    raw: dict[str, str] = field(default_factory=dict, compare=False)
    place: Place | None = field(default=None, compare=False)
    doubts: list[str] = field(default_factory=list, compare=False)


@dataclass(slots=True)
class Directory:
    """A directory as read. `columns` are the roles that its header has; `areas` stand in the order of the file."""

    title: str = ""
    areas: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    file: str = ""
    format: str = ""
