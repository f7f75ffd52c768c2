"""What each letter says, typed from 政府信息公开条例, 行政复议法 and the clerk's own list of what an answer holds."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base.issues import Refused
from gongkai.cases.letters import fill, kind_of_answer, kinds, plain_text
from tests.cases.letters.given import FIELDS, PERSON, A, B, letter

REFUSED = "政府信息不予公开告知书"
ANSWER = "政府信息公开申请答复书"

# code, title, variant of the remedy, what must stand in it: articles, finding, and what the article asks for
ANSWERS = [
    ("already_public", ANSWER, A, ["第三十六条第（一）项", "已经主动公开", "当面领取"]),
    ("disclosed", ANSWER, A, ["第三十六条第（二）项", "决定予以公开", "当面领取，时间为2026年3月20日。"]),
    (
        "partial",
        "政府信息部分公开告知书",
        B,
        ["第三十七条", "第十五条", "户数和金额", "银行账号", "理由：经核对", "当面领取", "不能作区分处理"],
    ),
    ("refused_state_secret", REFUSED, B, ["第十四条", "第三十六条第（三）项", "国家秘密", "理由：经核对", "财产安全"]),
    ("refused_law_forbidden", REFUSED, B, ["第十四条", "第三十六条第（三）项", "某法律第九条", "理由：经核对"]),
    (
        "refused_safety",
        REFUSED,
        B,
        ["第十四条", "第三十六条第（三）项", "国家安全、公共安全、经济安全、社会稳定", "理由：经核对", "财产安全"],
    ),
    (
        "refused_third_party",
        REFUSED,
        B,
        ["第十五条", "第三十二条", "第三十六条第（三）项", "第三方合法权益", "理由：经核对", "财产安全"],
    ),
    ("refused_internal", REFUSED, B, ["第十六条第一款", "第三十六条第（三）项", "内部事务信息", "理由：经核对"]),
    (
        "refused_process",
        REFUSED,
        B,
        ["第十六条第二款", "第三十六条第（三）项", "讨论记录", "法律、法规、规章没有规定", "理由：经核对"],
    ),
    (
        "refused_enforcement",
        REFUSED,
        B,
        ["第十六条第二款", "第三十六条第（三）项", "行政执法案卷", "法律、法规、规章没有规定", "理由：经核对"],
    ),
    ("registry_query", ANSWER, A, ["第三十六条第（七）项", "《不动产登记暂行条例》第二十七条"]),
    ("not_exist", ANSWER, A, ["第三十六条第（四）项", "该政府信息不存在", "以“危房改造”检索"]),
    ("not_responsible", ANSWER, A, ["第三十六条第（五）项", "不属于本机关负责公开", "理由：经核对", "0999-2320002"]),
    ("needs_processing", ANSWER, A, ["第三十八条", "加工、分析", "理由：经核对"]),
    ("still_unclear", ANSWER, A, ["第二十九条第二款第（二）项、第三十条", "仍不明确", "已补写年度"]),
    ("petition_like", ANSWER, A, ["第三十九条第一款", "不作为政府信息公开申请处理", "0999-2320002"]),
    ("repeat", ANSWER, A, ["第三十六条第（六）项", "不予重复处理", "清府公开〔2026〕1号，2026年1月8日"]),
    ("publication", ANSWER, A, ["第三十九条第二款", "公开出版物", "获取的途径", "当面领取"]),
    ("excessive", ANSWER, A, ["第三十五条", "不予处理", "3月9日收到说明", "经核对"]),
    ("reconfirm", ANSWER, A, ["国办公开办函〔2021〕30号", "不予处理", "理由：经核对"]),
    ("lapsed_correction", ANSWER, A, ["第三十条", "视为放弃申请", "期限至2月24日"]),
    (
        "lapsed_fee",
        ANSWER,
        A,
        ["第四十二条", "国办函〔2020〕109号", "第六条", "视为放弃申请", "期限至3月10日"],
    ),
    ("other", ANSWER, A, ["第十五条", "其他处理", "理由：经核对"]),
    ("amended", "政府信息更正告知书", A, ["第四十一条", "予以更正", "合作社申报的补贴明细"]),
    ("not_amended", "政府信息不予更正告知书", A, ["第四十一条", "不予更正", "理由：经核对"]),
]
PROCESS = [
    "registration",
    "receipt",
    "correction",
    "reasons",
    "extension",
    "delay",
    "third_party",
    "third_party_confirm",
    "third_party_applicant",
    "third_party_disclosed",
    "co_producer",
    "assist",
    "fee",
    "service",
    "approval",
    "amend_transfer",
    "proactive",
    "withdrawn",
    "split",
]


@pytest.mark.parametrize(("code", "title", "remedy", "says"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_an_answer_holds_what_it_must(code: str, title: str, remedy: str, says: list[str]) -> None:
    text = letter(code, remedy=remedy)
    lines = text.split("\n")
    assert lines[:3] == ["青禾县清溪镇人民政府", title, "清府公开〔2026〕5号"]
    assert "苏晚晴：" in lines
    assert "2026年3月2日收到" in text and "登记编号：QXZ-2026-0007" in text
    assert "清溪镇柳林村2025年危房改造的补助发放表" in text
    for phrase in says:
        assert phrase in text, phrase
    assert remedy in lines, "the remedy clause is a paragraph of its own, word for word"
    end = lines[lines.index(remedy) + 1 :]
    assert "附件：1. 补助发放表" in end
    seal = end.index("（印章）")
    assert end[seal - 1 : seal + 2] == ["青禾县清溪镇人民政府", "（印章）", "2026年3月19日"]
    assert "0999-2340001" in end[seal + 2]
    assert "{" not in text and "。。" not in text and "None" not in text


def test_every_answer_and_every_process_letter_is_here() -> None:
    assert {a[0] for a in ANSWERS} == {k.code for k in kinds().values() if k.family == "answer"}
    assert set(PROCESS) == {k.code for k in kinds().values() if k.family != "answer"}
    assert all(k.numbered and k.remedy and k.basis for k in kinds().values() if k.family == "answer")


@pytest.mark.parametrize("code", PROCESS)
def test_a_process_letter_has_no_remedy_clause(code: str) -> None:
    """法释〔2025〕8号: nobody can sue over a procedural notice alone, so it must not say they could."""
    text = letter(code)
    assert "行政复议" not in text and "行政诉讼" not in text and "提起诉讼" not in text
    assert not kinds()[code].remedy
    assert "{" not in text and "。。" not in text


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("receipt", ["第三十一条", "收到之日为2026年3月2日", "答复期限届满日为2026年3月30日", "9QX2-77TB"]),
        (
            "correction",
            [
                "第三十条",
                "1. 写明年度。",
                "2. 写明村名。",
                "2026年3月24日前",
                "视为放弃申请",
                "自本机关收到补正的申请之日起计算",
            ],
        ),
        ("reasons", ["第三十五条", "明显超过合理范围", "2026年3月24日前", "不予处理"]),
        (
            "extension",
            [
                "第三十三条第二款",
                "2026年3月30日届满",
                "延长20个工作日",
                "2026年4月28日届满",
                "政府信息公开工作机构负责人钱多宁",
            ],
        ),
        ("delay", ["第三十五条", "2026年4月28日前"]),
        ("third_party", ["第三十二条", "15个工作日", "是否同意公开", "由本机关依照上述条例的规定决定是否公开"]),
        ("third_party_confirm", ["清府公开〔2026〕5号", "□ 同意公开", "□ 不同意公开", "理由"]),
        ("third_party_applicant", ["第三十二条", "第三十三条第三款", "不计算在答复期限内"]),
        ("third_party_disclosed", ["第三十二条", "对公共利益造成重大影响", "补贴明细", "经核对确有此情形"]),
        ("co_producer", ["第三十四条", "15个工作日", "视为同意公开"]),
        ("assist", ["第十一条", "2026年3月24日前", "1. 写明年度。"]),
        (
            "fee",
            [
                "第四十二条",
                "国办函〔2020〕109号",
                "按件计收",
                "2200元",
                "1. 第11至30件，20件×100元＝2000元。",
                "2. 第31件，1件×200元＝200元。",
                "凭缴款码到银行缴纳",
                "次日起20个工作日内",
                "2026年4月20日",
                "视为放弃申请",
            ],
        ),
        ("service", ["补助发放表", "受送达人签名"]),
        ("approval", ["保密审查意见", "李书衡", "周知行", "2026年3月30日"]),
        ("amend_transfer", ["第四十一条", "苏晚晴", "转送你单位"]),
        ("proactive", ["合作社申报的补贴明细", "保密审查意见"]),
        ("withdrawn", ["自愿撤回", "终止办理"]),
        ("split", ["一事一申请", "1. 2024年的发放表。", "2. 2025年的发放表。", "自2026年3月2日起计算"]),
    ],
)
def test_a_process_letter_says_what_its_article_asks_for(code: str, says: list[str]) -> None:
    text = letter(code)
    for phrase in says:
        assert phrase in text, phrase


def test_opposite_silences() -> None:
    """第三十二条: a third party's silence decides nothing. 第三十四条: a co-producing organ's is consent."""
    assert "视为同意" not in letter("third_party")
    assert "逾期未提出意见的，视为同意公开。" in letter("co_producer")


def test_the_register_asks_for_no_purpose() -> None:
    """第二十九条 names three things; the purpose of use is none of them."""
    text = letter("registration")
    assert "用途" not in text and "特殊需要" not in text
    for shown in (PERSON["applicant"], PERSON["id_number"], PERSON["asked"], PERSON["form"], "2026年3月2日"):
        assert shown in text


@pytest.mark.parametrize("code", ["third_party", "third_party_confirm", "third_party_disclosed"])
def test_a_third_party_never_learns_who_asked(code: str) -> None:
    docx = fill(code, FIELDS)
    text = plain_text(docx)
    for name, value in PERSON.items():
        assert value not in text, name
        assert name not in kinds()[code].fields
    assert "QXZ-2026-0007" not in text
    assert FIELDS["party"] in text


@pytest.mark.parametrize("code", ["co_producer", "assist"])
def test_another_organ_learns_no_more_than_it_needs(code: str) -> None:
    text = letter(code)
    assert not [name for name, value in PERSON.items() if value in text]


@pytest.mark.parametrize(
    ("outcome", "ground", "code"),
    [
        ("refused", "state_secret", "refused_state_secret"),
        ("refused", "enforcement", "refused_enforcement"),
        ("partial", "third_party", "partial"),
        ("disclosed", "", "disclosed"),
        ("lapsed_fee", "", "lapsed_fee"),
    ],
)
def test_the_answer_to_an_outcome(outcome: str, ground: str, code: str) -> None:
    assert kind_of_answer(outcome, ground) == code


@pytest.mark.parametrize(("outcome", "ground"), [("refused", ""), ("refused", "secret"), ("receipt", ""), ("", "")])
def test_no_answer_to_what_is_no_outcome(outcome: str, ground: str) -> None:
    with pytest.raises(KeyError):
        kind_of_answer(outcome, ground)


def test_what_is_missing_is_told_by_name() -> None:
    given = {k: v for k, v in FIELDS.items() if k not in ("reason", "harm", "remedy")} | {"number": "  "}
    with pytest.raises(Refused) as refused:
        fill("refused_safety", given)
    found = {i.field: i for i in refused.value.issues}
    assert set(found) == {"reason", "harm", "remedy", "number"}
    assert {i.rule for i in found.values()} == {"letter.field"}
    assert "理由" in found["reason"].say and "损害" in found["harm"].say and "救济途径" in found["remedy"].say
    assert all(i.say.endswith("。") for i in found.values())


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("disclosed", "received", "2026-03-02"),
        ("fee", "fee_amount", 0),
        ("fee", "fee_amount", True),
        ("fee", "fee_working", "一行"),
        ("correction", "points", ["", " "]),
        ("disclosed", "asked", 5),
        ("disclosed", "asked", "长" * 20_001),
    ],
)
def test_a_wrong_value_is_refused(code: str, field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        letter(code, **{field: value})
    assert [(i.rule, i.field) for i in refused.value.issues] == [("letter.field", field)]


def test_a_moment_counts_as_its_day() -> None:
    assert "2026年12月9日收到" in letter("disclosed", received=dt.datetime(2026, 12, 9, 8, 30))


def test_what_was_typed_stands_as_typed() -> None:
    """Marks of XML, tags of templates and breaks of lines in a request are text, and only text."""
    text = letter("disclosed", asked="<w:p>A&B “引” {{ phone }} {% if x %}\x07\x0c甲\r\n乙\t丙")
    assert "<w:p>A&B “引” {{ phone }} {% if x %}甲\n乙 丙" in text
    assert PERSON["phone"] not in text


def test_sentences_end_once() -> None:
    assert "理由：确有其事。" in letter("needs_processing", reason="确有其事。")
    assert "理由：确有其事。" in letter("needs_processing", reason="确有其事；")
    assert "理由：他说“不可。”\n" in letter("needs_processing", reason="他说“不可。”") + "\n"


def test_nothing_optional_leaves_no_trace() -> None:
    kind = kinds()["disclosed"]
    text = plain_text(fill("disclosed", {name: FIELDS[name] for name in kind.needs}))
    assert "附件" not in text and "联系" not in text and "补正" not in text and text.endswith("2026年3月19日")


def test_the_same_fields_give_the_same_bytes() -> None:
    assert fill("partial", FIELDS) == fill("partial", dict(reversed(FIELDS.items())))
