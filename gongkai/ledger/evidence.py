"""Evidence comes by itself: a record that goes out offers itself to the matters that it fits; a person decides.

What an offer rests on is said in words, so that whoever decides need not guess: the line of the scheme and its kind,
the document that the clause names, the words that both share, the unit that owes the one and published the other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.base.clock import ZONE, today
from gongkai.base.models import Event
from gongkai.ledger.models import Bearer, Duty, Evidence, EvidenceState, Matter
from gongkai.orgs.reads import tree_on
from gongkai.records import numbers
from gongkai.records.content import text_of
from gongkai.records.kinds import kind_of
from gongkai.records.models import Audience, Record, Standing
from gongkai.scheme import reads as scheme
from gongkai.scheme.models import LineOwner
from gongkai.scheme.rules import closest, shared_words, words_of

THRESHOLD = 2.0
NEAR = 0.65
"""A clause that fits so much less than the best one is noise beside it."""
LOOSE = frozenset({"notice", "news", "policy"})
"""Kinds whose words (结果, 公示, 会议, 标准) stand in too many clauses to tell much by themselves."""
NEWEST = 5
MOST = 8
"""So many offers of one record at the most: more would be a list to work through, not help."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A matter that a record fits, how well, and why."""

    source: str
    source_id: int
    clock: str
    score: float
    reasons: tuple[str, ...]


def offers(record: Record) -> list[Offer]:
    """The matters that a record fits, best first. Only what the public can read proves anything."""
    if record.standing != Standing.PUBLISHED or record.audience != Audience.PUBLIC or record.published is None:
        return []
    found = [*_lines(record), *_tasks(record)]
    return sorted(found, key=lambda o: (-o.score, o.source, o.source_id, o.clock))[:MOST]


def out_on(record: Record) -> dt.date:
    """The day on which a record first went out."""
    moment = record.first_published_at
    return moment.astimezone(ZONE).date() if moment else record.begun_on


def _lines(record: Record) -> Iterable[Offer]:
    """The open duties of the lines that ask for the kind: of those nearest in words, or of all where none is nearer."""
    name = kind_of(record.kind).name
    owners = scheme.owners_of(record)
    near = closest(record.title, [(o.pk, _words(o)) for o in owners])
    matters = {
        m.source_id: m
        for m in Matter.objects.filter(source="scheme", source_id__in=[o.pk for o in owners]).prefetch_related("duties")
    }
    for owner in owners:
        line, matter = owner.line, matters.get(owner.pk)
        if matter is None or (near and owner.pk not in near):
            continue
        words = shared_words(record.title, _words(owner))
        own = [f"目录“{line.level2 or line.level1}”要求{name}", "公开主体相同"]
        own += [f"都提到“{w}”" for w in words[:2]]
        for duty in matter.duties.all():
            if duty.settled_on is None and fits(duty, record):
                said = own + ([f"属于{duty.label}"] if duty.opens and duty.clock[0] != "f" else [])
                yield Offer("scheme", owner.pk, duty.clock, 3.0 + min(len(words), 3) * 0.5, tuple(said))


def _words(owner: LineOwner) -> str:
    line = owner.line
    return " ".join((line.level1, line.level2, line.content, line.area))


def fits(duty: Duty, record: Record) -> bool:
    """Whether a record is what a duty waits for: it began its clock, or went out in its period, or names the period."""
    if duty.clock in (f"f{record.pk}", "first"):
        return True
    if duty.opens is None or duty.due is None or duty.clock.startswith("f"):
        return False
    out = out_on(record)
    if duty.clock.startswith("y"):
        told = re.search(r"(20\d\d)年", record.title)
        # What is due in the first half of a year mostly tells of the year before: 年报 by 31 March, 决算.
        years = {int(duty.label[:4]), *([duty.due.year - 1] if duty.due.month <= 6 else [])}
        return int(told[1]) in years and duty.due.year == out.year if told else duty.due.year == out.year
    named = _period(record.title)
    if named:
        return duty.label.endswith(named) and (duty.label[:4] in record.title or duty.due.year == out.year)
    return duty.opens <= out <= duty.due


def _period(title: str) -> str:
    """The month, quarter or half-year that a title is about, as the labels of duties say it."""
    found = re.search(r"第?([一二三四1-4])季度|(\d{1,2})月份?(?![\d日])|([上下])半年", title)
    if found is None:
        return ""
    quarter, month, half = found.groups()
    if quarter:
        return f"第{quarter.translate(str.maketrans('1234', '一二三四'))}季度"
    return f"年{int(month)}月" if month else f"{half}半年"


