"""Trees while they change: no state is shown past its end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from gongkai.orgs import actions
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer
from tests.orgs.county import FOUNDED, TODAY

pytestmark = pytest.mark.django_db


def test_heirs_of_heirs(admin: Viewer) -> None:
    """A body that went into another that went into a third: the third has both."""

    def found(name: str) -> int:
        return actions.found_organisation(name, "department", parent=None, actor=admin, on=FOUNDED).pk

    one, two, three, four = (found(f"第{n}局") for n in "一二三四")
    actions.end_organisation(one, into=[two, four], actor=admin, on=dt.date(2020, 1, 1))
    actions.end_organisation(two, into=[three, four], actor=admin, on=dt.date(2021, 1, 1))
    assert tree_on(dt.date(2020, 6, 1)).standing(one) == [two, four]
    assert tree_on(TODAY).standing(one) == [three, four]
    assert tree_on(TODAY).line([three]) == {one, two, three}


def test_a_change_shows_at_once(admin: Viewer) -> None:
    """Trees are remembered, but never past a change: renamed, moved, ended, or given another alias."""
    one = actions.found_organisation("第一局", "department", parent=None, actor=admin, on=FOUNDED).pk
    assert tree_on(TODAY)[one].name == "第一局" and tree_on(TODAY) is tree_on(TODAY)
    actions.rename_organisation(one, "新一局", actor=admin, on=dt.date(2020, 1, 1))
    assert tree_on(TODAY)[one].name == "新一局"
    actions.add_alias(one, "县一局", actor=admin, on=FOUNDED)
    assert tree_on(TODAY).aliases == {one: ["县一局"]}
    actions.end_organisation(one, into=[], actor=admin, on=dt.date(2021, 1, 1))
    assert tree_on(TODAY)[one].gone


def test_what_was_undone_is_forgotten(admin: Viewer) -> None:
    """A tree seen inside a transaction that is rolled back must not be shown when its number is used again."""
    with transaction.atomic():
        actions.found_organisation("误录局", "department", parent=None, actor=admin, on=FOUNDED)
        assert [n.name for n in tree_on(TODAY).live()] == ["误录局"]
        transaction.set_rollback(True)
    actions.found_organisation("财政局", "department", parent=None, actor=admin, on=FOUNDED)
    assert [n.name for n in tree_on(TODAY).live()] == ["财政局"]
