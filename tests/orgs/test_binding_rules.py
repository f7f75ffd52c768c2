"""Rules of binding beside the table: cells, remembered answers, the nearest of a name, days, and any text at all."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gongkai.orgs import actions
from gongkai.orgs.binding import Binder, plain, terms
from gongkai.orgs.reads import tree_on
from tests.orgs.county import BODIES, TODAY, administrator

pytestmark = pytest.mark.django_db
PLAIN = settings(
    deadline=None, max_examples=400, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def undo(db: None) -> Iterator[None]:
    """Answers given in a test are forgotten after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def binder(county: dict[str, int], body: str = "county", day: dt.date = TODAY) -> Binder:
    """A fresh binder of a body, on a day."""
    return Binder(tree_on(day), county[body])


def ids(county: dict[str, int], keys: str) -> tuple[int, ...]:
    """Ids of keys."""
    return tuple(county[k] for k in keys.split())


# ---- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "answered", "asked", "expected"),
    [
        ("公共资源交易中心", "zsj", "公共资源交易中心", "zsj"),
        ("宣传 (口)", "rmt zfb", "宣传（口）", "zfb rmt"),
        ("宣传（口）", "rmt zfb", " 宣传 (口)", "zfb rmt"),
        # A person's word is above the machine's, also where it is another.
        ("县财政局", "fgw", "县财政局", "fgw"),
        ("各镇街", "bailu wanghe", "各镇街", "bailu wanghe"),
        # It says what was meant then: of what has ended since, the heirs.
        ("县质监部门", "zjj", "县质监部门", "scj"),
        ("县国土部门", "gtj", "县国土部门", "zrj lyj"),
        ("县质监及工商部门", "gsj zjj", "县质监及工商部门", "scj"),
    ],
)
def test_an_answer_is_asked_for_once(
    county: dict[str, int], undo: None, printed: str, answered: str, asked: str, expected: str
) -> None:
    actions.remember_answer(county["county"], printed, ids(county, answered), actor=administrator(), on=TODAY)
    made = binder(county).bind(asked)
    assert set(made.organisations) == set(ids(county, expected))
    assert (made.how, made.sure, made.group) == ("answered", True, len(expected.split()) > 1)


def test_an_answer_may_be_given_anew(county: dict[str, int], undo: None) -> None:
    for answer in ("zsj", "czj"):
        actions.remember_answer(county["county"], "交易中心", ids(county, answer), actor=administrator(), on=TODAY)
    assert binder(county).bind("交易中心").organisations == ids(county, "czj")


def test_an_answer_holds_below_and_not_beside(county: dict[str, int], undo: None) -> None:
    """What the county said holds in its bodies, until they say otherwise; it says nothing to a neighbour."""
    admin = administrator()
    actions.remember_answer(county["county"], "统筹办", ids(county, "fgw"), actor=admin, on=TODAY)
    assert binder(county, "zfb").bind("统筹办").organisations == ids(county, "fgw")
    assert binder(county, "other").bind("统筹办").organisations == ()
    assert binder(county, "city").bind("统筹办").organisations == ()
    actions.remember_answer(county["zfb"], "统筹办", ids(county, "zfb-zh"), actor=admin, on=TODAY)
    assert binder(county, "zfb").bind("统筹办").organisations == ids(county, "zfb-zh")
    assert binder(county).bind("统筹办").organisations == ids(county, "fgw")


@pytest.mark.parametrize("first", ["city", "county"])
@pytest.mark.parametrize(
    "body",
    [
        "county",
        "zfb",
    ],
)
def test_the_nearest_answer_holds(county: dict[str, int], undo: None, body: str, first: str) -> None:
    """City and county answered differently: in the county's bodies the county's answer holds, in whatever order."""
    said = {"city": "c-fgw", "county": "zsj"}
    for at in (first, *(k for k in said if k != first)):
        actions.remember_answer(county[at], "数据办", ids(county, said[at]), actor=administrator(), on=TODAY)
    assert binder(county, body).bind("数据办").organisations == ids(county, "zsj")


