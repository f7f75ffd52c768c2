"""Verbs on drafts: begin, write, attach, cover personal data, drop, take up a published record again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, path_of, record_event
from gongkai.base.clock import moment as now
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.models import File
from gongkai.orgs.models import Kind as Kinds
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.papers import PaperRefused
from gongkai.records import content as taking
from gongkai.records import life
from gongkai.records.actions.common import can, locked
from gongkai.records.checks import attachments, personal, tables
from gongkai.records.kinds import Field, Kind, kind_of, kinds
from gongkai.records.models import CONTENT, Draft, Link, Original, Record, Standing
from gongkai.records.reads import links_of, visible

MOST_FILES = 60
BLOCKING = ("resident_id", "phone", "bank_card", "address", "licence_plate", "passport")
"""What one click covers wherever it is found; names only where the kind says so."""


def begin_record(kind: str, owner: int, values: Mapping[str, Any], *, actor: Viewer, on: dt.date) -> Record:
    """Begin a record of a kind for an organisation; what was typed so far goes into its draft."""
    if kind not in kinds():
        raise refuse("record.kind", "没有这个信息种类，请从列表里选。", "kind")
    demand(actor, "record.write", thing_at(owner, actor))
    with transaction.atomic():
        record = Record.objects.create(
            kind=kind,
            owner_id=owner,
            title="",
            begun_by_id=actor.person_id,
            begun_on=on,
            audience=kind_of(kind).audience,
        )
        defaults: dict[str, Any] = {"audience": kind_of(kind).audience, "issuers": actor.tree[owner].name}
        defaults["interpret"] = kind_of(kind).interpretation == "required"
        writers = [actor.person_id]
        draft = Draft(record=record, person_id=actor.person_id, changed_at=now(), writers=writers, **defaults)
        _write(draft, kind_of(kind), values, actor)
        draft.save()
        record.title = draft.title or f"（未命名的{kind_of(kind).name}）"
        record.save(update_fields=["title"])
        _links(draft)
        record_event("begin", "record", record.pk, actor=actor, on=on, payload=_about(record))
    return record


def write_draft(record: int, values: Mapping[str, Any], *, revision: int, actor: Viewer, on: dt.date) -> Draft:
    """Write into a draft. Refused where somebody else saved in between: nothing of theirs is overwritten."""
    with transaction.atomic():
        draft = _open(record, actor, revision)
        _write(draft, kind_of(draft.record.kind), values, actor)
        _saved(draft, actor)
        _links(draft)
        record_event("write", "record", record, actor=actor, on=on, payload={"revision": draft.revision})
    return draft


def attach(
    record: int, data: bytes, name: str, about: Mapping[str, Any], *, revision: int, actor: Viewer, on: dt.date
) -> Draft:
    """Put a file with a draft. Its type is told from its bytes; active content is refused; its inside is looked at."""
    look = looked(data, name)
    with transaction.atomic():
        draft = _open(record, actor, revision)
        if len(draft.attachments) >= MOST_FILES:
            raise refuse("record.files", f"一条信息最多{MOST_FILES}个附件。", "attachments")
        file = keep_file(data, name)
        if any(a["digest"] == file.digest for a in draft.attachments):
            raise refuse("record.same-file", "这个文件已经在附件里了，内容完全一样。", "attachments")
        entry = {"digest": file.digest, "name": _free(draft, file), "size": len(data), "media": look.media}
        entry["findings"] = [_kept(f) for f in look.findings]
        draft.attachments = [*draft.attachments, entry]
        _about_file(entry, about)
        _saved(draft, actor)
        record_event(
            "attach", "record", record, actor=actor, on=on, payload={"digest": file.digest, "name": entry["name"]}
        )
    return draft


def looked(data: bytes, name: str) -> attachments.Look:
    """A file looked through. Raises Refused for what may not be attached."""
    try:
        return attachments.examine(data, name)
    except PaperRefused as error:
        raise refuse("record.file", f"“{name}”：{error}", "attachments") from error


def describe(record: int, digest: str, about: Mapping[str, Any], *, revision: int, actor: Viewer, on: dt.date) -> Draft:
    """Say what an attachment is: alternative text, whether it holds a map, its 审图号."""
    with transaction.atomic():
        draft = _open(record, actor, revision)
        entry = _entry(draft, digest)
        _about_file(entry, about)
        _saved(draft, actor)
        record_event("describe", "record", record, actor=actor, on=on, payload={"digest": digest})
    return draft


def detach(record: int, digest: str, *, revision: int, actor: Viewer, on: dt.date) -> Draft:
    """Take a file out of a draft; versions that hold it keep it."""
    with transaction.atomic():
        draft = _open(record, actor, revision)
        entry = _entry(draft, digest)
        draft.attachments = [a for a in draft.attachments if a is not entry]
        _saved(draft, actor)
        record_event("detach", "record", record, actor=actor, on=on, payload={"digest": digest})
    return draft


def cover(record: int, *, revision: int, actor: Viewer, on: dt.date) -> Draft:
    """Cover all personal data of a draft in one go; what stood there before is kept in the restricted store."""
    with transaction.atomic():
        draft = _open(record, actor, revision)
        kind = kind_of(draft.record.kind)
        before = {name: _json(getattr(draft, name)) for name in CONTENT}
        for name in ("title", "summary", "contact"):
            setattr(draft, name, _covered(getattr(draft, name)))
        draft.body = taking.cover_html(draft.body, _covered)
        fields = dict(draft.fields)
        for one in kind.fields:
            held = fields.get(one.key)
            if one.type == "table":
                fields[one.key] = cover_rows(kind, one, held or [])
            elif one.type == "rich" and held:
                fields[one.key] = taking.cover_html(held, _covered)
            elif isinstance(held, str) and held:
                fields[one.key] = _covered(held)
        draft.fields = fields
        made = []
        for entry in draft.attachments:
            if any(f["level"] == "block" for f in entry.get("findings", [])):
                try:
                    data = attachments.mask_attachment(path_of(entry["digest"]).read_bytes(), entry["name"])
                except PaperRefused as error:
                    raise refuse("record.cover", f"附件《{entry['name']}》：{error}", "attachments") from error
                file = keep_file(data, entry["name"])
                left = looked(data, entry["name"]).findings
                entry = {**entry, "digest": file.digest, "size": len(data), "findings": [_kept(f) for f in left]}
            made.append(entry)
        draft.attachments = made
        after = {name: _json(getattr(draft, name)) for name in CONTENT}
        if after == before:
            raise refuse("record.nothing-to-cover", "没有找到需要遮盖的个人信息。")
        Original.objects.create(record=draft.record, person_id=actor.person_id, at=now(), content=before)
        _saved(draft, actor)
        record_event("cover", "record", record, actor=actor, on=on, payload={"revision": draft.revision})
    return draft


def cover_rows(kind: Kind, one: Field, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a table with personal data covered: what the kind says of its columns, and what is found besides."""
    limits: dict[str, set[str]] = {what: set() for what in BLOCKING}
    for mask in kind.masks:
        for place in mask.where:
            key, _, column = place.partition(".")
            labels = {c.label for c in one.columns if key == one.key and c.key == column}
            if labels:
                limits[mask.what] = limits.get(mask.what, set()) | labels
    # A sort that is looked for everywhere and named for one column is both: named columns first, then the search.
    labels_of = [c.label for c in one.columns]
    plain = [[row.get(c.key, "") for c in one.columns] for row in rows]
    plain = tables.mask_rows(labels_of, plain, {w: at for w, at in limits.items() if at})
    plain = tables.mask_rows(labels_of, plain, BLOCKING)
    return [{c.key: v for c, v in zip(one.columns, row, strict=True)} for row in plain]


