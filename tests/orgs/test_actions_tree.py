"""Verbs on bodies: the lawful use with its one event, and each refusal with its rule and nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.base.reads import check_chain
from gongkai.orgs import actions
from gongkai.orgs.models import Alias, Answer, Name, Organisation, Place, Succession
from gongkai.orgs.reads import tree_on
from gongkai.orgs.rules import Viewer
from tests.orgs.county import FOUNDED, TODAY

pytestmark = pytest.mark.django_db
Ids = dict[str, int]
DAY = dt.date(2024, 5, 6)


@pytest.fixture
def small(admin: Viewer) -> Ids:
    """A county with two bureaus and a section, and one bureau that has ended."""
    made: Ids = {"nobody": 10**6}
    for key, kind, parent, name in (
        ("county", "county", None, "柳溪县"),
        ("czj", "department", "county", "柳溪县财政局"),
        ("ys", "section", "czj", "预算股"),
        ("jyj", "department", "county", "柳溪县教育局"),
        ("old", "department", "county", "柳溪县物价局"),
    ):
        up = made[parent] if parent else None
        made[key] = actions.found_organisation(name, kind, parent=up, actor=admin, on=FOUNDED).pk
    actions.end_organisation(made["old"], into=[made["czj"]], actor=admin, on=dt.date(2020, 1, 1))
    return made


def everything() -> dict[str, list[Any]]:
    """Every row of the two rooms."""
    return {
        model._meta.label: sorted(model.objects.values_list(), key=repr)  # type: ignore[attr-defined]
        for label in ("orgs", "base")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def last(seq: int) -> Event:
    """The one event since a number."""
    assert check_chain() is None
    return Event.objects.get(seq__gt=seq)


def count() -> int:
    """How many events there are."""
    return Event.objects.count()


def test_found(admin: Viewer, small: Ids) -> None:
    before = count()
    made = actions.found_organisation(
        " 柳溪县 民政局 ",
        "department",
        parent=small["county"],
        actor=admin,
        on=DAY,
        aliases=["县民政局", "县民政局", "柳溪县民政局", "民 政(局)"],
        openness_office=True,
    )
    assert (made.kind, made.openness_office, made.position) == ("department", True, 5)
    assert list(Name.objects.filter(organisation=made).values_list("text", "since", "until")) == [
        ("柳溪县民政局", DAY, None)
    ]
    assert list(Place.objects.filter(organisation=made).values_list("parent", "since", "until")) == [
        (small["county"], DAY, None)
    ]
    assert sorted(Alias.objects.filter(organisation=made).values_list("text", flat=True)) == ["县民政局", "民政（局）"]
    event = last(before)
    assert (event.verb, event.subject, event.subject_id, event.on) == ("found", "organisation", str(made.pk), DAY)
    assert (event.person, event.name, event.post) == (admin.person_id, "系统管理员", "系统管理员")
    assert event.data["name"] == "柳溪县民政局" and event.data["parent"] == small["county"]
    assert tree_on(DAY - dt.timedelta(days=1))[made.pk].gone and not tree_on(DAY)[made.pk].gone


def test_found_with_an_iterator_of_aliases(admin: Viewer, small: Ids) -> None:
    actions.found_organisation("民政局", "department", parent=None, actor=admin, on=DAY, aliases=iter(["民政"]))
    assert Event.objects.last().data["aliases"] == ["民政"]  # type: ignore[union-attr]


def test_rename(admin: Viewer, small: Ids) -> None:
    before = count()
    actions.rename_organisation(small["jyj"], "柳溪县教育体育局", actor=admin, on=DAY, reason="机构改革")
    assert list(Name.objects.filter(organisation=small["jyj"]).values_list("text", "since", "until", "reason")) == [
        ("柳溪县教育局", FOUNDED, DAY, ""),
        ("柳溪县教育体育局", DAY, None, "机构改革"),
    ]
    event = last(before)
    assert (event.verb, event.reason) == ("rename", "机构改革")
    assert event.data == {"from": "柳溪县教育局", "to": "柳溪县教育体育局"}


def test_move(admin: Viewer, small: Ids) -> None:
    before = count()
    actions.move_organisation(small["ys"], small["jyj"], actor=admin, on=DAY, reason="划转")
    assert list(Place.objects.filter(organisation=small["ys"]).values_list("parent", "since", "until")) == [
        (small["czj"], FOUNDED, DAY),
        (small["jyj"], DAY, None),
    ]
    event = last(before)
    assert (event.verb, event.data) == ("move", {"from": small["czj"], "to": small["jyj"]})


def test_end(admin: Viewer, small: Ids) -> None:
    before = count()
    actions.end_organisation(small["jyj"], into=[small["czj"], small["county"], small["czj"]], actor=admin, on=DAY)
    assert Place.objects.get(organisation=small["jyj"]).until == DAY
    assert sorted(Succession.objects.filter(old=small["jyj"]).values_list("new", "on")) == sorted(
        [(small["czj"], DAY), (small["county"], DAY)]
    )
    event = last(before)
    assert (event.verb, event.data) == ("end", {"into": [small["czj"], small["county"]]})


def test_a_name_may_be_had_again_after_its_end(admin: Viewer, small: Ids) -> None:
    actions.found_organisation("柳溪县物价局", "department", parent=small["county"], actor=admin, on=DAY)
    assert sum(n.name == "柳溪县物价局" for n in tree_on(DAY).live()) == 1


def test_alias(admin: Viewer, small: Ids) -> None:
    before = count()
    actions.add_alias(small["czj"], "县 财政(局)", actor=admin, on=DAY)
    event = last(before)
    assert (event.verb, event.data) == ("alias", {"alias": "县财政（局）"})
    actions.add_alias(small["czj"], "县财政（局）", actor=admin, on=DAY)
    assert count() == before + 1 and Alias.objects.filter(organisation=small["czj"]).count() == 1


def test_remember(admin: Viewer, small: Ids) -> None:
    before = count()
    actions.remember_answer(
        small["county"], "财 政(口)", [small["jyj"], small["czj"], small["czj"]], actor=admin, on=DAY
    )
    answer = Answer.objects.get()
    assert (answer.body_id, answer.printed) == (small["county"], "财政（口）")
    assert {o.pk for o in answer.organisations.all()} == {small["czj"], small["jyj"]}
    event = last(before)
    assert (event.verb, event.data["means"]) == ("answer", [small["czj"], small["jyj"]])


Act = Callable[[Viewer, Ids], Any]


def _found(name: str = "民政局", kind: str = "department", parent: str = "county", on: dt.date = DAY) -> Act:
    return lambda a, i: actions.found_organisation(name, kind, parent=i[parent], actor=a, on=on)


def _rename(key: str, name: str, on: dt.date = DAY) -> Act:
    return lambda a, i: actions.rename_organisation(i[key], name, actor=a, on=on)


def _move(key: str, to: str, on: dt.date = DAY) -> Act:
    return lambda a, i: actions.move_organisation(i[key], i[to], actor=a, on=on)


def _end(key: str, into: str = "", on: dt.date = DAY) -> Act:
    return lambda a, i: actions.end_organisation(i[key], into=[i[k] for k in into.split()], actor=a, on=on)


def _alias(key: str, text: str) -> Act:
    return lambda a, i: actions.add_alias(i[key], text, actor=a, on=DAY)


def _answer(body: str, printed: str, means: str) -> Act:
    return lambda a, i: actions.remember_answer(i[body], printed, [i[k] for k in means.split()], actor=a, on=DAY)


REFUSED: list[tuple[str, Act, str]] = [
    ("found, one letter", _found("局"), "orgs.name"),
    ("found, blanks", _found(" \n\u3000"), "orgs.name"),
    ("found, 101 letters", _found("长" * 101), "orgs.name"),
    ("found, unknown kind", _found(kind="bureau"), "orgs.kind"),
    ("found, Chinese kind", _found(kind="部门"), "orgs.kind"),
    ("found, unknown parent", _found(parent="nobody"), "orgs.parent"),
    ("found, a sibling's name", _found("柳溪县财政局"), "orgs.taken"),
    ("found, a sibling's name in blanks", _found("柳溪县 财政局"), "orgs.taken"),
    ("rename, nobody", _rename("nobody", "民政局"), "orgs.unknown"),
    ("rename, the same", _rename("czj", "柳溪县财政局"), "orgs.same_name"),
    ("rename, empty", _rename("czj", ""), "orgs.name"),
    ("rename, its first day", _rename("czj", "财政局", FOUNDED), "orgs.order"),
    ("rename, before", _rename("czj", "财政局", dt.date(2018, 1, 1)), "orgs.order"),
    ("move, nobody", _move("nobody", "czj"), "orgs.gone"),
    ("move, ended", _move("old", "czj"), "orgs.gone"),
    ("move, its first day", _move("ys", "jyj", FOUNDED), "orgs.order"),
    ("move, under itself", _move("czj", "czj"), "orgs.loop"),
    ("move, under its own section", _move("czj", "ys"), "orgs.loop"),
    ("move, root under its own", _move("county", "ys"), "orgs.loop"),
    ("move, to nobody", _move("czj", "nobody"), "orgs.parent"),
    ("end, nobody", _end("nobody"), "orgs.gone"),
    ("end, ended", _end("old"), "orgs.gone"),
    ("end, into itself", _end("jyj", "czj jyj"), "orgs.loop"),
    ("end, with sections", _end("czj", "jyj"), "orgs.below"),
    ("end, its first day", _end("jyj", "czj", FOUNDED), "orgs.order"),
    ("alias, empty", _alias("czj", " "), "orgs.name"),
    ("alias, one letter", _alias("czj", "财"), "orgs.name"),
    ("answer, nobody", _answer("county", "财政口", ""), "orgs.nobody"),
]

# What is not refused, or ends with an error of the database instead of words.
ALSO_REFUSED: list[tuple[str, Act, str]] = [
    ("found under an ended one", _found(parent="old"), "orgs.parent"),
    ("found before its parent", _found(on=dt.date(2018, 1, 1)), "orgs.parent"),
    ("rename of an ended one", _rename("old", "物价委"), "orgs.gone"),
    ("rename to a sibling's name", _rename("jyj", "柳溪县财政局"), "orgs.taken"),
    ("move under an ended one", _move("jyj", "old"), "orgs.parent"),
    ("end into an ended one", _end("jyj", "old"), "orgs.into"),
    ("end into nobody", _end("jyj", "nobody"), "orgs.into"),
    ("alias of nobody", _alias("nobody", "财政办"), "orgs.unknown"),
    ("answer with nobody known", _answer("county", "财政口", "nobody"), "orgs.nobody"),
    ("answer of 121 letters", _answer("county", "长" * 121, "czj"), "orgs.name"),
]


def refused(act: Act, actor: Viewer, ids: Ids) -> str:
    """The rule of a refusal, after looking that nothing was written."""
    before = everything()
    with pytest.raises(Refused) as error:
        act(actor, ids)
    assert everything() == before
    assert all(i.say.endswith(("。", "！")) and i.say for i in error.value.issues)
    return error.value.issues[0].rule


@pytest.mark.parametrize(("act", "rule"), [pytest.param(a, r, id=n) for n, a, r in REFUSED])
def test_refusals(admin: Viewer, small: Ids, act: Act, rule: str) -> None:
    """Each names its rule, says in Chinese how to satisfy it, and has written nothing."""
    assert refused(act, admin, small) == rule


@pytest.mark.parametrize(("act", "rule"), [pytest.param(a, r, id=n) for n, a, r in ALSO_REFUSED])
def test_what_should_be_refused(admin: Viewer, small: Ids, act: Act, rule: str) -> None:
    """The code of the rule is a proposal: any refusal in words that writes nothing is right."""
    assert refused(act, admin, small)


@pytest.mark.parametrize(
    "act",
    [_found(), _rename("czj", "财政局"), _move("ys", "jyj"), _end("jyj"), _alias("czj", "财政局")],
    ids=["found", "rename", "move", "end", "alias"],
)
def test_only_the_administrator_changes_the_tree(admin: Viewer, small: Ids, act: Act) -> None:
    nobody = Viewer(99, "某人", TODAY, tree_on(TODAY))
    assert refused(act, nobody, small) == "orgs.change"
    act(admin, small)


def test_not_everybody_answers_for_a_body(admin: Viewer, small: Ids) -> None:
    nobody = Viewer(99, "某人", TODAY, tree_on(TODAY))
    assert refused(_answer("county", "财政口", "czj"), nobody, small)


def test_two_that_end_into_each_other(admin: Viewer, small: Ids) -> None:
    """old went into czj; now czj is said to go into old. Whoever held a post there must still be able to sign in."""
    _move("ys", "jyj")(admin, small)
    with suppress(Refused):  # which it should be
        _end("czj", "old", dt.date(2025, 1, 1))(admin, small)
    tree_on(TODAY).standing(small["czj"])


def test_moves_of_other_days_make_no_loop(admin: Viewer, small: Ids) -> None:
    """A move entered ahead of its day, and one entered for a day before that."""
    _move("czj", "jyj", dt.date(2025, 6, 1))(admin, small)
    with pytest.raises(Refused):
        _move("jyj", "czj", dt.date(2025, 5, 1))(admin, small)
    assert small["czj"] in tree_on(TODAY).subtree(small["county"])


def test_an_end_before_its_sections_begin(admin: Viewer, small: Ids) -> None:
    actions.found_organisation("督导股", "section", parent=small["jyj"], actor=admin, on=dt.date(2025, 1, 1))
    assert refused(_end("jyj", "czj", DAY), admin, small)


def test_positions_are_counted(admin: Viewer, small: Ids) -> None:
    assert list(Organisation.objects.values_list("position", flat=True)) == [0, 1, 2, 3, 4]
