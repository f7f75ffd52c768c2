"""The tree of organisations as it was on a day: read with three queries, asked without any."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from gongkai.orgs.models import Alias, Kind, Name, Organisation, Place, Succession

BODIES = frozenset({Kind.CITY, Kind.COUNTY, Kind.DEPARTMENT, Kind.VERTICAL, Kind.TOWNSHIP, Kind.STREET})
"""Kinds that owe openness in their own name; sections and villages do so through the body above."""


@dataclass(slots=True)
class Node:
    """An organisation on the day of its tree."""

    id: int
    kind: Kind
    name: str
    parent: int | None
    openness_office: bool = False
    children: list[int] = field(default_factory=list)
    gone: bool = False
    """True for one that had ended, or had not begun, on the day of the tree."""

    def __str__(self) -> str:
        return self.name


class Tree:
    """Every organisation by id, with its name and place on `day`, and on every later day until something changes."""

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self._offices: dict[int, int] = {}
        names: dict[int, str] = {}
        self._history: dict[int, list[str]] = defaultdict(list)
        for organisation, text, since, _until in Name.objects.order_by("since").values_list(
            "organisation_id", "text", "since", "until"
        ):
            self._history[organisation].append(text)
            if since <= day or organisation not in names:
                names[organisation] = text
        live = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
        parents = dict(Place.objects.filter(live).values_list("organisation_id", "parent_id"))
        self.nodes: dict[int, Node] = {}
        for pk, kind, office in Organisation.objects.order_by("position", "id").values_list(
            "id", "kind", "openness_office"
        ):
            self.nodes[pk] = Node(pk, Kind(kind), names.get(pk, ""), parents.get(pk), office, gone=pk not in parents)
        for node in self.nodes.values():
            if node.parent is not None:
                self.nodes[node.parent].children.append(node.id)

    def __getitem__(self, pk: int) -> Node:
        return self.nodes[pk]

    def __contains__(self, pk: int) -> bool:
        return pk in self.nodes

    def live(self) -> Iterator[Node]:
        """Those that stood on the day."""
        return (n for n in self.nodes.values() if not n.gone)

    @cached_property
    def unborn(self) -> frozenset[int]:
        """Those that were entered as beginning only after the day, and stand since."""
        later = Place.objects.filter(since__gt=self.day, until=None).values_list("organisation_id", flat=True)
        before = set(Place.objects.filter(since__lte=self.day).values_list("organisation_id", flat=True))
        return frozenset(pk for pk in later if pk not in before)

    def roots(self) -> list[Node]:
        """Those that stand under none."""
        return [n for n in self.live() if n.parent is None]

    def subtree(self, pk: int) -> set[int]:
        """The ids of an organisation and of all below it."""
        out, todo = set(), [pk]
        while todo:
            at = todo.pop()
            if at in out:
                continue
            out.add(at)
            todo += self.nodes[at].children if at in self.nodes else []
        return out

    def above(self, pk: int) -> list[int]:
        """The ids from the organisation up to the root."""
        out = []
        at: int | None = pk
        while at is not None and at in self.nodes and at not in out:
            out.append(at)
            at = self.nodes[at].parent
        return out

    def body_of(self, pk: int) -> Node:
        """The nearest organisation, from `pk` up, that owes openness in its own name."""
        for at in self.above(pk):
            if self.nodes[at].kind in BODIES:
                return self.nodes[at]
        return self.nodes[pk]

    def office_of(self, body: int) -> int:
        """The office that works on openness for a body (政府信息公开工作机构, 条例第四条); the body itself where none is marked.

        That of a county or city is its general office (第三条), or the section in it that does the work.
        """
        if body not in self._offices:
            self._offices[body] = self._office_of(body)
        return self._offices[body]

    def _office_of(self, body: int) -> int:
        marked = [pk for pk in self.subtree(body) if self.nodes[pk].openness_office and not self.nodes[pk].gone]
        own = [pk for pk in marked if self.body_of(pk).id == body]
        near = [pk for pk in marked if self.nodes[pk].parent == body]
        general = [pk for pk in marked if self.body_of(pk).name.endswith("办公室") and self.body_of(pk).parent == body]
        return min(own or near or general or [body])

    def path(self, pk: int) -> str:
        """青禾县 · 青禾县司法局 · 法规股"""
        return " · ".join(self.nodes[at].name for at in reversed(self.above(pk)))

    def short(self, pk: int) -> str:
        """The name without the place it stands in: 青禾县财政局 → 县财政局."""
        name = self.nodes[pk].name
        for at in self.above(pk)[1:]:
            place = self.nodes[at].name
            if self.nodes[at].kind in (Kind.CITY, Kind.COUNTY) and name.startswith(place) and len(name) > len(place):
                return place[-1] + name[len(place) :]
        return name

    @cached_property
    def names(self) -> dict[int, list[str]]:
        """Every name an organisation ever had, oldest first."""
        return dict(self._history)

    @cached_property
    def aliases(self) -> dict[int, list[str]]:
        """The other ways in which organisations are printed."""
        out: dict[int, list[str]] = defaultdict(list)
        for pk, text in Alias.objects.values_list("organisation_id", "text"):
            out[pk].append(text)
        return dict(out)

    @cached_property
    def heirs(self) -> dict[int, list[int]]:
        """Into which organisations those that ended went."""
        out: dict[int, list[int]] = defaultdict(list)
        for old, new in Succession.objects.filter(on__lte=self.day).values_list("old_id", "new_id"):
            out[old].append(new)
        return dict(out)

    def line(self, pks: Iterable[int]) -> set[int]:
        """The organisations and all that went into them: what is still to be done for those is theirs."""
        before: dict[int, list[int]] = defaultdict(list)
        for old, heirs in self.heirs.items():
            for heir in heirs:
                before[heir].append(old)
        out: set[int] = set()
        todo = list(pks)
        while todo:
            at = todo.pop()
            if at not in out:
                out.add(at)
                todo += before[at]
        return out

    @cached_property
    def _left(self) -> dict[int, list[int]]:
        """Organisations that ended, by the one under which they stood last."""
        out: dict[int, list[int]] = defaultdict(list)
        places = Place.objects.filter(since__lte=self.day).order_by("since")
        for pk, parent in dict(places.values_list("organisation_id", "parent_id")).items():
            if self.nodes[pk].gone and parent is not None:
                out[parent].append(pk)
        return dict(out)

    def with_left(self, pks: Iterable[int]) -> set[int]:
        """The organisations, what went into them, and what ended under them without an heir: somebody must answer."""
        out = self.line(pks)
        todo = list(out)
        while todo:
            for pk in self._left.get(todo.pop(), []):
                if pk not in out and not self.heirs.get(pk):
                    new = self.line([pk]) - out
                    out |= new
                    todo += new
        return out

    def standing(self, pk: int) -> list[int]:
        """The organisation itself while it stands; after its end those that it went into."""
        out: list[int] = []
        seen: set[int] = set()
        todo = [pk]
        while todo:
            at = todo.pop(0)
            if at in seen:
                continue
            seen.add(at)
            if at in self.nodes and (not self.nodes[at].gone or at in self.unborn):
                out.append(at)
            else:
                todo = [*self.heirs.get(at, []), *todo]
        return out
