"""Verbs on people and posts: accounts, passwords, appointments, acting for a colleague."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from gongkai.base.issues import Refused
from gongkai.base.models import Event
from gongkai.orgs import actions
from gongkai.orgs.models import Acting, Person, Post, Role
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer
from tests.orgs.county import FOUNDED
from tests.orgs.test_actions_tree import count, everything, last

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 5, 6)
GOOD = "qingzheng-8391"
Act = Callable[["Office"], Any]


class Office:
    """A bureau, two people who work there, and the administrator."""

    def __init__(self, admin: Viewer) -> None:
        self.admin = admin
        self.bureau = actions.found_organisation("财政局", "department", parent=None, actor=admin, on=FOUNDED).pk
        self.zhu = actions.add_person("zhu", "祝晓岚", GOOD, actor=admin, on=FOUNDED)
        self.lin = actions.add_person("lin", "林致远", None, actor=admin, on=FOUNDED)
        self.post = actions.appoint(self.zhu, self.bureau, "clerk", actor=admin, on=dt.date(2020, 1, 1))

    def viewer(self, person: Person) -> Viewer:
        """Somebody as they are on the day."""
        return viewer_of(person, DAY)


@pytest.fixture
def office(admin: Viewer) -> Office:
    """A bureau with two people."""
    return Office(admin)


def refused(act: Act, office: Office) -> list[str]:
    """The rules of a refusal, after looking that nothing was written."""
    before = everything()
    with pytest.raises(Refused) as error:
        act(office)
    assert everything() == before
    return [i.rule for i in error.value.issues]


# ---- the first start -------------------------------------------------------------------------------------------------


def test_the_first_administrator(db: None) -> None:
    """The first start makes one, by nobody in particular; the event keeps no password."""
    person = actions.first_administrator(" Admin ", " 系统管理员 ", GOOD, on=DAY)
    assert (person.username, person.name, person.administrator, person.is_active) == (
        "admin",
        "系统管理员",
        True,
        True,
    )
    assert person.check_password(GOOD) and not person.must_change_password
    event = last(0)
    assert (event.verb, event.subject, event.subject_id, event.name) == ("add", "person", str(person.pk), "系统")
    assert event.data == {"username": "admin", "name": "系统管理员", "admin": True}


@pytest.mark.parametrize("administrator", [True, False])
def test_only_once(db: None, administrator: bool) -> None:
    """Once anybody can sign in the door is closed, also where that person is no administrator."""
    Person.objects.create(username="zhu", name="祝晓岚", administrator=administrator)
    before = everything()
    with pytest.raises(Refused, match="已经有人可以登录") as error:
        actions.first_administrator("admin", "系统管理员", GOOD, on=DAY)
    assert error.value.issues[0].rule == "people.set_up" and everything() == before


def test_a_weak_first_password_makes_nobody(db: None) -> None:
    with pytest.raises(Refused):
        actions.first_administrator("admin", "系统管理员", "123456", on=DAY)
    assert not Person.objects.exists() and count() == 0


# ---- people ----------------------------------------------------------------------------------------------------------


def test_add_person(office: Office) -> None:
    before = count()
    made = actions.add_person(" Chen.Yu ", " 陈雨 ", GOOD, actor=office.admin, on=DAY, phone="0391-0000000")
    kept = Person.objects.get(pk=made.pk)
    assert (kept.username, kept.name, kept.phone, kept.administrator) == ("chen.yu", "陈雨", "0391-0000000", False)
    assert kept.must_change_password and kept.check_password(GOOD)
    event = last(before)
    assert (event.verb, event.data) == ("add", {"username": "chen.yu", "name": "陈雨", "admin": False})


def test_a_password_is_nowhere_in_the_log(office: Office) -> None:
    actions.change_password(office.lin, "tongyi-banli-77", actor=office.admin, on=DAY)
    for event in Event.objects.all():
        assert "tongyi" not in event.payload and GOOD not in event.payload and "md5" not in event.payload


def test_without_a_password_nobody_signs_in(office: Office) -> None:
    assert not office.lin.has_usable_password() and not office.lin.check_password("")


WEAK = [
    pytest.param(""),
    pytest.param("short-1"),
    "1234567890123",
    "password123",
    "zhuxiaolan",
    "qwertyuiop",
]


@pytest.mark.parametrize("password", WEAK)
def test_weak_passwords_are_refused_in_chinese(office: Office, password: str) -> None:
    """等保 and common sense: ten signs, not digits only, none of the common ones, not one's own name."""
    before = everything()
    for act in (
        lambda: actions.add_person("zhuxiaolan", "陈雨", password, actor=office.admin, on=DAY),
        lambda: actions.change_password(Person(username="zhuxiaolan", pk=5), password, actor=office.admin, on=DAY),
    ):
        with pytest.raises(Refused) as error:
            act()
        for issue in error.value.issues:
            assert issue.rule == "people.password" and issue.field == "password"
            assert re.search(r"[\u4e00-\u9fff]{4}", issue.say) and not re.search(r"[A-Za-z]", issue.say), issue.say
    assert everything() == before


