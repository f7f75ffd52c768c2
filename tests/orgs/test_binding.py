"""Names as documents print them, bound to the tree: a table typed by hand, with the printed words of real plans.

What fits one organisation is bound; what fits several, or none, is asked; words for many become their members.
"""

from __future__ import annotations

import pytest

from gongkai.orgs.binding import Binder, Binding
from gongkai.orgs.reads import tree_on
from tests.orgs.county import TODAY

pytestmark = pytest.mark.django_db
DEPARTMENTS = "zfb fgw jyj czj rsj wjw scj zsj zrj lyj swj"
TOWNS, STREETS = "bailu qingshi", "wanghe"

# body | printed | expected: a key; ?: asked (and the candidates); ~key: one, but to be looked at; key*: members of a
# group, *? where the group is vague. The third column is typed by hand.
TABLE = f"""
# the name itself, and aliases
county | 柳溪县财政局 | czj
county | 柳溪县人民政府办公室 | zfb
county | 国家税务总局柳溪县税务局 | swj
county | 县税务局 | swj
county | 县发展改革委 | fgw
county | 柳溪县人民政府 | county
county | 柳溪县 | county
county | 岚泉市教育局 | c-jyj
county | 苇塘县财政局 | o-czj
county | 柳溪县 财政局 | czj
county | 荷塘村 | hetang
# the level and the name; the place left out
county | 县财政局 | czj
county | 财政局 | czj
county | 柳溪财政局 | czj
county | 我县财政局 | czj
county | 县教育局 | jyj
county | 市教育局 | c-jyj
county | 市发展和改革委员会 | c-fgw
county | 县人力资源和社会保障局 | rsj
county | 市场监督管理局 | scj
county | 县融媒体中心 | rmt
county | 县档案馆 | dak
county | 自来水公司 | zls
zfb | 县财政局 | czj
bailu | 县财政局 | czj
bailu | 便民服务中心 | bl-bm
czj | 财政投资评审中心 | czj-ps
# towns and streets with and without their government
county | 白鹭镇 | bailu
county | 白鹭镇人民政府 | bailu
county | 青石乡 | qingshi
county | 青石乡人民政府 | qingshi
county | 望河街道 | wanghe
county | 望河街道办事处 | wanghe
county | 柳溪县白鹭镇 | bailu
# shortened
county | 县政府办 | zfb
county | 县政府办公室 | zfb
county | 县人民政府办公室 | zfb
county | 县人民政府办 | ~zfb
county | 县发改委 | ~fgw
county | 县人社局 | ~rsj
county | 县卫健委 | ~wjw
county | 县市场监管局 | ~scj
county | 县政务服务数据管理局 | ~zsj
county | 县政数局 | ~zsj
county | 发改委 | ~fgw
county | 人社局 | ~rsj
county | 县自资局 | ~zrj
# former names, followed to what became of them
county | 柳溪县教育体育局 | jyj
county | 县教育体育局 | jyj
county | 柳溪县工商行政管理局 | scj
county | 县质量技术监督局 | scj
county | 柳溪县国土资源局 | ? zrj lyj
county | 县国土资源局 | ? zrj lyj
county | 柳溪县扶贫开发办公室 | ?
county | 县扶贫开发办公室 | ?
# brackets
county | 县融媒体中心（县广播电视台） | rmt
county | 县融媒体中心(县广播电视台) | rmt
county | 县大数据局（县政务服务和数据管理局） | zsj
county | 县教育局（县委教育工委） | jyj
# sections: one name at several levels
zfb | 办公室 | zfb-bg
czj | 办公室 | czj-bg
county | 办公室 | ? zfb-bg fgw-bg czj-bg
czj | 预算股 | czj-ys
county | 预算股 | czj-ys
county | 政务公开股 | zfb-gk
zfb | 法规股 | fgw-fg
bailu | 党政办公室 | bl-dz
bailu | 党政办 | ~bl-dz
# words for many
czj | 各科室 | czj-bg czj-ys czj-gk *
czj | 各股室 | czj-bg czj-ys czj-gk *
czj | 各处室 | czj-bg czj-ys czj-gk *
czj | 各内设机构 | czj-bg czj-ys czj-gk *
czj | 各科室（中心） | czj-bg czj-ys czj-gk czj-ps czj-sf *
czj | 机关各科室（中心） | czj-bg czj-ys czj-gk czj-ps czj-sf *
czj | 属下单位 | czj-ps czj-sf *
czj | 各下属单位 | czj-ps czj-sf *
czj | 局属各单位 | czj-ps czj-sf *
czj | 各科室、下属单位 | czj-bg czj-ys czj-gk czj-ps czj-sf *
county | 各镇街 | {TOWNS} {STREETS} *
county | 各乡镇（街道） | {TOWNS} {STREETS} *
county | 各乡镇(街道) | {TOWNS} {STREETS} *
county | 各乡镇人民政府、街道办事处 | {TOWNS} {STREETS} *
county | 各镇人民政府（街道办事处） | {TOWNS} {STREETS} *
county | 各镇（街道） | {TOWNS} {STREETS} *
county | 各乡镇 | {TOWNS} *
county | 各街道 | {STREETS} *
county | 各村（社区） | hetang dongpo shiqiao hewan *
bailu | 各村（社区） | hetang dongpo *
bailu | 各村 | hetang dongpo *
wanghe | 各社区 | hewan *
county | 县直各部门 | {DEPARTMENTS} *
county | 各部门 | {DEPARTMENTS} *
county | 各单位 | {DEPARTMENTS} *
county | 县直各单位 | {DEPARTMENTS} *
county | 县级各部门 | {DEPARTMENTS} *
county | 县政府各部门 | {DEPARTMENTS} *
county | 各有关部门 | {DEPARTMENTS} *?
county | 各相关部门 | {DEPARTMENTS} *?
county | 有关单位 | {DEPARTMENTS} *?
county | 县直有关部门 | {DEPARTMENTS} *?
county | 县有关部门 | {DEPARTMENTS} *?
county | 各责任单位 | {DEPARTMENTS} *?
county | 政策起草部门 | {DEPARTMENTS} *?
city | 市直有关部门 | c-fgw c-jyj *?
city | 各县（市、区）人民政府 | county other *
city | 各县(市、区)人民政府 | county other *
city | 各县（市、区） | county other *
city | 各县人民政府 | county other *
county | 公共企事业单位 | zls *
# words for many that nobody here answers to
bailu | 各镇街 | ?
county | 各县（市、区）人民政府 | ?
czj | 县直各部门 | ?
# one's own government
county | 县政府 | county
city | 市政府 | city
county | 县人民政府 | county
bailu | 镇政府 | bailu
county | 白鹭镇政府 | bailu
county | 青石乡政府 | ~qingshi
county | 望河街道办 | wanghe
# shortened without its level, or from within a body below
county | 市场监管局 | ~scj
bailu | 县人社局 | ~rsj
zfb | 县卫健委 | ~wjw
# aliases of what has ended lead to its heirs
county | 县质监局 | scj
county | 县国土局 | ? zrj lyj
county | 县扶贫办 | ?
# unknown
county | 县气象局 | ?
county | 县委宣传部 | ?
county | 某某公司 | ?
county | 苇塘县教育局 | ?
county | （ | ?
county | — | ?
county | 。 | ?
""".strip()
ROWS = [tuple(c.strip() for c in line.split("|")) for line in TABLE.splitlines() if not line.startswith("#")]

