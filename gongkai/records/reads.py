"""Asking for records. Whatever leaves this house, by page, feed, file or count, asks `visible` first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from gongkai.orgs.models import Post, Role
from gongkai.orgs.reads import holders, in_office
from gongkai.orgs.rules import Viewer
from gongkai.records import life, numbers
from gongkai.records.content import text_of
from gongkai.records.kinds import Gate, Kind, gates, kind_of, kinds
from gongkai.records.models import (
    Audience,
    Content,
    Draft,
    GateResult,
    How,
    Link,
    Record,
    Standing,
    State,
    Version,
)

REVIEWING = (Role.REVIEWER, Role.SIGNER, Role.LEGAL, Role.SECRECY, Role.AUTHORITY)


def visible(viewer: Viewer | None) -> QuerySet[Record]:
    """The records that somebody may know of: the public (None) those that are out for everybody; staff besides those
    of the organisations for which they answer, and of those below a post of theirs that reviews."""
    out = Q(standing=Standing.PUBLISHED, audience=Audience.PUBLIC)
    if viewer is None:
        return Record.objects.filter(out)
    own = viewer.owning | viewer.reach(*REVIEWING)
    return Record.objects.filter(out | Q(owner__in=own)) if own else Record.objects.filter(out)


def tombs() -> QuerySet[Record]:
    """What was out for everybody and has been withdrawn: title and reason stay at the address, nothing else."""
    return Record.objects.filter(standing=Standing.WITHDRAWN, audience=Audience.PUBLIC)


def by_code(code: str) -> Record | None:
    """What is out for a limited circle, by the code that they were given."""
    return (
        Record.objects.select_related("published", "owner")
        .filter(access_code=code, standing=Standing.PUBLISHED, audience=Audience.LIMITED)
        .first()
    )


def workable(viewer: Viewer) -> QuerySet[Record]:
    """The records on which staff may work: of the organisations for which they answer or which they review."""
    return Record.objects.filter(owner__in=viewer.owning | viewer.reach(*REVIEWING))


def links_of(code: str, content: Content) -> list[tuple[str, int]]:
    """The links that a content makes: (relation, record), by the fields of its kind."""
    kind = kind_of(code)
    return list(
        dict.fromkeys(
            (one.relation or one.key, int(target))
            for one in kind.fields
            if one.type == "record"
            for target in content.fields.get(one.key) or []
        )
    )


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a list is narrowed to; empty means all."""

    kinds: tuple[str, ...] = ()
    owners: tuple[int, ...] = ()
    topic: str = ""
    year: int | None = None
    validity: str = ""
    text: str = ""
    order: str = "new"


def narrowed(records: QuerySet[Record], by: Narrow, day: dt.date) -> QuerySet[Record]:
    """The records that fit. `text` finds a title's words, a document number in any brackets, an index number."""
    if by.kinds:
        records = records.filter(kind__in=by.kinds)
    if by.owners:
        records = records.filter(owner__in=by.owners)
    if by.topic:
        records = records.filter(Q(topic=by.topic) | Q(topic__startswith=by.topic + "\\"))
    if by.year:
        records = records.filter(formed__year=by.year)
    if by.validity:
        records = records.filter(valid_on(day, by.validity))
    for word in by.text.split()[:6]:
        number = numbers.tidy(word)
        fits = Q(title__icontains=word) | Q(index_number__iexact=word) | Q(published__keywords__icontains=word)
        if any(c.isdigit() for c in number):
            fits |= Q(document_number__icontains=number)
        records = records.filter(fits)
    if by.order == "formed":
        return records.order_by(F("formed").desc(nulls_last=True), "-id")
    return records.order_by("-first_published_at", "-id")


def valid_on(day: dt.date, state: str) -> Q:
    """Records of a validity on a day, as `rules.validity` tells it, asked of the database."""
    codes = [k.code for k in kinds().values() if k.validity]
    of = Q(kind__in=codes)
    ended = Q(ended_on__isnull=False, ended_on__lte=day)
    lapsed = Q(expires__isnull=False, expires__lt=day)
    pending = Q(effective__isnull=False, effective__gt=day)
    amended = Q(amended_on__isnull=False, amended_on__lte=day)
    if state == "repealed":
        return of & ended & Q(ended_how=How.REPEAL)
    if state == "invalid":
        return of & ended & ~Q(ended_how=How.REPEAL)
    standing = of & ~ended
    if state == "lapsed":
        return standing & lapsed
    standing &= ~lapsed
    if state == "pending":
        return standing & pending
    standing &= ~pending
    if state == "modified":
        return standing & amended
    return standing if state == "in-force" else standing & ~amended