def _covered(text: str) -> str:
    """What blocks is covered; what may be an office's own number is left to the writer."""
    while hits := [h for h in personal.find(text) if h.level == "block"]:
        text = personal.mask(text, hits)
    return text


def revise(record: int, *, actor: Viewer, on: dt.date) -> Draft:
    """Open a draft beside what is out, or beside the version that was returned or withdrawn."""
    with transaction.atomic():
        held = locked(record, actor, "record.write")
        if Draft.objects.filter(record=held).exists():
            raise refuse("record.draft", "已经有一份草稿，请接着改那一份。")
        waiting = held.versions.filter(state__in=life.WAITING).first()
        if waiting:
            raise refuse("record.waiting", f"第{waiting.number}版还在{waiting.get_state_display()}，要改请先收回。")
        base = held.published or held.versions.order_by("-number").first()
        if base is None:
            raise refuse("record.empty", "这条信息还没有内容。")
        draft = Draft(record=held, base=base, person_id=actor.person_id, changed_at=now())
        for name in CONTENT:
            setattr(draft, name, getattr(base, name))
        draft.save()
        record_event("revise", "record", record, actor=actor, on=on, payload={"base": base.number})
    return draft


def drop_draft(record: int, *, actor: Viewer, on: dt.date) -> None:
    """Drop a draft. What is out stays; a record that was never submitted goes with it."""
    with transaction.atomic():
        held = locked(record, actor, "record.write")
        draft = Draft.objects.filter(record=held).first()
        if draft is None:
            raise refuse("record.no-draft", "没有草稿可删。")
        draft.delete()
        Link.objects.filter(source=held, live=False).delete()
        record_event("drop", "record", record, actor=actor, on=on, payload={"title": draft.title})
        if held.standing == Standing.DRAFT and not held.versions.exists():
            if Link.objects.filter(target=held).exists():
                raise refuse("record.linked", "别的草稿关联着这一条，请先在那边去掉关联。")
            Original.objects.filter(record=held).delete()
            held.delete()


