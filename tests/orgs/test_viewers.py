"""Somebody as they are on a day: posts, acting for colleagues, titles as the log keeps them, and what they oversee."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.orgs import actions
from gongkai.orgs.models import Acting, Person, Post, Role
from gongkai.orgs.reads import holders, in_office, set_up, tree_on, viewer_of
from gongkai.orgs.rules import Held, Viewer, may
from tests.orgs.county import TODAY

pytestmark = pytest.mark.django_db
FROM, UNTIL = dt.date(2026, 3, 2), dt.date(2026, 3, 13)
ONE = dt.timedelta(days=1)


@pytest.fixture
def zhu(db: None) -> Person:
    """Somebody without any post."""
    return Person.objects.create(username="zhu", name="祝晓岚")


@pytest.fixture
def lin(db: None) -> Person:
    """A colleague."""
    return Person.objects.create(username="lin", name="林致远")


def post(person: Person, organisation: int, role: str, since: dt.date = FROM, until: dt.date | None = None) -> Post:
    """A post, from and until."""
    return Post.objects.create(person=person, organisation_id=organisation, role=role, since=since, until=until)


@pytest.mark.parametrize(
    ("day", "held"),
    [(FROM - ONE, False), (FROM, True), (FROM + ONE, True), (UNTIL - ONE, True), (UNTIL, True), (UNTIL + ONE, False)],
)
def test_a_post_is_held_from_its_first_to_its_last_day(
    county: dict[str, int], zhu: Person, day: dt.date, held: bool
) -> None:
    """离任日期 is the last day in office."""
    post(zhu, county["czj"], "clerk", until=UNTIL)
    assert viewer_of(zhu, day).held == ((Held(county["czj"], Role.CLERK),) if held else ())
    assert holders({county["czj"]}, day).exists() is held
    assert Post.objects.filter(in_office(day)).exists() is held


def test_a_post_without_an_end_goes_on(county: dict[str, int], zhu: Person) -> None:
    post(zhu, county["czj"], "clerk")
    assert viewer_of(zhu, dt.date(2099, 1, 1)).held and holders(frozenset({county["jyj"]}), TODAY).count() == 0


@pytest.mark.parametrize(("day", "acts"), [(FROM - ONE, False), (FROM, True), (UNTIL, True), (UNTIL + ONE, False)])
def test_acting_from_the_first_to_the_last_day(
    county: dict[str, int], zhu: Person, lin: Person, day: dt.date, acts: bool
) -> None:
    """代 holds on both days; one has then what the colleague has, and the title says for whom."""
    post(zhu, county["czj"], "signer", since=dt.date(2020, 1, 1))
    Acting.objects.create(person=lin, absent=zhu, since=FROM, until=UNTIL)
    viewer = viewer_of(lin, day)
    assert viewer.held == ((Held(county["czj"], Role.SIGNER, "祝晓岚"),) if acts else ())
    assert viewer.title == ("柳溪县财政局 签发（代祝晓岚）" if acts else "")
    assert viewer_of(zhu, day).title == "柳溪县财政局 签发"


def test_ones_own_post_stands_first(county: dict[str, int], zhu: Person, lin: Person) -> None:
    post(zhu, county["czj"], "signer")
    post(lin, county["czj-ys"], "clerk", since=dt.date(2020, 1, 1))
    Acting.objects.create(person=lin, absent=zhu, since=FROM, until=UNTIL)
    viewer = viewer_of(lin, FROM)
    assert viewer.title == "预算股 经办；柳溪县财政局 签发（代祝晓岚）"
    assert [viewer.post_title(h) for h in viewer.held] == ["预算股 经办", "柳溪县财政局 签发（代祝晓岚）"]
    assert viewer.organisations == {county["czj"], county["czj-ys"]}


def test_acting_is_not_passed_on(county: dict[str, int], zhu: Person, lin: Person) -> None:
    """Who acts for somebody who acts for a third has not the third's posts."""
    third = Person.objects.create(username="wu", name="吴三")
    post(third, county["jyj"], "signer")
    Acting.objects.create(person=zhu, absent=third, since=FROM, until=UNTIL)
    Acting.objects.create(person=lin, absent=zhu, since=FROM, until=UNTIL)
    assert viewer_of(lin, FROM).held == ()


def test_an_administrators_power_is_not_lent(county: dict[str, int], lin: Person) -> None:
    boss = Person.objects.create(username="boss", name="管理员", administrator=True)
    Acting.objects.create(person=lin, absent=boss, since=FROM, until=UNTIL)
    assert not viewer_of(lin, FROM).administrator and not may(viewer_of(lin, FROM), "orgs.change")
    assert may(viewer_of(boss, FROM), "orgs.change") and viewer_of(boss, FROM).title == "系统管理员"