def related(record: Record, viewer: Viewer | None) -> dict[str, list[Record]]:
    """What a record is linked with, both ways, as far as the viewer may know: relation → records.

    Relations from others towards it are named with `by:` before them.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    seen = visible(viewer)
    for link in Link.objects.filter(source=record, live=True, target__in=seen).select_related("target__published"):
        found[link.relation].append(link.target)
    for link in Link.objects.filter(target=record, live=True, source__in=seen).select_related("source__published"):
        found[f"by:{link.relation}"].append(link.source)
    return dict(found)


def _leaning(day: dt.date) -> QuerySet[Link]:
    """The links by which one record leans on a document that no longer stands."""
    ended = Record.objects.filter(valid_on(day, "repealed") | valid_on(day, "invalid") | valid_on(day, "lapsed"))
    # What replaces an ended document does not lean on it.
    return Link.objects.filter(live=True, target__in=ended).exclude(relation="supersedes")


def leaning_on_ended(viewer: Viewer | None, day: dt.date) -> QuerySet[Record]:
    """Interpretations, answers and guides out, that lean on a document that no longer stands: to be looked at."""
    return visible(viewer).filter(standing=Standing.PUBLISHED, pk__in=_leaning(day).values("source"))


def ended_under(records: Iterable[Record], viewer: Viewer | None, day: dt.date) -> dict[int, list[Record]]:
    """For each record that leans on ended documents, by its number, those of them that the viewer may see."""
    out: dict[int, list[Record]] = defaultdict(list)
    links = _leaning(day).filter(source__in=[r.pk for r in records], target__in=visible(viewer))
    for link in links.select_related("target").order_by("pk"):
        if link.target not in out[link.source_id]:
            out[link.source_id].append(link.target)
    return dict(out)


def orphans(viewer: Viewer) -> QuerySet[Record]:
    """Documents out that should be interpreted and have neither interpretation nor 咨询方式 (I3)."""
    asked = [k.code for k in kinds().values() if k.interpretation == "required"]
    has = Link.objects.filter(relation="interprets", live=True, source__standing=Standing.PUBLISHED).values("target")
    return (
        workable(viewer)
        .filter(kind__in=asked, standing=Standing.PUBLISHED, published__exemption="")
        .filter(~Q(pk__in=has) | Q(published__contact=""))
    )


def ending_soon(viewer: Viewer, day: dt.date, days: int = 180) -> QuerySet[Record]:
    """Documents in force whose term ends within so many days: to be assessed about six months before."""
    limit = day + dt.timedelta(days=days)
    return (
        workable(viewer)
        .filter(valid_on(day, "in-force") | valid_on(day, "pending"), standing=Standing.PUBLISHED)
        .filter(expires__gte=day, expires__lte=limit)
        .order_by("expires")
    )


def to_reassess(viewer: Viewer, day: dt.date) -> QuerySet[Record]:
    """What is not disclosed and whose day of reassessment has come (条例第十八条)."""
    return (
        workable(viewer)
        .filter(standing=Standing.PUBLISHED, published__review_on__lte=day)
        .exclude(audience=Audience.PUBLIC)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One gate of a version: who keeps it, or who kept it, and since when."""

    gate: Gate
    state: str  # passed, here, waiting, late
    people: tuple[str, ...] = ()
    result: GateResult | None = None
    since: dt.datetime | None = None


def _posts(owners: Iterable[int], viewer: Viewer) -> list[tuple[int, int, str]]:
    levels = {level for owner in owners for level in viewer.tree.above(owner)}
    held = Post.objects.filter(in_office(viewer.day), organisation__in=levels, person__is_active=True)
    return list(held.values_list("person_id", "organisation_id", "role"))


def table_of_gates(version: Version, viewer: Viewer) -> list[Step]:
    """The table version × gate: who holds it and since when."""
    results = life.passed(version)
    here = life.next_gate(version, results)
    posts = _posts([version.record.owner_id], viewer)
    names = dict(Post.objects.filter(person_id__in={p for p, _, _ in posts}).values_list("person_id", "person__name"))
    steps = []
    needed = life.demanded(version)
    for code in sorted(version.gates, key=lambda g: (g not in needed, version.gates.index(g))):
        gate = gates()[code]
        result = results.get(code)
        _, people = life.keepers(gate, version.record.owner_id, viewer.tree, posts)
        barred = life.not_these(version, gate, results)
        able = tuple(sorted(names[p] for p in people - barred if p in names))
        if result is not None:
            steps.append(Step(gate, "passed", (result.name,), result, result.at))
        elif here is not None and here.code == code:
            steps.append(Step(gate, "here", able, None, version.held_since))
        else:
            steps.append(Step(gate, "waiting" if code in needed else "late", able))
    return steps