def test_every_issue_at_once(office: Office) -> None:
    """A form shows all that is wrong with it, not one after the other."""
    rules = refused(lambda o: actions.add_person(" ", "", "123", actor=o.admin, on=DAY), office)
    assert rules[:2] == ["people.username", "people.name"] and set(rules[2:]) == {"people.password"}


# ---- passwords -------------------------------------------------------------------------------------------------------


def test_ones_own_password(office: Office) -> None:
    before = count()
    actions.change_password(office.zhu, "tongyi-banli-77", actor=office.viewer(office.zhu), on=DAY)
    kept = Person.objects.get(pk=office.zhu.pk)
    assert kept.check_password("tongyi-banli-77") and not kept.must_change_password
    event = last(before)
    assert (event.verb, event.subject_id, event.person, event.data) == (
        "password",
        str(kept.pk),
        kept.pk,
        {},
    )


def test_anothers_password_has_to_be_changed_by_them(office: Office) -> None:
    actions.change_password(office.zhu, "tongyi-banli-77", actor=office.admin, on=DAY)
    assert Person.objects.get(pk=office.zhu.pk).must_change_password


# ---- posts -----------------------------------------------------------------------------------------------------------


def test_appoint_and_relieve(office: Office) -> None:
    before = count()
    post = actions.appoint(office.lin, office.bureau, "signer", actor=office.admin, on=DAY)
    assert (post.person, post.organisation_id, post.role, post.since, post.until) == (
        office.lin,
        office.bureau,
        "signer",
        DAY,
        None,
    )
    event = last(before)
    assert (event.verb, event.data) == ("appoint", {"organisation": office.bureau, "role": "signer"})
    actions.relieve(post, actor=office.admin, on=DAY)
    assert Post.objects.get(pk=post.pk).until == DAY
    event = last(before + 1)
    assert (event.verb, event.subject_id, event.data["role"]) == ("relieve", str(office.lin.pk), "signer")


def test_a_post_may_be_held_again(office: Office) -> None:
    """Relieved on a day, one holds the post through it; from the next day on one can be appointed anew."""
    actions.relieve(office.post, actor=office.admin, on=DAY)
    assert refused(lambda o: actions.appoint(o.zhu, o.bureau, "clerk", actor=o.admin, on=DAY), office) == [
        "people.holds"
    ]
    actions.appoint(office.zhu, office.bureau, "clerk", actor=office.admin, on=DAY + dt.timedelta(days=1))
    assert [h.role for h in viewer_of(office.zhu, DAY + dt.timedelta(days=1)).held] == [Role.CLERK]


# ---- acting for ------------------------------------------------------------------------------------------------------


def _act_for(actor: str, person: str = "lin", absent: str = "zhu", days: int = 3) -> Act:
    def act(o: Office) -> Acting:
        who = o.admin if actor == "admin" else o.viewer(getattr(o, actor))
        until = DAY + dt.timedelta(days=days)
        return actions.act_for(getattr(o, person), getattr(o, absent), DAY, until, actor=who, on=DAY)

    return act