def test_an_answer_that_leads_nowhere_is_asked_again(county: dict[str, int], undo: None) -> None:
    actions.remember_answer(county["county"], "县扶贫部门", ids(county, "fpb"), actor=administrator(), on=TODAY)
    made = binder(county).bind("县扶贫部门")
    assert (made.organisations, made.sure, made.how) == ((), False, "asked") and made.say


# ---- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "cell", "expected"),
    [
        ("czj", ["预算股", "其他股室"], ["czj-ys", "czj-bg czj-gk"]),
        ("czj", ["其他股室", "预算股", "国库股"], ["czj-bg", "czj-ys", "czj-gk"]),
        ("czj", ["预算股", "各股室"], ["czj-ys", "czj-bg czj-ys czj-gk"]),
        ("czj", ["财政投资评审中心", "其他下属单位"], ["czj-ps", "czj-sf"]),
        ("county", ["白鹭镇", "其他乡镇（街道）"], ["bailu", "qingshi wanghe"]),
        ("county", ["各镇街", "县财政局"], ["bailu qingshi wanghe", "czj"]),
        ("bailu", ["荷塘村", "其他村（社区）"], ["hetang", "dongpo"]),
        ("czj", [], []),
    ],
)
def test_the_rest_leaves_out_whom_the_cell_names(
    county: dict[str, int], body: str, cell: list[str], expected: list[str]
) -> None:
    """其他股室 are those beside the ones named, wherever in the cell; 各股室 are all of them."""
    made = binder(county, body).bind_cell(cell)
    assert [set(b.organisations) for b in made] == [set(ids(county, e)) for e in expected]
    assert [b.printed for b in made] == cell


def test_a_rest_of_nobody_is_asked(county: dict[str, int]) -> None:
    made = binder(county, "czj").bind_cell(["办公室", "预算股", "国库股", "其他股室"])
    assert (made[3].organisations, made[3].sure) == ((), False) and "请选" in made[3].say


# ---- the same name, other days ---------------------------------------------------------------------------------------


def test_the_nearest_of_a_name(county: dict[str, int]) -> None:
    """预算股 is in two counties: each body means its own, the city has to be asked."""
    assert binder(county, "county").bind("预算股").organisations == ids(county, "czj-ys")
    assert binder(county, "o-czj").bind("预算股").organisations == ids(county, "o-yss")
    made = binder(county, "city").bind("预算股")
    assert not made.sure and set(made.candidates) == set(ids(county, "czj-ys o-yss")) and "2个同名" in made.say


@pytest.mark.parametrize(
    ("day", "printed", "expected", "how"),
    [
        (dt.date(2022, 3, 31), "柳溪县教育体育局", "jyj", "exact"),
        (dt.date(2022, 4, 1), "柳溪县教育体育局", "jyj", "former"),
        (dt.date(2019, 6, 1), "柳溪县工商行政管理局", "gsj", "exact"),
        (dt.date(2019, 6, 2), "柳溪县工商行政管理局", "scj", "former"),
        (dt.date(2019, 6, 1), "县质监局", "zjj", "alias"),
        (dt.date(2021, 4, 30), "县扶贫办", "fpb", "alias"),
        (dt.date(2020, 3, 1), "县国土资源局", "gtj", "qualified"),
    ],
)
def test_a_document_means_the_tree_of_its_day(
    county: dict[str, int], day: dt.date, printed: str, expected: str, how: str
) -> None:
    made = binder(county, "county", day).bind(printed)
    assert (made.organisations, made.how, made.sure) == (ids(county, expected), how, True)


def test_groups_are_those_of_the_day(county: dict[str, int]) -> None:
    then = binder(county, "county", dt.date(2019, 1, 1)).bind("县直各部门")
    assert set(then.organisations) == set(ids(county, "zfb fgw jyj czj rsj wjw gsj zjj zsj gtj fpb swj"))


