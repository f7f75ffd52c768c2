"""What every engine behind the port owes. The truth of finding is whether the words stand in the text."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from gongkai.search.port import Engine, Query
from tests.search import ids, paper

LONGER = [
    "最低生活保障",
    "中国人民银行",
    "行政规范性文件",
    "住房公积金",
    "耕地地力保护补贴",
    "烟花爆竹",
    "义务教育阶段",
    "残疾人联合会",
    "政府信息公开",
    "特困人员",
    "临时救助",
    "不动产登记",
    "乡村建设规划许可证",
    "农村集体资产",
    "生活饮用水",
    "重大行政决策",
    "国有企业",
    "城乡居民养老保险",
    "秸秆",
    "鳜鱼",
    "麒麟",
    "欧阳修",
    "清溪河",
    "谷雨乡",
    "惊蛰镇",
    "收入",
    "人才",
    "的士",
    "了结",
    "能源",
    "个体工商户",
    "有限责任公司",
    "门诊慢特病",
    "校车",
    "长者食堂",
]


def test_every_two_characters_inside_longer_words_are_found(engine: Engine) -> None:
    """Recall 1.0 against containment, over 400 generated documents and every pair of characters of the words."""
    chance = random.Random(20190515)
    texts = {}
    for pk in range(1, 401):
        chosen = chance.sample(LONGER, 6)
        joined = "".join(w + chance.choice(["", "，", "。", " ", "《", "和", "2024年"]) for w in chosen[2:])
        texts[pk] = ("".join(chosen[:2]), joined)
    engine.write(paper(pk, title, text) for pk, (title, text) in texts.items())
    pairs = sorted({word[i : i + 2] for word in LONGER for i in range(len(word) - 1)})
    assert len(pairs) > 90
    for pair in pairs:
        wanted = {pk for pk, (title, text) in texts.items() if pair in title or pair in text}
        assert wanted <= set(ids(engine, pair, facets=False)), pair
        assert set(ids(engine, f"“{pair}”", facets=False)) == wanted, pair
    for word in LONGER:
        wanted = {pk for pk, (title, text) in texts.items() if word in title or word in text}
        assert wanted <= set(ids(engine, word, facets=False)), word


@pytest.mark.parametrize(
    "asked",
    [
        "石政办〔2024〕31号",
        "石政办[2024]31号",
        "石政办（2024）31号",
        "石政办(2024)第31号",
        "石政办【2024】031号",
        "石政办〔２０２４〕３１号",
        " 石政办 〔 2024 〕 31 号 ",
        "〔2024〕31号",
        "2024年31号",
        "31号 2024",
    ],
)
def test_a_number_in_any_brackets_comes_first(engine: Engine, asked: str) -> None:
    engine.write(
        [
            paper(
                1, "有关事项的通知", document_number="石政办〔2024〕31号", year=2024, standing=False, validity="废止"
            ),
            paper(2, "关于执行石政办〔2024〕31号文件的通知", "按照石政办〔2024〕31号文件执行。石政办〔2024〕31号"),
            paper(3, "另一个通知", document_number="石政办〔2023〕31号", year=2023),
            paper(4, "第三个通知", document_number="石政办〔2024〕131号", year=2024),
            paper(5, "第四个通知", document_number="石政办〔2024〕3号", year=2024),
        ]
    )
    found = ids(engine, asked)
    assert found[0] == 1
    assert not {3, 4, 5} & set(found)


def test_a_number_that_is_cited_is_found_behind_its_bearer(engine: Engine) -> None:
    engine.write(
        [
            paper(1, "甲", "根据石政办〔2024〕31号文件"),
            paper(2, "乙", document_number="石政办〔2024〕31号"),
            paper(3, "丙", index_number="LA0001/2024-00031"),
        ]
    )
    assert ids(engine, "石政办〔2024〕31号") == [2, 1]
    assert ids(engine, "LA0001/2024-00031") == [3]


def test_a_title_comes_first_though_others_say_it_more(engine: Engine) -> None:
    title = "石桥县高龄津贴发放管理办法"
    engine.write(
        [
            paper(1, f"《{title}》解读", f"{title}。" * 30),
            paper(2, title, "第一条", standing=False, validity="废止"),
            paper(3, f"关于印发《{title}》的通知", "第一条"),
            paper(4, "高龄津贴多少钱", f"见《{title}》。"),
        ]
    )
    for asked in (title, f"《{title}》", f" {title} ", title.replace("高龄", "高龄 ")):
        assert ids(engine, asked)[0] == 2, asked
    assert ids(engine, f"关于印发《{title}》的通知")[0] == 3


def test_what_people_say_finds_what_documents_say(engine: Engine, tmp_path: Path) -> None:
    """Synonyms come with the program; a site adds its own, and they count from the next question on."""
    engine.write([paper(1, "最低生活保障审核确认办法"), paper(2, "不动产登记须知"), paper(3, "云岭茶海景区公告")])
    assert ids(engine, "低保") == [1]
    assert ids(engine, "吃低保找谁") == [1]
    assert ids(engine, "房产证怎么办") == [2]
    assert ids(engine, "茶山公园") == []
    (tmp_path / "synonyms.toml").write_text('groups = [["茶山公园", "云岭茶海"]]\n', "utf-8")
    assert ids(engine, "茶山公园") == [3]
    (tmp_path / "synonyms.toml").write_text("groups = [[", "utf-8")
    assert ids(engine, "低保") == [1]


def test_quoted_words_stand_together(engine: Engine) -> None:
    engine.write([paper(1, "甲", "公共租赁住房的租金标准"), paper(2, "乙", "租金的标准"), paper(3, "丙", "标准租金")])
    assert set(ids(engine, "租金 标准")) == {1, 2, 3}
    for quotes in ("“租金标准”", '"租金标准"', "「租金标准」", "《租金标准》"):
        assert ids(engine, quotes) == [1]
    assert ids(engine, "“租金标准” 公园") == []


def test_no_phrase_goes_from_one_text_into_the_next(engine: Engine) -> None:
    engine.write(
        [
            paper(
                1,
                "县民",
                "政府工作",
                lead="残疾",
                places=(("正文", "人联合低"), ("附件", "保障房，公"), ("表", "开指南")),
            ),
        ]
    )
    for pair in ("民政", "疾人", "低保", "公开", "作残"):
        assert ids(engine, f"“{pair}”") == [], pair
    assert ids(engine, "“保障房”") == [1]
    assert ids(engine, "“障房公”") == []  # nor over punctuation


def test_what_stands_goes_before_what_was_repealed(engine: Engine) -> None:
    engine.write(
        [
            paper(1, "石桥县临时救助办法", "临时救助" * 40, standing=False, validity="废止", date=dt.date(2026, 9, 1)),
            paper(2, "工作安排", "第八条 开展临时救助。"),
            paper(3, "石桥县临时救助实施细则", "临时救助" * 40, standing=False, validity="失效"),
            paper(4, "民政事业计划", "临时救助和其他"),
        ]
    )
    found = ids(engine, "临时救助")
    assert set(found[:2]) == {2, 4} and set(found[2:]) == {1, 3}
    assert found[2] in (1, 3)


def test_the_words_that_matter_come_before_words_of_the_question(engine: Engine) -> None:
    engine.write(
        [
            paper(1, "消费者投诉处理", "关于消费的通知，消费，消费。"),
            paper(2, "促进经济若干措施", "投放消费券。", standing=False, validity="失效"),
            paper(3, "旅游通知", "发放消费券两百万元。"),
        ]
    )
    assert ids(engine, "消费券怎么领") == [3, 2, 1]


def test_most_words_do_where_all_are_nowhere(engine: Engine) -> None:
    engine.write([paper(1, "校车安全管理", "收费标准"), paper(2, "校车线路"), paper(3, "停车收费标准")])
    found = engine.search(Query("校车收费火星"))
    assert found.loose and found.hits[0].id == 1
    assert not engine.search(Query("校车收费")).loose
    assert engine.search(Query("火星木星土星")).total == 0


def county(engine: Engine) -> None:
    kinds = ("通知公告", "政策问答", "行政规范性文件")
    owners = ("石桥县民政局", "石桥县财政局")
    engine.write(
        paper(
            pk,
            f"救助事项之{pk}",
            "临时救助" if pk % 2 else "特困供养",
            kind=kinds[pk % 3],
            owner=owners[pk % 2],
            year=2024 + pk % 2,
            validity=("现行有效", "", "废止")[pk % 3],
            topic="财政、金融、审计\\财政" if pk == 12 else "民政、扶贫、救灾\\社会福利",
        )
        for pk in range(1, 13)
    )


def test_facets_count_under_the_choices_of_the_others(engine: Engine) -> None:
    county(engine)
    found = engine.search(Query("救助事项"))
    assert found.total == 12
    assert found.facets["kind"] == [("政策问答", 4), ("行政规范性文件", 4), ("通知公告", 4)]
    assert found.facets["owner"] == [("石桥县民政局", 6), ("石桥县财政局", 6)]
    assert found.facets["year"] == [("2024", 6), ("2025", 6)]
    assert found.facets["topic"] == [("民政、扶贫、救灾", 11), ("财政、金融、审计", 1)]
    assert found.facets["validity"] == [("废止", 4), ("现行有效", 4)]
    one = engine.search(Query("救助事项", chosen={"kind": ("政策问答",)}))
    assert one.total == 4
    assert dict(one.facets["kind"]) == {"政策问答": 4, "行政规范性文件": 4, "通知公告": 4}  # its own are alternatives
    assert dict(one.facets["owner"]) == {"石桥县民政局": 2, "石桥县财政局": 2}
    two = engine.search(Query("救助事项", chosen={"kind": ("政策问答", "通知公告"), "year": ("2024",)}))
    assert two.total == 4 and {h.id for h in two.hits} == {4, 6, 10, 12}
    assert dict(two.facets["kind"]) == {"政策问答": 2, "行政规范性文件": 2, "通知公告": 2}
    assert dict(two.facets["year"]) == {"2024": 4, "2025": 4}
    assert dict(two.facets["topic"]) == {"民政、扶贫、救灾": 3, "财政、金融、审计": 1}
    assert engine.search(Query("临时救助", chosen={"owner": ("石桥县民政局",)})).total == 0
    assert engine.search(Query("救助事项", facets=False)).facets == {}


def test_pages_follow_one_another(engine: Engine) -> None:
    county(engine)
    for order in ("relevance", "date"):
        pages = [ids(engine, "救助事项", limit=5, offset=at, order=order) for at in (0, 5, 10, 15)]
        assert [len(p) for p in pages] == [5, 5, 2, 0]
        assert sorted(pk for page in pages for pk in page) == list(range(1, 13))
        assert engine.search(Query("救助事项", offset=10, limit=5, order=order)).total == 12


def test_by_date_the_newest_first(engine: Engine) -> None:
    engine.write(paper(pk, "救助", date=dt.date(2020 + pk, 1, 1) if pk < 6 else None) for pk in (3, 1, 6, 5, 2, 4))
    assert ids(engine, "救助", order="date") == [5, 4, 3, 2, 1, 6]
    assert ids(engine, "") == [5, 4, 3, 2, 1, 6]  # a list without a question


def test_the_public_never_sees_what_is_not_public(engine: Engine) -> None:
    """Not in hits, not in totals, not in facets, not in titles; staff see what is theirs, and no more."""
    engine.write(
        [
            paper(1, "麒麟公开通知", "临时救助"),
            paper(
                2,
                "麒麟内部方案",
                "临时救助",
                seen=("o7",),
                kind="内部方案",
                owner="甲局",
                topic="乙",
                validity="丙",
                year=1999,
            ),
            paper(3, "麒麟别人方案", "临时救助", seen=("o8",), document_number="石密〔2026〕1号"),
        ]
    )
    public = ("public",)
    for text in ("麒麟", "临时救助", "麒麟内部方案", "石密〔2026〕1号", "", "麒麟 玄武 青瓷", "“麒麟”"):
        for order in ("relevance", "date"):
            found = engine.search(Query(text, seen=public, order=order))
            assert {h.id for h in found.hits} <= {1} and found.total <= 1
            assert "内部方案" not in str(found.facets) and "甲局" not in str(found.facets)
            assert "1999" not in str(found.facets)
            assert all(n <= 1 for values in found.facets.values() for _, n in values)
    assert engine.search(Query("麒麟", seen=public, chosen={"kind": ("内部方案",)})).total == 0
    assert engine.titles("麒麟", public, 9) == ["麒麟公开通知"]
    assert set(ids(engine, "麒麟", seen=("public", "o7"))) == {1, 2}
    assert set(ids(engine, "麒麟", seen=("public", "o9"))) == {1}
    assert ids(engine, "石密〔2026〕1号", seen=("public", "o7")) == []
    assert ids(engine, "石密〔2026〕1号", seen=("public", "o8")) == [3]
    assert set(engine.titles("麒麟", ("public", "o7"), 9)) == {"麒麟内部方案", "麒麟公开通知"}
    assert ids(engine, "麒麟", seen=()) == [] and engine.titles("麒麟", (), 9) == []


def test_what_is_taken_out_is_gone_and_what_is_written_again_stands_once(engine: Engine) -> None:
    engine.write(paper(pk, f"救助通知{pk}", "玄武湖畔") for pk in range(1, 6))
    engine.write([paper(2, "救助公告", "朱雀门外"), paper(3, "救助通知3", "玄武湖畔")], gone=[5])
    engine.write([], gone=[99])
    assert engine.count() == 4
    assert sorted(ids(engine, "救助")) == [1, 2, 3, 4]
    assert sorted(ids(engine, "玄武湖畔")) == [1, 3, 4] and ids(engine, "朱雀门外") == [2]
    assert engine.texts([2, 5]) == {2: (("正文", "朱雀门外"),)}
    engine.write([], gone=[1, 2, 3, 4])
    assert engine.count() == 0 and ids(engine, "救助") == [] and engine.titles("救助", ("public",), 5) == []


def test_a_rebuild_leaves_nothing_of_before(engine: Engine) -> None:
    assert not engine.fresh()
    engine.write(paper(pk, "救助") for pk in range(1, 6))
    assert engine.fresh()
    seen = []

    def anew():  # type: ignore[no-untyped-def]
        for pk in range(4, 9):
            seen.append(sorted(ids(engine, "救助")))
            yield paper(pk, "救助")

    assert engine.rebuild(anew()) == 5
    assert seen == [[1, 2, 3, 4, 5]] * 5  # the old one served
    assert sorted(ids(engine, "救助")) == [4, 5, 6, 7, 8]
    with pytest.raises(ZeroDivisionError):
        engine.rebuild(paper(1 // (pk - 2), "救助") for pk in (1, 2))
    assert sorted(ids(engine, "救助")) == [4, 5, 6, 7, 8] and engine.fresh()
    assert engine.rebuild([]) == 0
    assert engine.fresh() and engine.count() == 0


HOSTILE = [
    "'",
    '"',
    "\\",
    "a' OR 1=1 --",
    "救助 AND (",
    "title:救助 OR *",
    "+救助 -通知 ~3 ^9",
    "救助 & | ! <-> :* ' \\",
    "\x00救助\x00",
    "\ud800救助",
    "🙂",
    "，。！？",
    "《》“”",
    "“救助",
    "救" * 10_000,
    "救助通知" * 2500,
    "a" * 10_000,
    "9" * 10_000 + "号",
    "〔2024〕" * 2000,
    "（" * 10_000,
    "%s %d {0} %",
    "的",
    "怎么",
    "怎么办吗呢",
    "救",
    "\u202e救助\u200b",
    "\n\t 　",
    "𠮷野家",
    "Ⅳ①㈱ﬁ",
    "99999999999999999999年99999999999999999999号",
    "1e309",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_is_typed_raises(engine: Engine, text: str) -> None:
    engine.write([paper(1, "救助通知", "𠮷野家临时救助"), paper(2, "怎么办", "9" * 3000 + "a" * 3000)])
    for order in ("relevance", "date"):
        found = engine.search(Query(text, order=order, chosen={"kind": (text,), "没有": ("x",)}))
        assert found.total == 0
        engine.search(Query(text, order=order, seen=("public", text)))
    engine.titles(text, ("public",), 5)
    engine.write([paper(3, text[:300], text, lead=text, document_number=text[:80].encode("utf-8", "ignore").decode())])
    assert engine.count() == 3


def test_a_long_document_is_found_to_its_end(engine: Engine) -> None:
    """Beyond the places that a tsvector keeps, and with one pair many more times than it keeps."""
    body = "收入情况表。" * 9000 + "鳜鱼养殖补助，" + "支出" * 300 + "麒麟项目"
    engine.write([paper(1, "统计资料", body), paper(2, "养殖鳜鱼", "养殖补助")])
    assert ids(engine, "“鳜鱼养殖补助”") == [1]
    assert set(ids(engine, "鳜鱼")) == {1, 2}
    assert ids(engine, "“支出麒麟”") == [1]
    assert ids(engine, "“麒麟项目”") == [1]
    assert ids(engine, "“鱼麒麟”") == [] and ids(engine, "“助支出”") == []


def test_titles_while_typing(engine: Engine) -> None:
    engine.write(
        [paper(1, "高龄津贴发放办法"), paper(2, "高龄津贴旧办法", standing=False), paper(3, "高龄津贴发放办法")]
    )
    assert engine.titles("高龄津", ("public",), 5) == ["高龄津贴发放办法", "高龄津贴旧办法"]
    assert engine.titles("津贴", ("public",), 1) == ["高龄津贴发放办法"]
    assert engine.titles("  ", ("public",), 5) == []