@pytest.mark.parametrize("actor", ["admin", "zhu"])
def test_act_for(office: Office, actor: str) -> None:
    """The absent colleague arranges it, or the administrator."""
    before = count()
    made = _act_for(actor)(office)
    assert (made.person, made.absent, made.since, made.until) == (office.lin, office.zhu, DAY, dt.date(2024, 5, 9))
    event = last(before)
    assert (event.verb, event.subject_id) == ("act_for", str(office.lin.pk))
    assert event.data == {"absent": office.zhu.pk, "since": "2024-05-06", "until": "2024-05-09"}


def test_acting_for_one_day(office: Office) -> None:
    _act_for("zhu", days=0)(office)
    assert [len(viewer_of(office.lin, DAY + dt.timedelta(days=d)).held) for d in (-1, 0, 1)] == [0, 1, 0]


# ---- refusals --------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, Act, list[str]]] = [
    ("a", lambda o: actions.add_person("", "陈雨", GOOD, actor=o.admin, on=DAY), ["people.username"]),
    ("b", lambda o: actions.add_person(" ZHU ", "陈雨", GOOD, actor=o.admin, on=DAY), ["people.taken"]),
    ("c", lambda o: actions.add_person("chen", "\u3000 ", GOOD, actor=o.admin, on=DAY), ["people.name"]),
    ("d", lambda o: actions.add_person("chen", "陈雨", None, actor=o.viewer(o.zhu), on=DAY), ["people.change"]),
    ("e", lambda o: actions.change_password(o.lin, GOOD, actor=o.viewer(o.zhu), on=DAY), ["people.change"]),
    ("f", lambda o: actions.appoint(o.lin, o.bureau, "boss", actor=o.admin, on=DAY), ["people.role"]),
    ("g", lambda o: actions.appoint(o.lin, o.bureau, "经办", actor=o.admin, on=DAY), ["people.role"]),
    ("h", lambda o: actions.appoint(o.zhu, o.bureau, "clerk", actor=o.admin, on=DAY), ["people.holds"]),
    ("i", lambda o: actions.appoint(o.zhu, o.bureau, "signer", actor=o.viewer(o.zhu), on=DAY), ["people.change"]),
    ("j", lambda o: actions.relieve(o.post, actor=o.admin, on=dt.date(2019, 12, 31)), ["people.order"]),
    ("k", lambda o: actions.relieve(o.post, actor=o.viewer(o.zhu), on=DAY), ["people.change"]),
    ("l", _act_for("admin", "zhu", "zhu"), ["people.self"]),
    ("m", _act_for("zhu", days=-1), ["people.order"]),
    ("n", _act_for("lin"), ["people.change"]),
]


@pytest.mark.parametrize(("act", "rules"), [pytest.param(a, r, id=f"{n}-{r[0]}") for n, a, r in REFUSED])
def test_refusals(office: Office, act: Act, rules: list[str]) -> None:
    assert refused(act, office) == rules


ALSO_REFUSED: list[tuple[str, Act]] = [
    ("a post at nobody", lambda o: actions.appoint(o.lin, 10**6, "clerk", actor=o.admin, on=DAY)),
    ("a username of 61 letters", lambda o: actions.add_person("z" * 61, "陈雨", GOOD, actor=o.admin, on=DAY)),
    ("a name of 61 letters", lambda o: actions.add_person("chen", "雨" * 61, GOOD, actor=o.admin, on=DAY)),
    ("a phone of 41 signs", lambda o: actions.add_person("chen", "陈雨", GOOD, actor=o.admin, on=DAY, phone="1" * 41)),
    ("a post held from later on", lambda o: actions.appoint(o.zhu, o.bureau, "clerk", actor=o.admin, on=FOUNDED)),
]


@pytest.mark.parametrize("act", [pytest.param(a, id=n) for n, a in ALSO_REFUSED])
def test_what_should_be_refused(office: Office, act: Act) -> None:
    assert refused(act, office)


def test_no_posts_at_what_has_ended(office: Office) -> None:
    """Ended without heirs: the post would be held nowhere, and nobody would be told."""
    actions.end_organisation(office.bureau, into=[], actor=office.admin, on=dt.date(2023, 1, 1))
    assert refused(lambda o: actions.appoint(o.lin, o.bureau, "clerk", actor=o.admin, on=DAY), office)