def signers(version: Version, gate: Gate, viewer: Viewer) -> list[tuple[int, str]]:
    """Who can be sent a link for a gate of a version, with their post, those nearest to its owner first."""
    above = viewer.tree.above(version.record.owner_id)
    barred = life.not_these(version, gate, life.passed(version))
    found: dict[int, str] = {}
    posts = list(holders(set(above), viewer.day).filter(role=gate.role, person__is_active=True))
    posts.sort(key=lambda p: above.index(p.organisation_id))
    for post in posts:
        if post.person_id not in barred:
            where = viewer.tree.short(post.organisation_id)
            found.setdefault(post.person_id, f"{post.person.name}（{where}{Role(post.role).label}）")
    return list(found.items())


def awaiting(viewer: Viewer) -> list[tuple[Version, Gate]]:
    """Versions that stand before a gate which is the viewer's to keep, those that wait longest first.

    A gate is listed for the nearest level that has somebody for it; a level above may step in, and is not asked to.
    """
    out = []
    reach = {role: viewer.reach(role) for role in REVIEWING}
    mine = frozenset().union(*reach.values())
    if not mine:
        return []
    versions = (
        Version.objects.filter(record__owner__in=mine)
        .filter(Q(state__in=[State.REVIEW, State.REFERRED]) | (Q(state=State.PUBLISHED) & ~Q(urgent="")))
        .select_related("record")
        .prefetch_related("results")
        .order_by("held_since")
    )
    held = list(versions)
    posts = _posts({v.record.owner_id for v in held if v.record.owner_id in viewer.tree}, viewer)
    own = {(h.organisation, h.role) for h in viewer.held}
    for version in held:
        results = life.passed(version)
        gate = life.next_gate(version, results)
        if gate is None or version.record.owner_id not in reach[Role(gate.role)]:
            continue
        barred = life.not_these(version, gate, results)
        if viewer.person_id in barred:
            continue
        able = [p for p in posts if p[0] not in barred]
        level, _ = life.keepers(gate, version.record.owner_id, viewer.tree, able)
        if not level or (level, Role(gate.role)) in own:
            out.append((version, gate))
    return out


def working(viewer: Viewer) -> QuerySet[Draft]:
    """Drafts of the organisations for which the viewer answers, newest first."""
    return (
        Draft.objects.filter(record__owner__in=viewer.owning)
        .select_related("record__owner", "person")
        .order_by("-changed_at")
    )


def counts(records: QuerySet[Record]) -> dict[str, int]:
    """How many of each kind."""
    return dict(records.order_by().values_list("kind").annotate(n=Count("id")))


def find_file(record: Record, digest: str, viewer: Viewer | None) -> dict[str, Any] | None:
    """An attachment of a record, if the viewer may have it: the public those of what is out only, staff
    every file of what they work on."""
    contents: list[Content] = []
    if record.published is not None and record.standing == Standing.PUBLISHED and record.audience == Audience.PUBLIC:
        contents.append(record.published)
    if viewer is not None and workable(viewer).filter(pk=record.pk).exists():
        contents += [*record.versions.all(), *Draft.objects.filter(record=record)]
    for content in contents:
        for entry in content.attachments:
            if entry["digest"] == digest:
                return dict(entry)
    return None


def compare(old: Content, new: Content, kind: Kind) -> list[tuple[str, list[tuple[str, str]]]]:
    """Two versions side by side: for each element that differs, lines of (same|old|new, text)."""
    import difflib

    def lines(content: Content, key: str) -> list[str]:
        if key == "attachments":
            return [f"{a['name']}（{a['digest'][:8]}）" for a in content.attachments]
        if key in own:
            value = content.fields.get(key)
            if isinstance(value, list):
                return ["　".join(str(v) for v in row.values()) if isinstance(row, dict) else str(row) for row in value]
            return text_of(str(value or "")).split("\n")
        value = getattr(content, key)
        return text_of(value).split("\n") if key == "body" else [str(value or "")]

    from gongkai.records.kinds import COMMON

    own = {f.key: f.label for f in kind.fields}
    labels = {**COMMON, "audience": "公开属性", **own, "attachments": "附件"}
    out = []
    for key, label in labels.items():
        left, right = lines(old, key), lines(new, key)
        if left == right:
            continue
        said: list[tuple[str, str]] = []
        for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            if tag == "equal":
                said += [("same", text) for text in left[a:b]]
            else:
                said += [("old", text) for text in left[a:b]]
                said += [("new", text) for text in right[c:d]]
        out.append((label, said))
    return out


def latest(records: QuerySet[Record], codes: Sequence[str], most: int) -> list[Record]:
    """The newest of some kinds."""
    return list(
        records.filter(kind__in=codes)
        .select_related("owner", "published")
        .order_by("-first_published_at", "-id")[:most]
    )
