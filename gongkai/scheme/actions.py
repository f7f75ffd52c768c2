"""Verbs on schemes: read in, confirm, adjust by proposal and decision, bind to kinds and owners."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from gongkai.base.actions import keep_file, record_event
from gongkai.base.clock import moment
from gongkai.base.issues import refuse
from gongkai.orgs.binding import Binder
from gongkai.orgs.rules import Thing, Viewer, demand, thing_at
from gongkai.papers import PaperRefused
from gongkai.records.kinds import kinds
from gongkai.scheme.models import Line, LineOwner, Proposal, Scheme, SchemeDraft
from gongkai.scheme.reading import read_directory, read_limit
from gongkai.scheme.rules import kinds_for

TEXTS = ("number", "area", "level1", "level2", "content", "basis", "limit_text", "owner_text", "audience_group")
MOST = {
    "number": ("序号", 20),
    "area": ("领域", 60),
    "level1": ("一级事项", 200),
    "level2": ("二级事项", 200),
    "limit_text": ("公开时限", 200),
    "owner_text": ("公开主体", 200),
    "audience_group": ("特定群体", 200),
}
FLAGS = ("audience_all", "proactive", "on_request", "county", "township")


def read_scheme(data: bytes, name: str, body: int, *, actor: Viewer, on: dt.date) -> SchemeDraft:
    """Read a directory in the official table form into a draft that a person looks at before anything binds."""
    demand(actor, "scheme.import", thing_at(body, actor))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name.replace("\\", "/")).name or "目录")
        path.write_bytes(data)
        try:
            read = read_directory(path)
        except PaperRefused as error:
            raise refuse("scheme.file", str(error), "file") from error
    if not read.lines:
        said = "；".join(read.doubts) or "没有找到目录表：要有公开事项、公开内容、公开时限、公开主体这些列。"
        raise refuse("scheme.empty", said, "file")
    binder = Binder(actor.tree, body)
    rows = []
    for line in read.lines:
        limit = dataclasses.asdict(line.limit)
        row = {
            "number": line.number,
            "area": line.area,
            "level1": line.level1,
            "level2": " › ".join(filter(None, (line.level2, *line.deeper))),
            "content": line.content,
            "basis": line.basis,
            "limit_text": line.limit.raw,
            "limit": {k: (list(v) if isinstance(v, tuple) else v) for k, v in limit.items()},
            "owner_text": line.owner,
            "channels": [[c.name, c.mark.value] for c in line.channels],
            "audience_all": line.audience_all or not line.audience_group,
            "audience_group": line.audience_group,
            "proactive": line.proactive or not line.on_request,
            "on_request": line.on_request,
            "county": line.levels.county,
            "township": line.levels.township,
            "kinds": kinds_for(line.level1, line.level2, line.content),
            "place": str(line.place or ""),
        }
        row["owners"], row["bound"], asked = owners_for(binder, line.owners)
        row["doubts"] = [*line.doubts, *asked]
        rows.append(row)
    with transaction.atomic():
        draft = SchemeDraft.objects.create(
            body_id=body,
            file=keep_file(data, name),
            title=(read.title or Path(name).stem)[:200],
            rows=rows,
            doubts=[*read.doubts, *read.notes],
            person_id=actor.person_id,
            begun_at=moment(),
        )
        payload = {"body": body, "rows": len(rows), "file": draft.file_id}
        record_event("read", "scheme-draft", draft.pk, actor=actor, on=on, payload=payload)
    return draft


def owners_for(binder: Binder, names: Sequence[str]) -> tuple[list[int], list[dict[str, Any]], list[str]]:
    """The organisations that printed owners name (各镇（街道） expands against the tree), how each name was bound, and
    what to ask a person: a name that nobody is called by, or that was only guessed."""
    found: list[int] = []
    bound: list[dict[str, Any]] = []
    asked: list[str] = [] if names else ["公开主体没有写"]
    for one in binder.bind_cell(names):
        found += [o for o in one.organisations if o not in found]
        bound.append(
            {
                "printed": one.printed,
                "organisations": list(one.organisations),
                "maybe": list(one.candidates),
                "group": one.group,
                "sure": one.sure,
            }
        )
        if not one.sure:
            asked.append(f"公开主体：{one.say or f'“{one.printed}”没有对上单位'}")
    return found, bound, asked


def change_draft(
    draft: int, index: int, values: Mapping[str, Any], *, revision: int, actor: Viewer, on: dt.date
) -> SchemeDraft:
    """Correct a row of a draft; `drop` takes it out."""
    with transaction.atomic():
        held = _draft(draft, actor)
        if held.revision != revision:
            raise refuse("scheme.conflict", "别人刚改过这份目录，请刷新后再改。")
        if not 0 <= index < len(held.rows):
            raise refuse("scheme.gone", "没有这一行。")
        rows = list(held.rows)
        if values.get("drop"):
            del rows[index]
        else:
            rows[index] = {**rows[index], **_taken(values, actor), "doubts": []}
        held.rows, held.revision = rows, revision + 1
        held.save()
        record_event("change", "scheme-draft", draft, actor=actor, on=on, payload={"row": index})
    return held


def change_rows(
    draft: int, indexes: Sequence[int], values: Mapping[str, Any], *, revision: int, actor: Viewer, on: dt.date
) -> SchemeDraft:
    """The same for many rows of a draft: `owners` and `kinds` are added to what each has, `drop` takes the rows out.

    What was asked about the owners of a row is answered with that; other doubts stay.
    """
    with transaction.atomic():
        held = _draft(draft, actor)
        if held.revision != revision:
            raise refuse("scheme.conflict", "别人刚改过这份目录，请刷新后再改。")
        chosen = {i for i in indexes if 0 <= i < len(held.rows)}
        if not chosen:
            raise refuse("scheme.rows", "请先勾选要一起修改的行。", "row")
        taken = _taken(values, actor)
        if not values.get("drop") and not taken.get("owners") and not taken.get("kinds"):
            raise refuse("scheme.nothing", "请选要绑定的单位或者信息种类。", "owners")
        rows = []
        for index, row in enumerate(held.rows):
            if index in chosen:
                if values.get("drop"):
                    continue
                row = dict(row)
                for name in ("owners", "kinds"):
                    if taken.get(name):
                        row[name] = list(dict.fromkeys([*row.get(name, []), *taken[name]]))
                if taken.get("owners"):
                    row["doubts"] = [d for d in row["doubts"] if not d.startswith("公开主体")]
            rows.append(row)
        held.rows, held.revision = rows, revision + 1
        held.save()
        record_event("change", "scheme-draft", draft, actor=actor, on=on, payload={"rows": sorted(chosen)})
    return held


def drop_draft(draft: int, *, actor: Viewer, on: dt.date) -> None:
    """Give up a directory under import."""
    with transaction.atomic():
        held = _draft(draft, actor)
        record_event("drop", "scheme-draft", draft, actor=actor, on=on, payload={"title": held.title})
        held.delete()


def add_line(scheme: int, values: Mapping[str, Any], *, actor: Viewer, on: dt.date) -> Line:
    """Add a line by hand to a scheme that had none from a file, or by those who decide on it."""
    with transaction.atomic():
        held = Scheme.objects.filter(pk=scheme, ended_on=None).first()
        if held is None:
            raise refuse("scheme.gone", "没有这份目录，或者已经停用。")
        demand(actor, "scheme.decide" if held.file_id else "scheme.import", thing_at(held.body_id, actor))
        taken = _taken(values, actor)
        if not taken.get("level1"):
            raise refuse("scheme.level1", "请写公开事项。", "level1")
        position = (held.lines.order_by("-position").values_list("position", flat=True).first() or 0) + 1
        line = _add(held, position, taken, max(on, held.adopted_on))
        record_event("add", "scheme", scheme, actor=actor, on=on, payload={"line": line.pk})
    return line


def confirm_scheme(
    draft: int,
    title: str,
    *,
    standard: bool,
    adopted_on: dt.date,
    actor: Viewer,
    on: dt.date,
    replaces: int | None = None,
) -> Scheme:
    """Make the scheme of a draft: from `adopted_on` its lines bind. With `replaces` another of the body ends then."""
    with transaction.atomic():
        held = _draft(draft, actor)
        title = title.strip()
        if not title:
            raise refuse("scheme.title", "目录要有标题。", "title")
        if not held.rows:
            raise refuse("scheme.empty", "目录里没有内容。")
        scheme = Scheme.objects.create(
            body_id=held.body_id, title=title[:200], standard=standard, file_id=held.file_id, adopted_on=adopted_on
        )
        for position, row in enumerate(held.rows, 1):
            _add(scheme, position, row, adopted_on)
        held.scheme = scheme
        held.save(update_fields=["scheme"])
        if replaces is not None:
            _end_scheme(replaces, scheme.body_id, adopted_on)
        payload = {"draft": draft, "lines": len(held.rows), "body": scheme.body_id, "replaces": replaces}
        record_event("adopt", "scheme", scheme.pk, actor=actor, on=on, payload=payload)
    return scheme


def begin_scheme(body: int, title: str, *, standard: bool, adopted_on: dt.date, actor: Viewer, on: dt.date) -> Scheme:
    """Begin a scheme by hand, without lines."""
    demand(actor, "scheme.import", thing_at(body, actor))
    if not title.strip():
        raise refuse("scheme.title", "目录要有标题。", "title")
    with transaction.atomic():
        scheme = Scheme.objects.create(
            body_id=body, title=title.strip()[:200], standard=standard, adopted_on=adopted_on
        )
        record_event("adopt", "scheme", scheme.pk, actor=actor, on=on, payload={"body": body, "lines": 0})
    return scheme


def propose(
    scheme: int,
    verb: str,
    values: Mapping[str, Any],
    reason: str,
    *,
    actor: Viewer,
    on: dt.date,
    line: int | None = None,
) -> Proposal:
    """Propose to add, change or end a line (目录动态调整). Binds nothing before it is accepted."""
    with transaction.atomic():
        held = Scheme.objects.filter(pk=scheme).first()
        if held is None:
            raise refuse("scheme.gone", "没有这份目录。")
        if verb not in ("add", "change", "end"):
            raise refuse("scheme.verb", "调整只能是新增、修改或停用。")
        touched = {o.organisation_id for o in LineOwner.objects.filter(line=line)} if line else set()
        bearers = frozenset({held.body_id, *touched, *(int(o) for o in values.get("owners", []) if str(o).isdigit())})
        demand(actor, "scheme.propose", Thing(actor.tree.body_of(held.body_id).id, bearers))
        if not reason.strip():
            raise refuse("scheme.reason", "请写调整的理由，例如权责清单调整、依据修订。", "reason")
        if verb != "add" and (line is None or not held.lines.filter(pk=line, until=None).exists()):
            raise refuse("scheme.gone", "没有这一行，或者已经停用。")
        taken = _taken(values, actor) if verb != "end" else {}
        if verb == "add" and not taken.get("level1"):
            raise refuse("scheme.level1", "请写公开事项。", "level1")
        made = Proposal.objects.create(
            scheme=held, line_id=line, verb=verb, values=taken, reason=reason.strip(), person_id=actor.person_id, on=on
        )
        record_event(
            "propose",
            "scheme",
            scheme,
            actor=actor,
            on=on,
            reason=made.reason,
            payload={"proposal": made.pk, "verb": verb},
        )
    return made


def decide(proposal: int, accepted: bool, *, actor: Viewer, on: dt.date, answer: str = "") -> Proposal:
    """Accept a proposal, which puts it into force from today, or decline it with an answer."""
    with transaction.atomic():
        held = (
            Proposal.objects.select_for_update(of=("self",))
            .select_related("scheme", "line")
            .filter(pk=proposal)
            .first()
        )
        if held is None or held.accepted is not None:
            raise refuse("scheme.decided", "这条调整已经办过，请刷新页面。")
        demand(actor, "scheme.decide", thing_at(held.scheme.body_id, actor))
        if not accepted and not answer.strip():
            raise refuse("scheme.answer", "不同意要写明原因。", "answer")
        touched: list[int] = []
        if accepted:
            touched = _apply(held, on)
        held.accepted, held.decided_by_id, held.decided_on, held.answer = accepted, actor.person_id, on, answer.strip()
        held.save()
        payload = {"proposal": proposal, "verb": held.verb, "owners": touched}
        record_event(
            "accept" if accepted else "decline",
            "scheme",
            held.scheme_id,
            actor=actor,
            on=on,
            reason=held.answer,
            payload=payload,
        )
    return held


def _apply(held: Proposal, on: dt.date) -> list[int]:
    if held.line is not None and held.line.until is not None:
        raise refuse("scheme.gone", "这一行已经停用，这条调整不能再同意；请写明原因，办成不同意。")
    if held.verb == "add":
        position = (held.scheme.lines.order_by("-position").values_list("position", flat=True).first() or 0) + 1
        line = _add(held.scheme, position, held.values, on)
        held.line = line
    elif held.line is not None and held.verb == "end":
        line = held.line
        line.until = on
        line.save(update_fields=["until"])
    elif held.line is not None:
        line = held.line
        before: dict[str, Any] = {}
        for name in (*TEXTS, *FLAGS, "limit", "kinds"):
            if name in held.values and getattr(line, name) != held.values[name]:
                before[name] = getattr(line, name)
                setattr(line, name, held.values[name])
        if "limit" in before:
            line.limit_since = on  # what fell due by the old limit did so under it: a new one binds from its day
        line.save()
        if "owners" in held.values:
            standing = list(line.owners.filter(until=None).values_list("organisation_id", flat=True))
            if set(standing) != set(held.values["owners"]):
                before["owners"] = standing
        held.values = {**held.values, "before": before}
        if "owners" in held.values:
            _owners(line, held.values["owners"], on)
    else:
        raise refuse("scheme.gone", "没有这一行。")
    return list(line.owners.values_list("pk", flat=True))


def _add(scheme: Scheme, position: int, row: Mapping[str, Any], since: dt.date) -> Line:
    line = Line(scheme=scheme, position=position, since=since)
    for name in (*TEXTS, *FLAGS, "limit", "kinds", "channels"):
        if name in row:
            setattr(line, name, row[name])
    line.number = line.number[:20] or str(position)
    line.level1 = (line.level1 or line.level2 or line.content[:40])[:200]
    for name, most in (
        ("level2", 200),
        ("area", 60),
        ("limit_text", 200),
        ("owner_text", 200),
        ("audience_group", 200),
    ):
        setattr(line, name, str(getattr(line, name))[:most])
    line.save()
    _owners(line, row.get("owners", []), since)
    return line


def _owners(line: Line, owners: Sequence[int], since: dt.date) -> None:
    for one in line.owners.all():
        if one.organisation_id not in owners and one.until is None:
            one.until = since
            one.save(update_fields=["until"])
        elif one.organisation_id in owners and one.until is not None:
            one.until = None
            one.save(update_fields=["until"])
    have = set(line.owners.values_list("organisation_id", flat=True))
    LineOwner.objects.bulk_create(
        [LineOwner(line=line, organisation_id=o, since=since) for o in dict.fromkeys(owners) if o not in have]
    )


def end_scheme(scheme: int, *, actor: Viewer, on: dt.date, reason: str = "") -> None:
    """End a scheme: its lines bind no longer from today."""
    with transaction.atomic():
        held = Scheme.objects.filter(pk=scheme, ended_on=None).first()
        if held is None:
            raise refuse("scheme.gone", "没有这份目录，或者已经停用。")
        demand(actor, "scheme.decide", thing_at(held.body_id, actor))
        held.ended_on = on
        held.save(update_fields=["ended_on"])
        record_event("end", "scheme", scheme, actor=actor, on=on, reason=reason.strip(), payload={"body": held.body_id})


def _end_scheme(scheme: int, body: int, on: dt.date) -> None:
    """The scheme stands until the day on which the new one begins; the day's check takes its duties out then."""
    if not Scheme.objects.filter(pk=scheme, body=body, ended_on=None).update(ended_on=on):
        raise refuse("scheme.replaces", "要替换的目录不是本单位现行的目录。", "replaces")


