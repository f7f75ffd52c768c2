"""Asking for schemes: who may see them, what their lines owe, which records fall under a line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from gongkai.base.clock import ZONE, today
from gongkai.law.duties import Owed
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer
from gongkai.records.life import WAITING
from gongkai.records.models import Audience, Draft, Record, Standing, Version
from gongkai.scheme.models import Line, LineOwner, Proposal, Scheme, SchemeDraft
from gongkai.scheme.rules import Formed, closest, occurrences


def visible(viewer: Viewer | None) -> QuerySet[Scheme]:
    """Schemes in force: the catalogue itself is public (条例第十二条)."""
    return Scheme.objects.filter(standing(today()))


def standing(day: dt.date) -> Q:
    """Schemes that have not ended on a day; one that is to be replaced later still stands."""
    return Q(ended_on=None) | Q(ended_on__gt=day)


def readable(viewer: Viewer) -> QuerySet[Scheme]:
    """Schemes, ended ones too, of the viewer's bodies and of those they oversee, and those that name what they answer for."""
    return Scheme.objects.filter(
        Q(body__in=viewer.bodies | viewer.governed) | Q(lines__owners__organisation__in=viewer.owning)
    ).distinct()


def turned(since: dt.date, day: dt.date) -> list[int]:
    """Schemes that begin or end after `since` and up to `day`: their duties change though nobody does anything."""
    return list(
        Scheme.objects.filter(
            Q(adopted_on__gt=since, adopted_on__lte=day) | Q(ended_on__gt=since, ended_on__lte=day)
        ).values_list("pk", flat=True)
    )


def workable(viewer: Viewer) -> QuerySet[Scheme]:
    """Schemes that the viewer may adjust or for which their organisations owe lines."""
    return Scheme.objects.filter(
        Q(body__in=viewer.governed | viewer.owning) | Q(lines__owners__organisation__in=viewer.owning)
    ).distinct()


def drafts(viewer: Viewer) -> QuerySet[SchemeDraft]:
    """Directories under import that the viewer may confirm."""
    return SchemeDraft.objects.filter(body__in=viewer.governed | viewer.owning, scheme=None)


def lines(scheme: Scheme, day: dt.date) -> QuerySet[Line]:
    """The lines that bind on a day."""
    live = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    return scheme.lines.filter(live).prefetch_related("owners")


def pending(viewer: Viewer) -> QuerySet[Proposal]:
    """Proposals that wait for the viewer's decision."""
    return Proposal.objects.filter(scheme__body__in=viewer.governed, accepted=None).select_related(
        "scheme", "line", "person"
    )


def duties(owners: Iterable[int] | None = None, schemes: Iterable[int] | None = None) -> Iterator[Owed]:
    """What the lines owe, one for each line and organisation; all that stand when nothing is said. Lazy, in batches."""
    wanted = LineOwner.objects.filter(owing(today())).select_related("line__scheme").order_by("id")
    if owners is not None:
        wanted = wanted.filter(pk__in=list(owners))
    if schemes is not None:
        wanted = wanted.filter(line__scheme__in=list(schemes))
    batch: list[LineOwner] = []
    for one in wanted.iterator(chunk_size=500):
        batch.append(one)
        if len(batch) == 500:
            yield from _owed(batch)
            batch = []
    yield from _owed(batch)


def owing(day: dt.date) -> Q:
    """Lines and their owners of which anything is asked on a day."""
    scheme = Q(line__scheme__ended_on=None) | Q(line__scheme__ended_on__gt=day)
    return scheme & Q(until=None, line__until=None, line__proactive=True)