def _tasks(record: Record) -> Iterable[Offer]:
    version = record.published
    assert version is not None
    tree = tree_on(out_on(record))
    if record.owner_id not in tree:
        return
    body = tree.body_of(record.owner_id).id
    own = tree.line([record.owner_id, body, *tree.subtree(record.owner_id)])
    borne = Bearer.objects.filter(organisation__in=own, matter__source="plan", matter__year=out_on(record).year)
    by_matter: dict[int, bool] = {}
    for matter_id, group in borne.values_list("matter_id", "group"):
        by_matter[matter_id] = by_matter.get(matter_id, True) and group
    wanted = words_of(record.kind)
    text = text_of(version.body)
    cited = set(numbers.titles(text)) | set(numbers.titles(record.title))
    numbered = set(numbers.cited(text)) | {record.document_number}
    found: list[Offer] = []
    for matter in Matter.objects.filter(pk__in=by_matter):
        clause = f"{matter.heading} {matter.title}"
        reasons: list[str] = []
        score = 0.0
        shared = [t for t in numbers.titles(clause) if t in cited or t in record.title]
        if shared:
            score += 2.5
            reasons.append(f"条款提到《{shared[0]}》")
        same = [n for n in numbers.cited(clause) if n in numbered]
        if same:
            score += 2.5
            reasons.append(f"条款提到{same[0]}")
        asked = next((w for w in wanted if w in matter.title), "")
        if asked:
            score += 0.8 if record.kind in LOOSE else 2.0
            reasons.append(f"条款要求“{asked}”，这是{kind_of(record.kind).name}")
        words = shared_words(record.title, clause)
        if words:
            score += 0.7 * min(len(words), 3) + 0.15 * max(len(w) for w in words)
            reasons.append("都提到" + "、".join(f"“{w}”" for w in words[:3]))
        if not reasons:
            continue
        score += 0.1 if by_matter[matter.pk] else 0.5
        reasons.append("发布单位属于“各单位”一类的承担单位" if by_matter[matter.pk] else "发布单位就是承担单位")
        if score >= THRESHOLD:
            found.append(Offer("plan", matter.source_id, "", round(score, 2), tuple(reasons)))
    best = max((o.score for o in found), default=0.0)
    yield from (o for o in found if o.score >= NEAR * best)


def offer(record: Record, on: dt.date) -> int:
    """Write the offers of a record that are not there yet; those still undecided that no longer fit go."""
    wanted = {(o.source, o.source_id, o.clock): o for o in offers(record)}
    standing = Evidence.objects.filter(record=record, state=EvidenceState.OFFERED)
    stale = [e.pk for e in standing if (e.source, e.source_id, e.clock) not in wanted]
    Evidence.objects.filter(pk__in=stale).delete()
    made = Evidence.objects.bulk_create(
        [
            Evidence(
                source=o.source,
                source_id=o.source_id,
                clock=o.clock,
                record=record,
                reasons=list(o.reasons),
                score=o.score,
                offered_on=on,
            )
            for o in wanted.values()
        ],
        ignore_conflicts=True,
    )
    return len(made)


class EvidenceFollower:
    """Lets what goes out offer itself. It runs behind the ledger's, whose matters it reads."""

    name = "evidence"
    batch = 10

    def follow(self, events: Sequence[Event]) -> None:
        """A record that goes out, changes or is withdrawn is looked at again."""
        touched: dict[int, dt.date] = {}
        for event in events:
            if event.subject == "record" and event.verb in ("publish", "import", "withdraw"):
                for pk in event.data.get("records", [int(event.subject_id)]):
                    touched[pk] = event.on
            elif event.subject == "scheme" and event.verb in ("adopt", "accept", "add"):
                for pk in _already_out(int(event.subject_id)):
                    touched.setdefault(pk, event.on)
        for record in Record.objects.filter(pk__in=touched).select_related("published"):
            offer(record, touched[record.pk])

    def reset(self) -> None:
        """Forget what nobody has decided."""
        Evidence.objects.filter(state=EvidenceState.OFFERED).delete()


def _already_out(pk: int) -> list[int]:
    """What was out before a scheme was adopted: the newest of each kind and owner that it asks for."""
    asked: dict[int, set[str]] = defaultdict(set)
    owners = LineOwner.objects.filter(scheme.owing(today()), line__scheme=pk)
    for organisation, kinds in owners.values_list("organisation_id", "line__kinds"):
        asked[organisation].update(kinds)
    out: list[int] = []
    public = Record.objects.filter(standing=Standing.PUBLISHED, audience=Audience.PUBLIC)
    for organisation, codes in asked.items():
        seen: dict[str, int] = defaultdict(int)
        found = public.filter(owner=organisation, kind__in=codes).order_by("-first_published_at", "-id")
        for record, kind in found.values_list("pk", "kind")[: NEWEST * len(codes) * 5]:
            seen[kind] += 1
            if seen[kind] <= NEWEST:
                out.append(record)
    return out
