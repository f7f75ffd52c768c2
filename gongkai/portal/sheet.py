"""A record as its page: put together once, drawn alike live and pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from gongkai.base.clock import ZONE, today
from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import Tree
from gongkai.portal import fields, qr
from gongkai.portal.about import about
from gongkai.portal.attached import SAFE, Attachment, attached
from gongkai.records import reads, rules
from gongkai.records.kinds import COMMON, Field, Kind, kinds
from gongkai.records.models import Audience, Ending, How, Record, State, Status, Version


@dataclass(frozen=True, slots=True)
class Beside:
    """One record in the side box, and whether it still stands."""

    record: Record
    ended: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One version that is or was out."""

    number: int
    on: dt.datetime | None
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class Banner:
    """What must be said above a document, and by what it came about."""

    state: str
    text: str
    by: Record | None = None
    by_text: str = ""


@dataclass
class Sheet:
    """Everything that the page of one version of a record shows."""

    record: Record
    version: Version
    kind: Kind
    tree: Tree
    day: dt.date
    address: str
    files_at: str
    base: str
    versions: list[Version] = field(default_factory=list)
    limited: bool = False

    @property
    def current(self) -> bool:
        """Whether this is the version that is out."""
        return self.version.pk == self.record.published_id

    @property
    def view(self) -> str:
        """The template of the kind."""
        return f"record_{self.kind.view}"

    @property
    def twin(self) -> str:
        """Where the same stands as data."""
        return self.address.removesuffix(".html") + ".json"

    @cached_property
    def owner(self) -> str:
        """Who made it public."""
        return self.tree[self.record.owner_id].name if self.record.owner_id in self.tree else ""

    @cached_property
    def state(self) -> str:
        """Validity on the day; empty for kinds that have none."""
        return rules.validity(self.record, self.day) if self.kind.validity else ""

    @property
    def state_text(self) -> str:
        """Validity in words."""
        return rules.VALIDITY.get(self.state, "")

    @cached_property
    def head(self) -> list[fields.Fact]:
        """The table at the head: as the kind says, with 索引号, 发布日期 and 有效性 in their places."""
        keys = [k for k in self.kind.shown if k in COMMON or any(f.key == k for f in self.kind.fields)]
        out = fields.facts(self.kind, self.version, keys, self.tree)
        if self.record.index_number:
            out.insert(0, fields.Fact("index_number", "索引号", self.record.index_number))
        at = next((n + 1 for n, f in enumerate(out) if f.key == "document_number"), len(out))
        out.insert(at, fields.Fact("published", "发布日期", fields.day(self.published_on)))
        if self.state:
            out.append(fields.Fact("validity", "有效性", self.state_text))
        if not any(f.key == "issuers" for f in out):
            out.insert(1, fields.Fact("owner", "公开机关", self.owner))
        return out

    @property
    def cells(self) -> list[tuple[fields.Fact, bool]]:
        """The head as a grid of two: a fact and whether it takes the whole row, so that no hole is left."""
        out: list[tuple[fields.Fact, bool]] = []
        half = False
        for fact in self.head:
            if fact.key == "title":
                if half:
                    out[-1] = (out[-1][0], True)
                out.append((fact, True))
                half = False
            else:
                out.append((fact, False))
                half = not half
        if half:
            out[-1] = (out[-1][0], True)
        return out

    @property
    def moment(self) -> dt.datetime | None:
        """When what is shown went out."""
        return next((e.on for e in self.history if e.number == self.version.number), self.record.published_at)

    @property
    def published_on(self) -> dt.date | None:
        """The day on which it first went out, in China."""
        first = self.record.first_published_at
        return first.astimezone(ZONE).date() if first else None

    @cached_property
    def rest(self) -> list[fields.Fact]:
        """Short fields that the head leaves out."""
        return fields.rest(self.kind, self.version, self.tree)

    @cached_property
    def parts(self) -> list[fields.Passage | fields.Grid]:
        """Passages and tables."""
        return fields.parts(self.kind, self.version)

    @cached_property
    def banner(self) -> Banner | None:
        """What stands above a document that no longer stands as it is printed."""
        if self.state in ("", "valid"):
            return None
        if self.state == "pending":
            return Banner("pending", f"本文件尚未施行，自{fields.day(self.record.effective)}起施行。")
        if self.state == "lapsed":
            return Banner("lapsed", f"本文件已失效，有效期至{fields.day(self.record.expires)}。")
        wanted = {"repealed": [How.REPEAL], "invalid": [How.INVALID], "modified": [How.MODIFY]}[self.state]
        ending = (
            Ending.objects.filter(record=self.record, how__in=wanted, on__lte=self.day).order_by("-on", "-id").first()
        )
        if self.state == "modified" and ending is None:
            if not self.current:  # what is said of an older version is that it was replaced
                return None
            return Banner("modified", f"本文件已于{fields.day(self.record.amended_on)}修改，这里是修改后的版本。")
        by = reads.visible(None).filter(pk=ending.by_id).first() if ending and ending.by_id else None
        on = self.record.amended_on if self.state == "modified" else self.record.ended_on
        text = {
            "repealed": f"本文件已废止（{fields.day(on)}）。",
            "invalid": f"本文件已宣布失效（{fields.day(on)}）。",
            "modified": f"本文件已被修改（{fields.day(on)}）。",
        }[self.state]
        # Words typed beside a document that is not out may name it.
        return Banner(self.state, text, by, ending.by_text if ending and ending.by_id is None else "")

    @cached_property
    def beside(self) -> list[tuple[str, list[Beside]]]:
        """The side box: 解读, 问答, 办事, then what else it is linked with, both ways."""
        names = {"interpretation": "解读", "policy_qa": "问答", "service_guide": "办事"}
        groups: dict[str, list[Beside]] = {name: [] for name in names.values()}
        for relation, others in reads.related(self.record, None).items():
            for other in others:
                if relation.startswith("by:supersedes"):
                    name = "修改或者废止本文件的文件"
                elif relation.startswith("by:"):
                    name = names.get(other.kind) or (kinds()[other.kind].name if other.kind in kinds() else "相关信息")
                else:
                    name = self._label(relation)
                state = (
                    rules.validity(other, self.day) if other.kind in kinds() and kinds()[other.kind].validity else ""
                )
                ended = rules.VALIDITY[state] if state and not rules.stands(state) else ""
                groups.setdefault(name, []).append(Beside(other, ended))
        return [(name, sorted(held, key=_newest)) for name, held in groups.items() if held]

    def _label(self, relation: str) -> str:
        return next((f.label for f in self.kind.fields if _relation(f) == relation), "相关信息")

    @cached_property
    def leans(self) -> list[Beside]:
        """What it explains or rests on and that no longer stands."""
        ended = reads.ended_under([self.record], None, self.day).get(self.record.pk, [])
        said = [Beside(other, rules.VALIDITY[rules.validity(other, self.day)]) for other in ended]
        return sorted(said, key=_newest)

    @cached_property
    def history(self) -> list[Edition]:
        """The versions that are out or were, newest first."""
        out = []
        for version in self.versions:
            current = version.pk == self.record.published_id
            said = [s.at for s in version.statuses.all() if s.state == State.PUBLISHED]
            on = self.record.published_at if current else min(said, default=None)
            out.append(Edition(version.number, on, version.note, current))
        if out:
            first = out[-1]
            out[-1] = Edition(first.number, self.record.first_published_at, first.note, first.current)
        return out

    @cached_property
    def attachments(self) -> list[Attachment]:
        """Files of this version."""
        return attached(self.version)

    @property
    def pictures(self) -> list[Attachment]:
        """What can be looked at on the page."""
        return [a for a in self.attachments if a.media.startswith("image/") and a.alt and a.type.lower() in SAFE]

    @property
    def videos(self) -> list[Attachment]:
        """What can be played on the page."""
        return [a for a in self.attachments if a.media.startswith("video/")]

    @cached_property
    def code(self) -> str:
        """The QR code of its address, where the site's own is known."""
        return qr.svg(self.base + self.address) if self.base and not self.limited else ""

    @property
    def source(self) -> str:
        """Where it is from: an article without a source counts as incomplete."""
        return self.version.source or self.version.issuers or self.owner

    @cached_property
    def stages(self) -> fields.Grid | None:
        """The table that a timeline is made of: the first with a column of dates."""
        for part in self.parts:
            if isinstance(part, fields.Grid) and any(c.type == "date" for c in part.columns):
                return part
        return None

    @cached_property
    def line(self) -> list[dict[str, str]]:
        """The stages as points of a line: heading, when, whether done, the rest."""
        grid = self.stages
        if grid is None:
            return []
        dates = [n for n, c in enumerate(grid.columns) if c.type == "date"]
        words = [n for n, c in enumerate(grid.columns) if c.type != "date"]
        out = []
        for row in grid.rows:
            done, planned = row[dates[-1]].text, row[dates[0]].text if len(dates) > 1 else ""
            more = "；".join(f"{row[n].label}：{row[n].text}" for n in words[2:] if row[n].text)
            when = done or (f"计划{planned}" if planned else "日期未定")
            title = "　".join(row[n].text for n in words[:2] if row[n].text)
            out.append({"title": title, "when": when, "done": "1" if done else "", "more": more})
        return out

    @cached_property
    def data(self) -> dict[str, Any]:
        """The record for machines (schema.org)."""
        publisher = {"@type": "GovernmentOrganization", "name": self.version.issuers or self.owner}
        held: dict[str, Any] = {"@context": "https://schema.org", "inLanguage": "zh-CN", "publisher": publisher}
        if self.base and not self.limited:
            held["url"] = self.base + self.address
        held["datePublished"] = self.record.first_published_at.isoformat() if self.record.first_published_at else None
        held["dateModified"] = self.moment.isoformat() if self.moment else None
        held["description"] = self.version.summary or None
        if self.kind.code == "normative":
            force = "InForce" if rules.stands(self.state) and self.state != "pending" else "NotInForce"
            held |= {"@type": "Legislation", "name": self.version.title}
            held |= {"legislationIdentifier": self.version.document_number or None}
            held |= {"legislationLegalForce": f"https://schema.org/{force}"}
            held |= {"legislationDate": self.version.formed.isoformat() if self.version.formed else None}
        elif self.kind.code == "service_guide":
            held |= {"@type": "GovernmentService", "name": self.version.title, "provider": publisher}
        elif self.kind.code == "dataset":
            held |= {"@type": "Dataset", "name": self.version.title}
        else:
            held |= {"@type": "Article", "headline": self.version.title}
        return {k: v for k, v in held.items() if v is not None}


