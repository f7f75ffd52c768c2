"""Asking the tree, people and posts."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import lru_cache

from django.db.models import Q, QuerySet

from gongkai.base.models import Event
from gongkai.orgs.models import Acting, Name, Person, Place, Post, Role, Succession
from gongkai.orgs.rules import Held, Viewer
from gongkai.orgs.tree import Tree


@lru_cache(maxsize=16)
def _turns(state: str) -> tuple[dt.date, ...]:
    """The days on which anything in the tree begins or ends, in order."""
    begun = Name.objects.order_by().values_list("since")
    ended = Place.objects.order_by().values_list("until")
    placed, merged = Place.objects.order_by().values_list("since"), Succession.objects.values_list("on")
    return tuple(sorted(day for (day,) in begun.union(placed, ended, merged) if day is not None))


@lru_cache(maxsize=64)
def _tree(state: str, day: dt.date) -> Tree:
    return Tree(day)


def tree_on(day: dt.date) -> Tree:
    """The tree as it was on a day. Built once for each state of the tree: every change of it is an event.

    Between two days on which something begins or ends all trees are alike: that of the first of them stands for all.
    """
    # The hash and not the number: a number may be given again after a rollback, a hash never.
    last = Event.objects.filter(subject="organisation").order_by("-seq").values_list("hash", flat=True).first()
    if last is None:
        return Tree(day)
    turns = _turns(last)
    at = bisect_right(turns, day)
    return _tree(last, turns[at - 1] if at else day)


def in_office(day: dt.date) -> Q:
    """Posts held on a day; `until` is the last day of a post."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def viewer_of(person: Person, day: dt.date) -> Viewer:
    """A person with what they hold on a day, acting for absent colleagues included. Inactive people hold nothing."""
    if not person.is_active:
        return Viewer(person.pk, person.name, day, tree_on(day))
    absent = dict(
        Acting.objects.filter(person=person, since__lte=day, until__gte=day).values_list("absent_id", "absent__name")
    )
    tree = tree_on(day)
    posts = (
        Post.objects.filter(in_office(day), person_id__in=[person.pk, *absent])
        .order_by("-since", "id")
        .values_list("person_id", "organisation_id", "role")
    )
    # An organisation that has ended passes its posts on to what it went into.
    held = [
        Held(standing, Role(role), absent.get(holder, "") if holder != person.pk else "")
        for holder, organisation, role in posts
        for standing in tree.standing(organisation)
    ]
    held = list(dict.fromkeys(held))  # two posts at bodies that were merged are one
    held.sort(key=lambda h: (h.acting_for != "", h.role == Role.AUTHORITY))
    return Viewer(person.pk, person.name, day, tree, tuple(held), person.administrator)


def holders(organisations: set[int] | frozenset[int], day: dt.date) -> QuerySet[Post]:
    """Posts held on a day at any of the organisations."""
    return Post.objects.filter(in_office(day), organisation_id__in=organisations).select_related("person")


def set_up() -> bool:
    """Whether somebody can sign in at all; the first start asks for an administrator."""
    return Person.objects.filter(is_active=True).exists()