def _draft(draft: int, actor: Viewer) -> SchemeDraft:
    held = SchemeDraft.objects.select_for_update().filter(pk=draft).first()
    if held is None:
        raise refuse("scheme.gone", "没有这份草稿。")
    demand(actor, "scheme.import", thing_at(held.body_id, actor))
    if held.scheme_id is not None:
        raise refuse("scheme.confirmed", "这份目录已经确认。")
    return held


def _taken(values: Mapping[str, Any], actor: Viewer) -> dict[str, Any]:
    made: dict[str, Any] = {name: str(values[name] or "").strip() for name in TEXTS if name in values}
    for name, (label, most) in MOST.items():
        if len(made.get(name, "")) > most:
            raise refuse("scheme.long", f"{label}最多{most}字，现在有{len(made[name])}字。", name)
    if "level1" in made and not made["level1"]:
        raise refuse("scheme.level1", "请写公开事项。", "level1")
    for name in FLAGS:
        if name in values:
            made[name] = values[name] in (True, "1", "on", "true", "是", "√")
    if "limit_text" in made:
        limit = dataclasses.asdict(read_limit(made["limit_text"]))
        made["limit"] = {k: (list(v) if isinstance(v, tuple) else v) for k, v in limit.items()}
    if "kinds" in values:
        unknown = [k for k in values["kinds"] if k not in kinds()]
        if unknown:
            raise refuse("scheme.kinds", f"没有“{unknown[0]}”这个信息种类。", "kinds")
        made["kinds"] = list(values["kinds"])
    if "owners" in values:
        owners = [int(o) if str(o).isdigit() else 0 for o in values["owners"]]
        if any(o not in actor.tree for o in owners):
            raise refuse("scheme.owners", "公开主体里有不存在的单位。", "owners")
        made["owners"] = owners
    return made