"""What is bound otherwise than a person would, and why: each to be taken out here when it is mended."""


@pytest.fixture(scope="module")
def binders(county: dict[str, int]) -> dict[str, Binder]:
    """One binder for each body, with nothing answered."""
    tree = tree_on(TODAY)
    return {key: Binder(tree, county[key]) for key in ("city", "county", "zfb", "czj", "bailu", "wanghe")}


@pytest.fixture(scope="module")
def key_of(county: dict[str, int]) -> dict[int, str]:
    """Keys by id."""
    return {pk: key for key, pk in county.items()}


def told(binding: Binding, key_of: dict[int, str]) -> str:
    """A binding in the words of the table."""
    keys = [key_of[o] for o in binding.organisations]
    if binding.group and keys:
        return " ".join([*sorted(keys), "*" if binding.sure else "*?"])
    if not keys:
        assert not binding.sure
        return " ".join(["?", *(sorted(key_of[c] for c in binding.candidates))])
    return " ".join(keys) if binding.sure else " ".join(f"~{k}" for k in keys)


def canonical(expected: str) -> str:
    """The words of the table in the order that `told` gives them."""
    words = expected.split()
    if words[0] == "?":
        return " ".join(["?", *sorted(words[1:])])
    return " ".join([*sorted(words[:-1]), words[-1]]) if words[-1] in ("*", "*?") else expected


def test_the_table_is_long_enough() -> None:
    assert len(ROWS) >= 60 and len({r[:2] for r in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("body", "printed", "expected"),
    [
        pytest.param(
            *row,
            id=f"{row[0]}-{row[1]}",
        )
        for row in ROWS
    ],
)
def test_printed_names(
    binders: dict[str, Binder], key_of: dict[int, str], body: str, printed: str, expected: str
) -> None:
    """Each printed name in the document of a body means what a person there would say it means."""
    made = binders[body].bind(printed)
    assert told(made, key_of) == canonical(expected), made.say
    assert made.printed == printed
    assert made.sure or made.say  # what is not sure says why
