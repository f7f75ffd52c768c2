"""The records of the sample county, carried through the same verbs as any other: written, reviewed, signed, published."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, NamedTuple

from gongkai.base.clock import ZONE
from gongkai.orgs.models import Person, Post
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from gongkai.records import actions, life
from gongkai.records.kinds import kind_of
from gongkai.records.models import Record, State, Version

SECRECY = "经审查，不涉及国家秘密、工作秘密和敏感信息，可以公开。"


class Step(NamedTuple):
    """Something done to a record on a day; `order` within the day."""

    day: dt.date
    order: int
    at: int
    do: Callable[[], None]


def entries() -> list[dict[str, Any]]:
    """Every record of the sample, in the order of its submission."""
    found = []
    for path in sorted(files("gongkai.demo").joinpath("records").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            found += tomllib.loads(path.read_text("utf-8"))["record"]
    return sorted(found, key=lambda r: (r["submitted"], r["key"]))


@dataclass
class Archive:
    """Plays the records: `organisations` and `people` are the county's, by key."""

    organisations: dict[str, int]
    people: dict[str, Person]
    records: dict[str, int] = field(default_factory=dict)
    _viewers: dict[tuple[int, dt.date], Viewer] = field(default_factory=dict)
    _posts: list[tuple[int, int, str, dt.date, dt.date | None]] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """What is done to all of them, to be played among the other steps of the county in the order of days."""
        found = entries()
        by_key = {r["key"]: r for r in found}
        # An interpretation goes through the gates beside the document that wants one, and out with it.
        for record in found:
            for key in record.get("fields", {}).get("documents", []) if record["kind"] == "interpretation" else []:
                document = by_key[key]
                if document.get("interpret") and not document.get("together"):
                    document["together"] = record["key"]
                    record["submitted"], record["published"] = document["submitted"], document.get("published")
                    record["formed"] = min(record["formed"], document["submitted"])
                    record["with"] = key
        for record in found:
            if record.get("interpret") and not record.get("together"):
                record["interpret"] = False
        steps: list[Step] = []
        for at, record in enumerate(sorted(found, key=lambda r: (r["submitted"], "with" in r, r["key"]))):
            steps.append(Step(record["submitted"], 2, at, lambda r=record: self._begin(r)))  # type: ignore[misc]
            if record.get("state") in ("draft",):
                continue
            # All of a day are submitted before any is reviewed: a document is not signed before its interpretation is in.
            steps.append(Step(record["submitted"], 3, at, lambda r=record: self._submit(r)))  # type: ignore[misc]
            steps.append(Step(record["submitted"], 4, at, lambda r=record: self._review(r)))  # type: ignore[misc]
            if record.get("state") in ("review", "returned"):
                continue
            if record.get("state") == "scheduled":
                steps.append(Step(record["submitted"], 5, at, lambda r=record: self._schedule(r)))  # type: ignore[misc]
                continue
            if by_key.get(record.get("together", ""), {}).get("state") in ("draft", "review", "returned"):
                continue  # approved, and waiting for its interpretation
            steps.append(Step(record["published"], 6, at, lambda r=record: self._publish(r)))  # type: ignore[misc]
            for amend in record.get("amend", []):
                steps.append(Step(amend["on"], 7, at, lambda r=record, a=amend: self._amend(r, a)))  # type: ignore[misc]
            if record.get("state") in ("repealed", "invalid"):
                steps.append(Step(record["ended"], 8, at, lambda r=record: self._end(r)))  # type: ignore[misc]
            if record.get("state") == "withdrawn":
                steps.append(Step(record["withdrawn"], 8, at, lambda r=record: self._withdraw(r)))  # type: ignore[misc]
        return steps

    def _viewer(self, person: int, day: dt.date) -> Viewer:
        key = (person, day)
        if key not in self._viewers:
            if len(self._viewers) > 400:
                self._viewers.clear()
            self._viewers[key] = viewer_of(Person.objects.get(pk=person), day)
        return self._viewers[key]

    def _author(self, record: dict[str, Any], day: dt.date) -> Viewer:
        return self._viewer(self.people[record["author"]].pk, day)

    def _begin(self, record: dict[str, Any]) -> None:
        day = record["submitted"]
        actor = self._author(record, day)
        values = {k: v for k, v in record.items() if k not in ("fields", "attachments", "state")}
        values["interpret"] = record.get("interpret", False)
        values["fields"] = {k: self._linked(record, k, v) for k, v in record.get("fields", {}).items()}
        made = actions.begin_record(record["kind"], self.organisations[record["owner"]], values, actor=actor, on=day)
        self.records[record["key"]] = made.pk
        revision = 0
        for attachment in record.get("attachments", []):
            data = document(attachment)
            draft = actions.attach(
                made.pk, data, attachment["name"], {"alt": ""}, revision=revision, actor=actor, on=day
            )
            revision = draft.revision

    def _linked(self, record: dict[str, Any], key: str, value: Any) -> Any:
        if kind_of(record["kind"]).field(key).type == "record":
            return [self.records[k] for k in value]
        if kind_of(record["kind"]).field(key).type == "organisation":
            return self.organisations[value]
        return value

    def _submit(self, record: dict[str, Any]) -> None:
        day = record["submitted"]
        actions.submit(self.records[record["key"]], actor=self._author(record, day), on=day)

    def _review(self, record: dict[str, Any]) -> None:
        day = record["submitted"]
        version = Version.objects.select_related("record").get(record=self.records[record["key"]])
        if record.get("state") == "returned":
            gate, keeper = self._keeper(version, day)
            actions.decide(version.pk, "return", actor=keeper, on=day, comment=record["comment"], gate=gate.code)
            return
        self._gates(version, day, record.get("stop", "") if record.get("state") == "review" else "")

    def _gates(self, version: Version, day: dt.date, stop: str = "") -> None:
        while True:
            held = Version.objects.select_related("record").prefetch_related("results").get(pk=version.pk)
            at = life.next_gate(held)
            if at is None or at.code == stop:
                return
            gate, keeper = self._keeper(held, day)
            comment = SECRECY if gate.code == "secrecy" else ""
            actions.decide(held.pk, "pass", actor=keeper, on=day, comment=comment, checked=gate.asks, gate=gate.code)

    def _keeper(self, version: Version, day: dt.date) -> tuple[Any, Viewer]:
        results = life.passed(version)
        gate = life.next_gate(version, results)
        assert gate is not None
        if not self._posts:
            self._posts = list(Post.objects.values_list("person_id", "organisation_id", "role", "since", "until"))
        posts = [(p, o, r) for p, o, r, since, until in self._posts if since <= day and (until is None or day <= until)]
        tree = self._viewer(self.people["admin"].pk, day).tree
        barred = life.not_these(version, gate, results)
        able = [p for p in posts if p[0] not in barred]
        _, people = life.keepers(gate, version.record.owner_id, tree, able)
        if not people:
            raise LookupError(f"{gate.name}：{tree[version.record.owner_id].name}在{day}没有人可以办理")
        return gate, self._viewer(min(people), day)

    def _publish(self, record: dict[str, Any]) -> None:
        day = record["published"]
        pk = self.records[record["key"]]
        if Version.objects.filter(record=pk, state=State.APPROVED).exists():
            if "with" in record and Record.objects.get(pk=self.records[record["with"]]).published_id is None:
                return  # its document takes it along
            actions.publish(pk, actor=self._author(record, day), on=day)

    def _schedule(self, record: dict[str, Any]) -> None:
        moment = dt.datetime.combine(record["published"], dt.time(9), ZONE)
        day = record["submitted"]
        actions.schedule(self.records[record["key"]], moment, actor=self._author(record, day), on=day)

    def _amend(self, record: dict[str, Any], amend: dict[str, Any]) -> None:
        day = amend["on"]
        actor = self._author(record, day)
        pk = self.records[record["key"]]
        draft = actions.revise(pk, actor=actor, on=day)
        values = {k: v for k, v in amend.items() if k not in ("on", "note")}
        actions.write_draft(pk, values, revision=draft.revision, actor=actor, on=day)
        self._gates(actions.submit(pk, actor=actor, on=day, note=amend["note"]), day)
        actions.publish(pk, actor=actor, on=day)

    def _end(self, record: dict[str, Any]) -> None:
        how = "repeal" if record["state"] == "repealed" else "invalid"
        day = record["ended"]
        actions.decide_validity(
            self.records[record["key"]],
            how,
            actor=self._author(record, day),
            on=day,
            by=self.records[record["by"]] if record.get("by") else None,
            by_text=record.get("by_text", ""),
            reason=record.get("reason", ""),
        )

    def _withdraw(self, record: dict[str, Any]) -> None:
        day = record["withdrawn"]
        actions.withdraw(self.records[record["key"]], record["reason"], actor=self._author(record, day), on=day)


def document(attachment: dict[str, Any]) -> bytes:
    """The bytes of an attachment from its text or table, as its name's ending says."""
    end = attachment["name"].rpartition(".")[2]
    table = attachment.get("table")
    out = io.BytesIO()
    if end == "csv":
        text = io.StringIO()
        csv.writer(text).writerows(table or [])
        return text.getvalue().encode("utf-8-sig")
    if end == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        page = book.worksheets[0]
        for row in table or [[line] for line in attachment["text"].strip().split("\n")]:
            page.append(list(row))
        book.properties.creator = ""
        book.save(out)
        return out.getvalue()
    import docx

    paper = docx.Document()
    paper.core_properties.author = ""
    for line in attachment.get("text", "").strip().split("\n"):
        if line.strip():
            paper.add_paragraph(line.strip())
    if table:
        grid = paper.add_table(rows=0, cols=len(table[0]))
        grid.style = "Table Grid"
        for row in table:
            for cell, value in zip(grid.add_row().cells, row, strict=True):
                cell.text = str(value)
    paper.save(out)
    return out.getvalue()
