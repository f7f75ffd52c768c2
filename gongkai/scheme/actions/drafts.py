"""A directory read in from its file: corrected row by row, confirmed as a scheme, or given up."""

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
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.papers import PaperRefused
from gongkai.scheme.actions.lines import add_row, taken_from
from gongkai.scheme.models import Scheme, SchemeDraft
from gongkai.scheme.reading import read_directory
from gongkai.scheme.rules import kinds_for


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
            rows[index] = {**rows[index], **taken_from(values, actor), "doubts": []}
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
        taken = taken_from(values, actor)
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
            add_row(scheme, position, row, adopted_on)
        held.scheme = scheme
        held.save(update_fields=["scheme"])
        if replaces is not None:
            _end_scheme(replaces, scheme.body_id, adopted_on)
        payload = {"draft": draft, "lines": len(held.rows), "body": scheme.body_id, "replaces": replaces}
        record_event("adopt", "scheme", scheme.pk, actor=actor, on=on, payload=payload)
    return scheme


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