def reveal(original: int, reason: str, *, actor: Viewer, on: dt.date) -> dict[str, Any]:
    """What stood there before it was covered; who looked, and why, is recorded (个人信息保护法第三十四条)."""
    with transaction.atomic():
        held = Original.objects.select_related("record").filter(pk=original).first()
        if held is None:
            raise refuse("record.gone", "没有这份原件。")
        demand(actor, "record.original", thing_at(held.record.owner_id, actor))
        if not reason.strip():
            raise refuse("record.reason", "查看原件要写明理由，会留痕。", "reason")
        record_event(
            "reveal",
            "record",
            held.record_id,
            actor=actor,
            on=on,
            reason=reason.strip(),
            payload={"original": original},
        )
    return dict(held.content)


def _open(record: int, actor: Viewer, revision: int) -> Draft:
    locked(record, actor, "record.write")
    draft = Draft.objects.select_for_update().select_related("record", "person").filter(record=record).first()
    if draft is None:
        raise refuse("record.no-draft", "这份草稿已经提交或者删除，不能再改；请刷新页面。")
    if draft.revision != revision:
        who = draft.person.name
        raise Refused(
            Issue(
                "record.conflict",
                f"{who}在您打开之后改过这份草稿。您填的内容还在页面上：请另开一页看清对方改了什么，再保存。",
            )
        )
    return draft


def _write(draft: Draft, kind: Kind, values: Mapping[str, Any], actor: Viewer) -> None:
    taken = taking.take(kind, values)
    if taken.issues:
        raise Refused(*taken.issues)
    fields = taken.values.pop("fields", None)
    for name, value in taken.values.items():
        setattr(draft, name, value)
    if fields is not None:
        draft.fields = {**draft.fields, **fields}
    _fitting(kind, draft, actor)


def _fitting(kind: Kind, draft: Draft, actor: Viewer) -> None:
    for one in kind.fields:
        if one.type != "record":
            continue
        ids = draft.fields.get(one.key) or []
        # What the writer may know of, and what is being written under the same government (谁起草谁解读: a bureau
        # interprets what its government issues); of others not even the number is told.
        found = dict(visible(actor).filter(pk__in=ids).values_list("pk", "kind"))
        beside = Record.objects.filter(pk__in=ids, owner__in=_government(actor))
        found |= dict(beside.values_list("pk", "kind"))
        for pk in ids:
            if pk not in found or (one.kinds and found[pk] not in one.kinds):
                raise refuse("record.link", f"{one.label}里的编号{pk}不是可以关联的信息。", f"fields.{one.key}")


def _government(actor: Viewer) -> set[int]:
    """Everybody under the governments at which the actor works."""
    out: set[int] = set()
    for organisation in actor.organisations:
        at = next((a for a in actor.tree.above(organisation) if actor.tree[a].kind in (Kinds.COUNTY, Kinds.CITY)), None)
        out |= actor.tree.subtree(at) if at is not None else set()
    return out


def _saved(draft: Draft, actor: Viewer) -> None:
    draft.revision += 1
    draft.writers = list(dict.fromkeys([*draft.writers, actor.person_id]))
    draft.person_id = actor.person_id
    draft.changed_at = now()
    draft.save()
    if draft.record.standing == Standing.DRAFT and draft.title and draft.record.title != draft.title:
        draft.record.title = draft.title
        draft.record.save(update_fields=["title"])


def _links(draft: Draft) -> None:
    Link.objects.filter(source=draft.record, live=False).delete()
    Link.objects.bulk_create(
        [Link(source=draft.record, relation=r, target_id=t, live=False) for r, t in links_of(draft.record.kind, draft)]
    )


def _entry(draft: Draft, digest: str) -> dict[str, Any]:
    for entry in draft.attachments:
        if entry["digest"] == digest:
            return entry
    raise refuse("record.no-file", "没有这个附件。", "attachments")


def _free(draft: Draft, file: File) -> str:
    """The file's own name, told apart from another of the same name."""
    taken = {a["name"] for a in draft.attachments}
    if file.name not in taken:
        return file.name
    stem, dot, tail = file.name.rpartition(".")
    return next(n for at in range(2, 100) if (n := f"{stem or tail}（{at}）{dot}{tail if stem else ''}") not in taken)


def _about_file(entry: dict[str, Any], about: Mapping[str, Any]) -> None:
    for key, most in (("alt", 200), ("map_number", 60)):
        if key in about:
            entry[key] = str(about[key] or "").strip()[:most]
    if "map" in about:
        entry["map"] = about["map"] in (True, "1", "on", "true")


def _kept(finding: Any) -> dict[str, Any]:
    """A finding as it is kept with the attachment: the text itself is not, it would be the leak it warns of."""
    return {
        "rule": finding.rule,
        "level": finding.level,
        "say": finding.say,
        "where": finding.where,
        "masked": finding.masked,
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _about(record: Record) -> dict[str, Any]:
    return {"kind": record.kind, "owner": record.owner_id}


__all__ = [
    "attach",
    "begin_record",
    "can",
    "cover",
    "describe",
    "detach",
    "drop_draft",
    "reveal",
    "revise",
    "write_draft",
]