def test_who_is_inactive_holds_nothing(county: dict[str, int], zhu: Person, lin: Person) -> None:
    """An account put out of use: no post, no acting, no administrator's power."""
    post(zhu, county["czj"], "authority")
    post(lin, county["czj"], "signer")
    Acting.objects.create(person=zhu, absent=lin, since=FROM, until=UNTIL)
    zhu.administrator, zhu.is_active = True, False
    viewer = viewer_of(zhu, FROM)
    assert (viewer.held, viewer.administrator, viewer.title) == ((), False, "")
    assert not viewer.organisations and not viewer.bodies and not viewer.owning and not viewer.governed
    assert not may(viewer, "orgs.read") and not may(viewer, "people.change")


@pytest.mark.parametrize(
    ("key", "day", "now"),
    [
        ("gsj", dt.date(2019, 6, 1), "gsj"),
        ("gsj", dt.date(2019, 6, 2), "scj"),
        ("gtj", TODAY, "zrj lyj"),
        ("fpb", dt.date(2021, 5, 1), ""),
        ("czj", TODAY, "czj"),
    ],
)
def test_posts_follow_what_became_of_the_body(
    county: dict[str, int], zhu: Person, key: str, day: dt.date, now: str
) -> None:
    """After a merger its people work in the new body, until somebody appoints them otherwise."""
    post(zhu, county[key], "clerk", since=dt.date(2019, 1, 1))
    assert [h.organisation for h in viewer_of(zhu, day).held] == [county[k] for k in now.split()]


def test_after_a_merger_a_post_is_one(county: dict[str, int], zhu: Person) -> None:
    """Clerk in both of two bureaus that were merged: clerk of the one that they are now."""
    for key in ("gsj", "zjj"):
        post(zhu, county[key], "clerk", since=dt.date(2019, 1, 1))
    assert viewer_of(zhu, TODAY).organisations == {county["scj"]}
    assert len(viewer_of(zhu, TODAY).held) == 1


@pytest.mark.parametrize(
    ("key", "role", "bodies", "owning", "governed"),
    [
        ("czj", "clerk", "czj county city", "czj czj-bg czj-ys czj-gk czj-ps czj-sf", ""),
        ("czj-ys", "clerk", "czj-ys czj county city", "czj-ys czj", ""),
        ("hetang", "clerk", "hetang bailu county city", "hetang bailu", ""),
        (
            "bailu",
            "authority",
            "bailu county city",
            "bailu bl-dz bl-bm hetang dongpo",
            "bailu bl-dz bl-bm hetang dongpo",
        ),
        ("scj", "clerk", "scj gsj zjj county city", "scj gsj zjj", ""),
        ("rmt", "clerk", "rmt county city", "rmt county", ""),
    ],
)
def test_what_a_post_covers(
    county: dict[str, int], zhu: Person, key: str, role: str, bodies: str, owning: str, governed: str
) -> None:
    """Bodies: up to the root. Owning: what is below, and up to one's own body. Governed: as 主管部门 only."""
    post(zhu, county[key], role)
    viewer = viewer_of(zhu, TODAY)
    assert viewer.bodies == {county[k] for k in bodies.split()}
    assert viewer.owning == {county[k] for k in owning.split()}
    assert viewer.governed == {county[k] for k in governed.split()}


def test_the_first_post_gives_the_title(county: dict[str, int], zhu: Person) -> None:
    """主管部门 comes after the other posts: what somebody does every day names them."""
    post(zhu, county["county"], "authority", since=dt.date(2025, 1, 1))
    post(zhu, county["zfb-gk"], "clerk", since=dt.date(2024, 1, 1))
    assert viewer_of(zhu, TODAY).title == "政务公开股 经办"


def test_the_name_in_a_title_is_of_the_day(county: dict[str, int], zhu: Person) -> None:
    post(zhu, county["jyj"], "clerk", since=dt.date(2019, 1, 1))
    assert viewer_of(zhu, dt.date(2022, 3, 31)).title == "柳溪县教育体育局 经办"
    assert viewer_of(zhu, dt.date(2022, 4, 1)).title == "柳溪县教育局 经办"


def test_what_an_acting_colleague_does_is_logged_as_such(county: dict[str, int], zhu: Person, lin: Person) -> None:
    """The log keeps name and post as they were: 代."""
    post(zhu, county["czj"], "signer")
    Acting.objects.create(person=lin, absent=zhu, since=FROM, until=UNTIL)
    viewer: Viewer = viewer_of(lin, FROM)
    actions.change_password(lin, "tongyi-banli-77", actor=viewer, on=FROM)
    from gongkai.base.models import Event

    event = Event.objects.order_by("-seq")[0]
    assert (event.name, event.post) == ("林致远", "柳溪县财政局 签发（代祝晓岚）")


def test_set_up(db: None) -> None:
    """Somebody who can sign in, or nobody yet."""
    Person.objects.all().delete()
    assert not set_up()
    person = Person.objects.create(username="zhu", name="祝晓岚", is_active=False)
    assert not set_up()
    person.is_active = True
    person.save()
    assert set_up()


def test_before_anybody_was_founded(zhu: Person) -> None:
    assert viewer_of(zhu, dt.date(2001, 1, 1)).held == () and not list(tree_on(dt.date(2001, 1, 1)).live())
