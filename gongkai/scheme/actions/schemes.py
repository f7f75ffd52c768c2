"""A scheme by hand, and its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gongkai.base.actions import record_event
from gongkai.base.issues import refuse
from gongkai.orgs.rules import Viewer, demand, thing_at
from gongkai.scheme.actions.lines import add_row, taken_from
from gongkai.scheme.models import Line, Scheme


def add_line(scheme: int, values: Mapping[str, Any], *, actor: Viewer, on: dt.date) -> Line:
    """Add a line by hand to a scheme that had none from a file, or by those who decide on it."""
    with transaction.atomic():
        held = Scheme.objects.filter(pk=scheme, ended_on=None).first()
        if held is None:
            raise refuse("scheme.gone", "没有这份目录，或者已经停用。")
        demand(actor, "scheme.decide" if held.file_id else "scheme.import", thing_at(held.body_id, actor))
        taken = taken_from(values, actor)
        if not taken.get("level1"):
            raise refuse("scheme.level1", "请写公开事项。", "level1")
        position = (held.lines.order_by("-position").values_list("position", flat=True).first() or 0) + 1
        line = add_row(held, position, taken, max(on, held.adopted_on))
        record_event("add", "scheme", scheme, actor=actor, on=on, payload={"line": line.pk})
    return line


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