def _relation(one: Field) -> str:
    return one.relation or one.key


def _newest(one: Beside) -> tuple[bool, float]:
    at = one.record.first_published_at
    return bool(one.ended), -(at.timestamp() if at else 0)


def public_versions(record: Record) -> list[Version]:
    """Versions that the public may read, newest first: the one that is out, and those that it replaced.

    What was withdrawn is gone with everything before it: the reason may lie in the older ones too.
    """
    held = list(
        Version.objects.filter(record=record, audience=record.audience)
        .filter(state__in=[State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN])
        .prefetch_related(Prefetch("statuses", Status.objects.filter(state=State.PUBLISHED)))
        .order_by("-number")
    )
    out = []
    for version in held:
        if version.state == State.WITHDRAWN:
            break
        if version.state == State.SUPERSEDED or version.pk == record.published_id:
            out.append(version)
    return out


def sheets(records: Sequence[Record], base: str) -> list[list[Sheet]]:
    """For each public record its page, then the pages of the versions before it."""
    day = today()
    tree = tree_on(day)
    out = []
    for record in records:
        kind = kinds().get(record.kind)
        if kind is None or record.published is None:
            continue
        versions = public_versions(record)
        made = [
            Sheet(record, record.published, kind, tree, day, f"/p/{record.pk}.html", f"/p/{record.pk}/", base, versions)
        ]
        for old in versions:
            if old.pk != record.published_id:
                at = f"/p/{record.pk}/v{old.number}"
                made.append(Sheet(record, old, kind, tree, day, f"{at}.html", f"{at}/", base, versions))
        out.append(made)
    return out


def limited_sheet(record: Record) -> Sheet | None:
    """A record for a limited circle, at the address that its code makes; nothing of its past, no QR code."""
    kind = kinds().get(record.kind)
    if kind is None or record.published is None or record.audience != Audience.LIMITED:
        return None
    at = f"/x/{record.access_code}/"
    day = today()
    return Sheet(record, record.published, kind, tree_on(day), day, at, at, about().url, limited=True)