def _owed(batch: list[LineOwner]) -> Iterator[Owed]:
    if not batch:
        return
    day = today()
    tree = tree_on(day)
    formed = records_under(batch)
    for one in batch:
        line, scheme = one.line, one.line.scheme
        since = max(one.since, line.since)
        yield Owed(
            source="scheme",
            source_id=one.pk,
            body=tree.body_of(one.organisation_id).id if one.organisation_id in tree else one.organisation_id,
            sheet=scheme.pk,
            year=day.year,
            position=line.position,
            title=" › ".join(filter(None, (line.level1, line.level2))),
            heading=line.area or scheme.title,
            basis=f"《{scheme.title}》" + (f"第{line.number}项" if line.number else ""),
            occurrences=occurrences(
                line.limit,
                since=since,
                until=None,
                today=day,
                formed=formed.get(one.pk, []),
                limit_since=line.limit_since,
            ),
            bearers={(one.organisation_id, "lead"): False},
        )


def records_under(batch: list[LineOwner]) -> dict[int, list[Formed]]:
    """The records of each organisation that fall under its line: out, or put before the gates, or in draft.

    A record not yet out counts from the day on which it says it was formed: that is when its time began to run.
    """
    codes = {k for one in batch for k in one.line.kinds}
    organisations = {one.organisation_id for one in batch}
    since = min(max(one.since, one.line.since) for one in batch)
    found: dict[tuple[int, str], list[Formed]] = defaultdict(list)
    records = Record.objects.filter(owner__in=organisations, kind__in=codes, standing=Standing.PUBLISHED)
    records = records.filter(audience=Audience.PUBLIC, formed__gte=since)
    for r in records.only("pk", "owner", "kind", "title", "formed", "first_published_at"):
        out = r.first_published_at.astimezone(ZONE).date() if r.first_published_at else None
        if r.formed:
            found[r.owner_id, r.kind].append(Formed(r.pk, r.title, r.formed, out))
    waiting = Version.objects.filter(
        record__owner__in=organisations,
        record__kind__in=codes,
        record__standing=Standing.DRAFT,
        state__in=WAITING,
        formed__gte=since,
        audience=Audience.PUBLIC,
    ).select_related("record")
    drafts = Draft.objects.filter(
        record__owner__in=organisations,
        record__kind__in=codes,
        record__standing=Standing.DRAFT,
        formed__gte=since,
        audience=Audience.PUBLIC,
    ).select_related("record")
    seen: set[int] = set()
    contents: list[Version | Draft] = [*waiting, *drafts]
    for content in contents:
        if content.record_id not in seen and content.formed:
            seen.add(content.record_id)
            key = (content.record.owner_id, content.record.kind)
            found[key].append(Formed(content.record_id, content.title, content.formed, None))
    rivals = _rivals(organisations, codes)
    return {
        one.pk: sorted(
            (
                f
                for k in one.line.kinds
                for f in found[one.organisation_id, k]
                if one.pk in closest(f.title, rivals[one.organisation_id, k])
            ),
            key=lambda f: (f.formed, f.record),
        )
        for one in batch
    }


def _rivals(organisations: Iterable[int], codes: Iterable[str]) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """The lines among which a record of an organisation and kind must be told apart: (line-owner, its words)."""
    out: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    wanted = set(codes)
    owners = LineOwner.objects.filter(owing(today()), organisation__in=list(organisations)).values_list(
        "pk", "organisation_id", "line__kinds", "line__level1", "line__level2", "line__content", "line__area"
    )
    for pk, organisation, kinds, *words in owners.order_by("pk"):
        for kind in set(kinds) & wanted:
            out[organisation, kind].append((pk, " ".join(words)))
    return out


def owners_of(record: Record) -> list[LineOwner]:
    """The lines of a record's owner that ask for its kind."""
    return owners_of_each([record])[record.pk]


def owners_of_each(records: Iterable[Record]) -> dict[int, list[LineOwner]]:
    """For each record, by its number, the lines of its owner that ask for its kind: one query for all of them."""
    wanted = [(r.pk, r.owner_id, r.kind) for r in records]
    owed = LineOwner.objects.filter(owing(today()), organisation__in={owner for _, owner, _ in wanted})
    asking: dict[tuple[int, str], list[LineOwner]] = defaultdict(list)
    for one in owed.select_related("line__scheme").order_by("pk"):
        for kind in set(one.line.kinds):
            asking[one.organisation_id, kind].append(one)
    return {pk: asking.get((owner, kind), []) for pk, owner, kind in wanted}
