"""Before somebody asks: what is already out, how others were answered, and which organ it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from gongkai.base.clock import today
from gongkai.cases.life import AMEND
from gongkai.cases.models import Case, Opening, Precedent
from gongkai.cases.similar import LIMIT, likeness, words_of
from gongkai.law.outcomes import outcomes
from gongkai.orgs.models import Kind
from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import BODIES, Node, Tree
from gongkai.portal.column import Column
from gongkai.records import reads
from gongkai.records.models import Record
from gongkai.search import reads as searching

SHOWN = 6
RECENT = 20_000
"""So many of the newest requests are looked through, however many there are."""
ENOUGH = 3
"""Of fewer applicants nothing is told: neither a number nor by a word that only they used. Whoever types a neighbour's
name must not learn that the neighbour asked."""


@dataclass
class Known:
    """What is shown before a request: what was published because others asked, what is out, how they were answered."""

    opened: list[Record] = field(default_factory=list)
    results: list[searching.Result] = field(default_factory=list)
    total: int = 0
    precedents: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, int]] = field(default_factory=list)


def known(text: str) -> Known:
    """Everything about a question in one's own words."""
    # The words may hold what concerns nobody else: they are not noted among what found nothing.
    found = searching.search(text[:100], limit=SHOWN, facets=False, note=False)
    opened = _opened(text)
    ids = {r.pk for r in opened}
    results = [r for r in found.results if r.record.pk not in ids]
    return Known(opened, results, found.total, _precedents(text), _answered(text))


def _opened(text: str) -> list[Record]:
    """What was published because it was asked for (第四十四条), by the words of the record: what applicants wrote is
    shown to nobody else."""
    wanted = set(words_of(text))
    if not wanted:
        return []
    seen = reads.visible(None)
    rows = Opening.objects.filter(accepted=True, record__in=seen).select_related("record").order_by("-decided_on")
    ranked: list[tuple[float, Record]] = []
    for row in rows[:LIMIT]:
        assert row.record is not None
        own = set(words_of(row.record.title)) | set(row.words.split())
        share = len(own & wanted) / min(len(own), len(wanted)) if own else 0.0
        if share >= 0.5 and all(row.record.pk != r.pk for _, r in ranked):
            ranked.append((share, row.record))
    return [r for _, r in sorted(ranked, key=lambda one: -one[0])][:3]


def _precedents(text: str) -> list[tuple[str, str]]:
    """Cases of the library, which name nobody: title and outcome."""
    rows = Precedent.objects.values_list("title", "outcome").order_by("-id")[:LIMIT]
    ranked = sorted(((likeness(title, text), title, outcome) for title, outcome in rows), reverse=True)
    return [(title, outcome_name(outcome)) for share, title, outcome in ranked if share >= 0.25][:3]


def _answered(text: str) -> list[tuple[str, int]]:
    """How requests for something like it ended, as numbers; only by words that several applicants used."""
    wanted = words_of(text)[:8]
    if not wanted:
        return []
    named = Q()
    for word in wanted:
        named |= Q(title__contains=word)
    last = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    recent = Case.objects.filter(pk__gt=last - RECENT)
    ended = recent.filter(named, purpose="access", erased_on=None, delivered_on__isnull=False)
    rows = list(
        ended.exclude(outcome="").order_by("-id").values_list("pk", "title", "outcome", "applicant_mark")[:LIMIT]
    )
    said = [(mark or str(pk), set(words_of(title)), outcome) for pk, title, outcome, mark in rows]
    common = {w for w in wanted if len({who for who, words, _ in said if w in words}) >= ENOUGH}
    if len(common) < 1 or len(common) * 2 < len(wanted):
        return []
    near = [(who, outcome) for who, words, outcome in said if len(words & common) * 2 >= len(common)]
    if len({who for who, _ in near}) < ENOUGH:
        return []
    return [(outcome_name(code), n) for code, n in Counter(outcome for _, outcome in near).most_common()]


def outcome_name(code: str) -> str:
    """An outcome in Chinese."""
    return AMEND.get(code) or (outcomes()[code].name if code in outcomes() else code)


# Which organ

GROUPS = (
    ("政府", (Kind.CITY, Kind.COUNTY)),
    ("政府部门", (Kind.DEPARTMENT, Kind.VERTICAL)),
    ("乡镇、街道", (Kind.TOWNSHIP, Kind.STREET)),
)


def bodies(tree: Tree) -> list[Node]:
    """The organs of this site that answer requests in their own name, in the order of the tree."""
    root = Column(None)
    inside = tree.subtree(root.id) if root.body is not None else set()
    return [n for n in tree.live() if n.id in inside and n.kind in BODIES]


def grouped(nodes: Iterable[Node]) -> list[tuple[str, list[Node]]]:
    """Governments, departments, townships."""
    held = list(nodes)
    parts = [(name, [n for n in held if n.kind in kinds]) for name, kinds in GROUPS]
    return [(name, found) for name, found in parts if found]


def fitting(text: str, typed: str, most: int = 8) -> list[Node]:
    """Which organs it may be: those that are named in what was typed, then those that published the like."""
    tree = tree_on(today())
    held = {n.id: n for n in bodies(tree)}
    out: dict[int, int] = {}
    for node in tree.live():
        body = tree.body_of(node.id).id
        if body in held:
            weight = _named(tree, node, text, typed)
            if weight:
                out[body] = max(out.get(body, 0), weight)
    if not typed and text:
        found = searching.search(text[:100], limit=20, facets=False, note=False)
        for at, one in enumerate(found.results):
            body = tree.body_of(one.record.owner_id).id if one.record.owner_id in tree else 0
            if body in held:
                out.setdefault(body, 20 - at)
    place = {pk: n for n, pk in enumerate(held)}
    return [held[pk] for pk in sorted(out, key=lambda pk: (-out[pk], place[pk]))][:most]


def _named(tree: Tree, node: Node, text: str, typed: str) -> int:
    """How surely words mean an organisation: by its name, its name without the place, what else it is called, or was."""
    short = tree.short(node.id)
    names = {node.name, short, short[1:] if short[:1] in "县市区" else short}
    names |= {*tree.aliases.get(node.id, ()), *tree.names.get(node.id, ())}
    said = [n for n in names if len(n) >= 2]
    if typed:
        return 90 if any(typed in n or n in typed for n in said) else 0
    return 50 + max((len(n) for n in said if n in text), default=-50)