def test_what_was_found_is_said(county: dict[str, int]) -> None:
    """Whoever looks at a binding reads in Chinese why it is so, and chooses among what fits."""
    bind = binder(county).bind
    assert bind("县教育体育局").say == "“县教育体育局”现为柳溪县教育局"
    assert "已拆分" in bind("县国土资源局").say and "已撤销" in bind("柳溪县扶贫开发办公室").say
    assert bind("县发改委").candidates == ids(county, "fgw")
    assert "展开为3个单位" in bind("各镇街").say and "没有点名" in bind("各有关部门").say
    assert bind("  ").say == "没有写单位" and not bind("").sure


# ---- any text --------------------------------------------------------------------------------------------------------

_NAMES = [line.split()[3] for line in BODIES.splitlines()]
_WORDS = re.findall(
    r"\S+",
    "各 有关 相关 其他 县 市 区 镇 乡 街道 村 社区 县直 市直 部门 单位 科室 股室 （ ） ( ) 、 ， 和 及 中心 办公室 人民政府 政府 "
    "办事处 局 委 办 我县 本级 柳溪 白鹭 属下 直属 企业 起草 责任 全体 机关 国家税务总局 管理 - \u202e \x00",
)
NAMES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=sorted(set("".join(_NAMES + _WORDS))), max_size=12),
    st.lists(st.sampled_from(_NAMES + _WORDS), max_size=6).map("".join),
    st.sampled_from(_NAMES).flatmap(lambda n: st.integers(0, len(n)).map(lambda at: n[:at] + n[at + 1 :])),
    st.sampled_from(_NAMES).flatmap(
        lambda n: st.lists(st.sampled_from(sorted(set(range(len(n))))), unique=True).map(
            lambda kept: "".join(n[i] for i in sorted(kept))
        )
    ),
)


@pytest.fixture(scope="module")
def every(county: dict[str, int]) -> list[Binder]:
    """A binder of every body that follows plans."""
    return [binder(county, key) for key in ("city", "county", "zfb", "czj", "bailu", "wanghe", "hetang", "fpb")]


@PLAIN
@given(name=NAMES, which=st.integers(0, 7))
@example(name="柳溪县工商行政管理局", which=1)
@example(name="（（（", which=1)
def test_any_text_is_bound_or_asked(every: list[Binder], name: str, which: int) -> None:
    """Never an error, never an organisation that has ended, nothing sure that is empty, the same twice."""
    made = every[which].bind(name)
    tree = every[which].tree
    for pk in (*made.organisations, *made.candidates):
        assert not tree[pk].gone, tree[pk].name
    assert len(set(made.organisations)) == len(made.organisations)
    assert made.organisations or not made.sure
    assert made.group or len(made.organisations) <= 1
    assert made.sure or made.say
    assert made == every[which].bind(name)


@PLAIN
@given(cell=st.lists(NAMES, max_size=5), which=st.integers(0, 7))
def test_any_cell_is_bound_or_asked(every: list[Binder], cell: list[str], which: int) -> None:
    made = every[which].bind_cell(cell)
    assert [b.printed for b in made] == cell
    assert not any(every[which].tree[pk].gone for b in made for pk in (*b.organisations, *b.candidates))


@PLAIN
@given(key=st.sampled_from([line.split()[0] for line in BODIES.splitlines()]))
def test_every_standing_name_is_its_own(every: list[Binder], county: dict[str, int], key: str) -> None:
    """Whatever stands is found by its full name, or asked about where several bear it; never taken for another."""
    node = every[1].tree[county[key]]
    made = every[1].bind(node.name)
    if not node.gone:
        assert {every[1].tree[pk].name for pk in (*made.organisations, *made.candidates)} == {node.name}


@PLAIN
@given(text=st.text())
def test_plain_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text) and "(" not in plain(text)


@pytest.mark.parametrize("word", [pytest.param("各有关"), pytest.param("县市区"), "有关", "村", "（", "各部门、"])
def test_a_long_cell_does_not_hang(word: str) -> None:
    """A plan comes from outside: a cell that repeats a word forty times is read as quickly as another."""
    program = f"import re\nfor t in {[t.match.pattern for t in terms()]!r}: re.search(t, {word * 40 + '甲'!r})"
    try:
        subprocess.run([sys.executable, "-c", program], timeout=1.5, check=True)
    except subprocess.TimeoutExpired:
        pytest.fail("it hangs")
