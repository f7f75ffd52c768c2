"""The tree as it was on a day: names and places of that day, what is below and above, what became of what ended."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.orgs.reads import tree_on
from gongkai.orgs.tree import BODIES as OWING
from gongkai.orgs.tree import Tree
from tests.orgs.county import FOUNDED, TODAY

pytestmark = pytest.mark.django_db
BEFORE = dt.date(2018, 12, 31)


@pytest.fixture(scope="module")
def key_of(county: dict[str, int]) -> dict[int, str]:
    """Keys by id."""
    return {pk: key for key, pk in county.items()}


@pytest.mark.parametrize(
    ("key", "day", "name"),
    [
        ("jyj", FOUNDED, "柳溪县教育体育局"),
        ("jyj", dt.date(2022, 3, 31), "柳溪县教育体育局"),
        ("jyj", dt.date(2022, 4, 1), "柳溪县教育局"),
        ("jyj", TODAY, "柳溪县教育局"),
        ("scj", dt.date(2019, 5, 31), "柳溪县市场监督管理局"),
        ("gsj", TODAY, "柳溪县工商行政管理局"),
    ],
)
def test_the_name_of_the_day(county: dict[str, int], key: str, day: dt.date, name: str) -> None:
    """A new name holds from its day on; what has ended, or is still to come, is called what it was or will be."""
    assert tree_on(day)[county[key]].name == name
    assert str(tree_on(day)[county[key]]) == name


@pytest.mark.parametrize(
    ("key", "day", "stands"),
    [
        ("city", BEFORE, False),
        ("city", FOUNDED, True),
        ("gsj", dt.date(2019, 6, 1), True),
        ("gsj", dt.date(2019, 6, 2), False),
        ("scj", dt.date(2019, 5, 31), False),
        ("scj", dt.date(2019, 6, 1), True),
        ("gtj", dt.date(2020, 3, 1), True),
        ("gtj", dt.date(2020, 3, 2), False),
        ("fpb", dt.date(2021, 4, 30), True),
        ("fpb", dt.date(2021, 5, 1), False),
    ],
)
def test_what_stands_on_a_day(county: dict[str, int], key: str, day: dt.date, stands: bool) -> None:
    """A body stands from its first day until the day before its end."""
    tree, pk = tree_on(day), county[key]
    assert tree[pk].gone is not stands
    assert (pk in [n.id for n in tree.live()]) is stands
    assert (pk in tree.subtree(county["city"])) is (stands or key == "city")


def test_before_the_first_day_there_is_nobody(county: dict[str, int]) -> None:
    tree = tree_on(BEFORE)
    assert not list(tree.live()) and tree.roots() == []


def test_names_of_former_years(county: dict[str, int]) -> None:
    tree = tree_on(TODAY)
    assert tree.names[county["jyj"]] == ["柳溪县教育体育局", "柳溪县教育局"]
    assert tree.aliases[county["fgw"]] == ["县发展改革委"]


@pytest.mark.parametrize(
    ("day", "parent"),
    [(FOUNDED, "zfb"), (dt.date(2023, 6, 30), "zfb"), (dt.date(2023, 7, 1), "county"), (TODAY, "county")],
)
def test_the_place_of_the_day(county: dict[str, int], day: dt.date, parent: str) -> None:
    tree = tree_on(day)
    assert tree[county["dak"]].parent == county[parent]
    assert (county["dak"] in tree[county["zfb"]].children) is (parent == "zfb")
    assert (county["dak"] in tree.subtree(county["zfb"])) is (parent == "zfb")


@pytest.mark.parametrize(
    ("key", "below"),
    [
        ("czj", "czj czj-bg czj-ys czj-gk czj-ps czj-sf"),
        ("bailu", "bailu bl-dz bl-bm hetang dongpo"),
        ("hetang", "hetang"),
        ("fpb", "fpb"),
        ("other", "other o-czj o-yss"),
    ],
)
def test_what_is_below(county: dict[str, int], key_of: dict[int, str], key: str, below: str) -> None:
    assert {key_of[pk] for pk in tree_on(TODAY).subtree(county[key])} == set(below.split())


@pytest.mark.parametrize(
    ("key", "above", "body"),
    [
        ("czj-ys", "czj-ys czj county city", "czj"),
        ("czj-ps", "czj-ps czj county city", "czj"),
        ("hetang", "hetang bailu county city", "bailu"),
        ("hewan", "hewan wanghe county city", "wanghe"),
        ("rmt", "rmt county city", "county"),
        ("swj", "swj county city", "swj"),
        ("county", "county city", "county"),
        ("city", "city", "city"),
        ("fpb", "fpb", "fpb"),
    ],
)
def test_what_is_above(county: dict[str, int], key_of: dict[int, str], key: str, above: str, body: str) -> None:
    """From the organisation up to the root; sections, units and villages owe openness through the body above."""
    tree = tree_on(TODAY)
    assert [key_of[pk] for pk in tree.above(county[key])] == above.split()
    assert key_of[tree.body_of(county[key]).id] == body


def test_an_unknown_number_is_nobody(county: dict[str, int]) -> None:
    tree = tree_on(TODAY)
    assert 10**9 not in tree and tree.above(10**9) == [] and tree.standing(10**9) == []


def test_which_kinds_owe_openness() -> None:
    """条例 第二条、第五十四条及附则: 行政机关 do; their sections and villages do not in their own name."""
    assert {k.value for k in OWING} == {"city", "county", "department", "vertical", "township", "street"}


@pytest.mark.parametrize(
    ("key", "path", "short"),
    [
        ("czj-ys", "岚泉市 · 柳溪县 · 柳溪县财政局 · 预算股", "预算股"),
        ("czj", "岚泉市 · 柳溪县 · 柳溪县财政局", "县财政局"),
        ("czj-ps", "岚泉市 · 柳溪县 · 柳溪县财政局 · 柳溪县财政投资评审中心", "县财政投资评审中心"),
        ("c-fgw", "岚泉市 · 岚泉市发展和改革委员会", "市发展和改革委员会"),
        ("swj", "岚泉市 · 柳溪县 · 国家税务总局柳溪县税务局", "国家税务总局柳溪县税务局"),
        ("county", "岚泉市 · 柳溪县", "柳溪县"),
        ("city", "岚泉市", "岚泉市"),
        ("fpb", "柳溪县扶贫开发办公室", "柳溪县扶贫开发办公室"),
    ],
)
def test_path_and_short_name(county: dict[str, int], key: str, path: str, short: str) -> None:
    assert tree_on(TODAY).path(county[key]) == path
    assert tree_on(TODAY).short(county[key]) == short


@pytest.mark.parametrize(
    ("key", "heirs"),
    [("czj", "czj"), ("gsj", "scj"), ("zjj", "scj"), ("gtj", "zrj lyj"), ("fpb", ""), ("jyj", "jyj")],
)
def test_what_became_of_it(county: dict[str, int], key_of: dict[int, str], key: str, heirs: str) -> None:
    """While it stands, itself; after a merger or a split those that took over; after an end without heirs nobody."""
    assert [key_of[pk] for pk in tree_on(TODAY).standing(county[key])] == heirs.split()
    assert [key_of[pk] for pk in tree_on(dt.date(2019, 3, 1)).standing(county[key])] == [key]


@pytest.mark.parametrize(
    ("keys", "line"),
    [("scj", "scj gsj zjj"), ("zrj", "zrj gtj"), ("scj lyj czj", "scj gsj zjj lyj gtj czj"), ("gsj", "gsj"), ("", "")],
)
def test_what_went_into_it(county: dict[str, int], key_of: dict[int, str], keys: str, line: str) -> None:
    """What was still to be done by those that went into an organisation is to be done by it."""
    made = tree_on(TODAY).line([county[k] for k in keys.split()])
    assert {key_of[pk] for pk in made} == set(line.split())
    assert tree_on(dt.date(2019, 6, 1)).line([county["scj"]]) == {county["scj"]}


def test_order_is_that_of_entry(county: dict[str, int]) -> None:
    """Pages list bodies in the order in which they were entered, which is the order of the seals."""
    tree = tree_on(TODAY)
    assert [tree[c].name for c in tree[county["czj"]].children] == [
        "办公室",
        "预算股",
        "国库股",
        "柳溪县财政投资评审中心",
        "柳溪县非税收入中心",
    ]


def test_three_queries_and_then_none(county: dict[str, int], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        tree = Tree(TODAY)
    with django_assert_num_queries(0):  # type: ignore[operator]
        for node in tree.nodes.values():
            tree.path(node.id), tree.short(node.id), tree.subtree(node.id), tree.body_of(node.id)
