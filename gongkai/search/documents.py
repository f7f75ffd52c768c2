"""From a record to what is looked for in it: title, number, text, fields, cells of tables, words of attachments."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache

from gongkai.base.actions import path_of
from gongkai.base.clock import ZONE, today
from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import Tree
from gongkai.papers import PaperRefused, Para
from gongkai.papers import read as read_paper
from gongkai.records import rules
from gongkai.records.content import text_of
from gongkai.records.kinds import kind_of, kinds
from gongkai.records.models import Audience, Content, Draft, Record, Standing
from gongkai.search.port import Document

_log = logging.getLogger(__name__)
MOST = 200_000
"""Characters of one attachment that are looked at."""
LEADING = ("question", "similar", "item")
"""Fields of kinds that say what a record is about, as its summary does."""


@lru_cache(maxsize=512)
def attachment_text(digest: str) -> str:
    """The words of an attachment; empty where it has none, or cannot be read."""
    try:
        paper = read_paper(path_of(digest))
    except (PaperRefused, OSError):
        return ""
    except Exception:
        _log.exception("attachment %s", digest)
        return ""
    out: list[str] = []
    size = 0
    for block in paper.blocks:
        if isinstance(block, Para):
            text = block.text
        else:
            text = "\n".join(" ".join(c.text for c in row if c.text) for row in block.rows)
        out.append(text)
        size += len(text)
        if size > MOST:
            break
    return "\n".join(out)[:MOST]


def places_of(record: Record, content: Content) -> list[tuple[str, str]]:
    """The texts of a record with where they stand."""
    kind = kind_of(record.kind)
    out = [("内容概述", content.summary), ("正文", text_of(content.body))]
    for one in kind.fields:
        held = content.fields.get(one.key)
        if one.type == "table":
            rows = ["　".join(str(v) for v in row.values() if v) for row in held or []]
            heads = "　".join(c.label for c in one.columns)
            out.append((one.label, "\n".join([heads, *rows]) if rows else ""))
        elif one.type == "rich" and held:
            out.append((one.label, text_of(str(held))))
        elif one.type in ("text", "choice", "number", "money", "date") and held:
            out.append((one.label, f"{one.label} {held}{one.unit}"))
    for attachment in content.attachments:
        if attachment.get("media", "").startswith(("image/", "video/", "audio/")):
            out.append((f"附件《{attachment['name']}》", str(attachment.get("alt", ""))))
        else:
            out.append(
                (f"附件《{attachment['name']}》", f"{attachment['name']}\n{attachment_text(attachment['digest'])}")
            )
    return [(place, text) for place, text in out if text.strip()]


def lead_of(content: Content) -> str:
    """Keywords, summary, and the questions and matters that a kind's fields name."""
    named = [str(content.fields.get(key) or "") for key in LEADING]
    return "\n".join(t for t in (content.keywords, content.summary, *named) if t)


def document_of(record: Record, tree: Tree, day: dt.date) -> Document | None:
    """What the index holds of a record; None where there is nothing to find."""
    out = record.standing == Standing.PUBLISHED and record.published is not None
    content: Content | None = record.published if out else _working(record)
    if content is None or record.kind not in kinds():
        return None
    kind = kind_of(record.kind)
    state = rules.validity(record, day) if kind.validity and out else ""
    public = out and record.audience == Audience.PUBLIC
    moment = record.first_published_at
    at = moment.astimezone(ZONE).date() if moment and out else content.formed
    formed = content.formed or at
    return Document(
        id=record.pk,
        title=content.title,
        document_number=content.document_number,
        kind=kind.name,
        owner=tree.nodes[record.owner_id].name if record.owner_id in tree else "",
        topic=content.topic,
        year=formed.year if formed else 0,
        date=at,
        validity=rules.VALIDITY[state] if state else "",
        standing=not state or rules.stands(state),
        seen=("public", f"o{record.owner_id}") if public else (f"o{record.owner_id}",),
        places=tuple(places_of(record, content)),
        index_number=record.index_number or "",
        lead=lead_of(content),
    )


def _working(record: Record) -> Content | None:
    draft = Draft.objects.filter(record=record).first()
    return draft or record.versions.order_by("-number").first()


def documents(pks: Iterable[int] | None = None) -> Iterator[Document]:
    """Every record, or those named, as documents. Lazy."""
    day = today()
    tree = tree_on(day)
    found = Record.objects.select_related("published").order_by("id")
    if pks is not None:
        found = found.filter(pk__in=list(pks))
    for record in found.iterator(chunk_size=200):
        made = document_of(record, tree, day)
        if made is not None:
            yield made
