"""Kinds of record: all there, each with what the law demands; a file that does not hold is refused with line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from gongkai.law import clocks
from gongkai.records import kinds as loader
from gongkai.records.kinds import BadKind, Field, Kind, kinds

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("GONGKAI_KINDS", raising=False)
    loader.forget()
    yield
    loader.forget()


@dataclass(frozen=True)
class Expected:
    """What a kind must hold: typed here from the law, not read from its file."""

    name: str
    article: str
    cites: str
    demands: str
    """Labels that must be filled in, separated by blanks."""
    rules: tuple[str, ...] = ("proactive_publish",)
    gates: str = "first second secrecy third"
    view: str = "document"


EXPECTED = {
    "normative": Expected(
        "行政规范性文件", "20(1)", "第二十条第（一）项",
        "标题 发文字号 发文机关 主题分类 成文日期 施行日期 咨询方式 正文",
        gates="first second legal secrecy third",
    ),
    "policy": Expected("其他政策文件", "20(11)", "第二十条第（十一）项", "标题 发文机关 主题分类 成文日期 正文"),
    "interpretation": Expected(
        "政策解读", "20(15)", "第二十条第（十五）项", "标题 所解读的文件 解读形式 解读人 解读方案 咨询方式 正文",
        ("proactive_publish", "interpretation_publish_default"),
    ),
    "policy_qa": Expected(
        "政策问答", "20(15)", "第二十条第（十五）项", "标题 问题 依据的文件 正文", view="page"
    ),
    "planning": Expected(
        "规划", "20(3)", "第二十条第（三）项", "标题 规划类型 规划层级 规划系列 规划期开始 规划期结束 正文"
    ),
    "functions": Expected(
        "机构职能", "20(2)", "第二十条第（二）项", "机关职能 机构设置 办公地址 办公时间 联系方式 负责人姓名",
        view="page",
    ),
    "leaders": Expected("领导信息", "20(2)", "第二十条第（二）项", "领导成员", view="list"),
    "powers": Expected("权责清单", "20(5)", "第（六）项", "权责事项 监督电话", view="table"),
    "guide": Expected(
        "政府信息公开指南", "12", "第十二条第二款",
        "政府信息的分类 政府信息的编排体系 政府信息的获取方式 政府信息公开工作机构名称 办公地址 办公时间 联系电话 传真号码 "
        "互联网联系方式 监督和救济途径",
        view="page",
    ),
    "institution": Expected("政府信息公开制度", "20(15)", "国办公开办函〔2019〕61号", "标题 发文机关 成文日期 制度类别 正文"),
    "annual_report": Expected(
        "政府信息公开年报", "49", "第四十九条",
        "报告年度 总体情况 主动公开政府信息情况 收到和处理政府信息公开申请情况 政府信息公开行政复议、行政诉讼情况 "
        "存在的主要问题及改进情况 其他需要报告的事项",
        ("annual_report_department", "annual_report_government"),
    ),
    "budget": Expected(
        "财政预算", "20(7)", "《预算法》第十四条",
        "层级 年度 收入预算 支出预算 一般公共预算支出预算 “三公”经费 政府性基金预算 正文",
        ("budget_government", "budget_department", "budget_unit"), view="table",
    ),
    "accounts": Expected(
        "财政决算", "20(7)", "《预算法》第十四条",
        "层级 年度 收入决算 支出决算 一般公共预算支出决算 “三公”经费 政府性基金决算 正文",
        ("budget_government", "budget_department", "budget_unit"), view="table",
    ),
    "debt": Expected(
        "地方政府债务", "20(7)", "《预算法》第十四条",
        "年度 债务限额 债务余额 债务限额和余额 债券发行 债务资金使用 还本付息 偿还计划",
        ("budget_government", ""), view="table",
    ),
    "subsidy": Expected(
        "惠民惠农补贴发放结果", "20(11)", "国办发〔2022〕8号",
        "补贴项目 年度 村（社区） 发放总额 发放名单 公示开始 公示结束 异议受理电话",
        ("", "proactive_publish"), view="table",
    ),
    "emergency_plan": Expected(
        "应急预案", "20(12)", "第二十条第（十二）项", "事件类别 预案类型 预案层级 版本 正文"
    ),
    "project": Expected(
        "重大建设项目", "20(10)", "第二十条第（十）项", "建设单位 建设地点 总投资 批准和实施情况", view="timeline"
    ),
    "penalty": Expected(
        "行政处罚决定", "20(6)", "《行政处罚法》第四十八条",
        "当事人 当事人类别 处罚决定书文号 违法事实 处罚依据 处罚结果 作出处罚的机关 处罚决定日期",
        ("proactive_publish", ""),
    ),
    "service_guide": Expected(
        "办事指南", "20(5)", "第二十条第（五）项",
        "事项名称 设定依据 申请条件 办理材料 办理地点 办理时间 联系电话 办理流程 办理时限 收费标准", view="page",
    ),
    "dataset": Expected(
        "开放数据集", "20(15)", "第二十条第（十五）项", "数据文件 文件格式 数据行数 数据项 更新周期 使用许可", view="table"
    ),
    "notice": Expected("通知公告", "19", "第十九条", "标题 成文日期 来源 正文", gates="first secrecy third"),
    "news": Expected("会议与动态", "19", "第十九条", "标题 成文日期 来源 正文", gates="first secrecy third"),
}  # fmt: skip


def demanded(kind: Kind) -> set[str]:
    return {kind.label(key) for key in kind.required} | {f.label for f in kind.fields if f.required}


def columns(field: Field) -> dict[str, str]:
    return {c.label: c.type for c in field.columns}


def test_all_kinds_are_there() -> None:
    assert set(kinds()) == set(EXPECTED) and len(EXPECTED) == 22


@pytest.mark.parametrize("code", EXPECTED)
def test_a_kind_holds_what_the_law_demands(code: str) -> None:
    kind, expected = kinds()[code], EXPECTED[code]
    assert (kind.name, kind.article, kind.view) == (expected.name, expected.article, expected.view)
    assert expected.cites in kind.basis
    assert set(expected.demands.split()) <= demanded(kind)
    assert kind.gates == tuple(expected.gates.split())
    assert tuple(c.rule for c in kind.cadence) == expected.rules
    assert kind.audience == "public"


@pytest.mark.parametrize("code", EXPECTED)
def test_every_kind_can_stand_in_the_catalogue(code: str) -> None:
    """条例 art 12: 索引、名称、内容概述、生成日期; the summary can be drawn from a text where there is one."""
    kind = kinds()[code]
    assert {"title", "formed"} <= set(kind.required)
    assert {"summary", "body"} & set(kind.required)
    assert kind.help and re.search("才算办完|撤回|更新", kind.help)
    assert kind.group and re.fullmatch(r"20\((1[0-5]|[1-9])\)|21|12|49|19", kind.article)
    assert not re.search(r"\s", kind.help)


@pytest.mark.parametrize("code", EXPECTED)
def test_cadences_start_from_what_the_kind_has(code: str) -> None:
    kind = kinds()[code]
    rules = {r.code for r in clocks.rules()}
    for one in kind.cadence:
        assert one.basis
        assert not one.rule or one.rule in rules
        wanted = "number" if one.kind == "yearly" else "date"
        assert one.of in ("formed", "effective") or kind.field(one.of).type == wanted


@pytest.mark.parametrize("code", EXPECTED)
def test_checks_and_masks_name_what_there_is(code: str) -> None:
    """The loader does not look at `unique`: here it is looked at for what travels with the program."""
    kind = kinds()[code]
    for check in kind.checks:
        if check.kind == "unique":
            assert check.column in {c.key for c in kind.field(check.table).columns}
        if check.table:
            assert kind.field(check.table).type == "table"
        assert not check.say.endswith("。") and re.search(r"[\u4e00-\u9fff]", check.say)
    for mask in kind.masks:
        assert mask.basis
        assert mask.where or mask.what != "name", "names are not recognised in a text"


def test_they_come_in_order_and_groups_stay_together() -> None:
    groups = [k.group for k in kinds().values()]
    assert list(kinds())[:3] == ["normative", "policy", "interpretation"]
    assert len([g for at, g in enumerate(groups) if at == 0 or groups[at - 1] != g]) == len(set(groups))
    positions = [k.position for k in kinds().values()]
    assert positions == sorted(set(positions)) == [10 * n for n in range(1, 23)]


def test_normative_documents() -> None:
    kind = kinds()["normative"]
    assert (kind.numbered, kind.validity, kind.interpretation, kind.max_years) == (True, True, "required", 5)
    assert kind.trial_years == 3
    assert kind.shown[:6] == ("topic", "issuers", "formed", "title", "document_number", "keywords")
    assert "粤府令第277号" in kind.help
    term = next(c for c in kind.checks if c.kind == "any_of")
    assert term.fields == ("expires", "term_note") and term.level == "block"
    assert kind.field("term_note").label == "有效期说明"


def test_interpretations() -> None:
    kind = kinds()["interpretation"]
    documents = kind.field("documents")
    assert (documents.type, documents.relation, documents.many) == ("record", "interprets", True)
    assert documents.kinds == ("normative", "policy", "planning")
    assert kind.field("form").choices == (
        "文字解读",
        "图文图解",
        "短视频动画",
        "新闻发布会",
        "在线访谈",
        "专家解读",
        "媒体解读",
        "政策问答",
    )
    mentions = [c for c in kind.checks if c.kind == "mentions"]
    assert {c.level for c in mentions} == {"warn"} and len(mentions) == 9
    wanted = [
        "背景依据",
        "目标任务",
        "主要内容",
        "适用范围",
        "执行标准",
        "注意事项",
        "关键词诠释",
        "惠民利民举措",
        "新旧政策差异",
    ]
    for element, check in zip(wanted, mentions, strict=True):
        assert f"“{element}”" in check.say
        assert any(word in element for word in check.words), "its own name satisfies it"
    assert all(part in kind.field("plan").help for part in ("解读提纲", "解读形式", "解读途径", "解读时间"))
    late = kind.cadence[1]
    assert (late.of, late.verified) == ("document_published", False)


def test_questions_answer_and_guides_rest_on_documents() -> None:
    assert kinds()["policy_qa"].field("documents").relation == "answers"
    guide = kinds()["service_guide"]
    assert guide.field("documents").relation == "basis"
    assert (guide.field("limit_days").type, guide.field("limit_days").label) == ("number", "办理时限")


@pytest.mark.parametrize("code", ["budget", "accounts"])
def test_budgets_and_accounts(code: str) -> None:
    kind = kinds()[code]
    assert kind.field("level").choices == ("政府", "部门", "单位")
    assert len(kind.tables) == 5 and all(t.required for t in kind.tables)
    for table in kind.tables:
        assert {c.unit for c in table.columns if c.type == "money"} == {"万元"}
    assert [(c.rule, c.of) for c in kind.cadence] == [
        ("budget_government", "approved_on"),
        ("budget_department", "finance_approved_on"),
        ("budget_unit", "department_approved_on"),
    ]
    assert "第二款" in kind.cadence[1].basis and "第六条" in kind.cadence[2].basis
    compares = [c for c in kind.checks if c.kind == "compare"]
    balance = next(c for c in compares if not c.table)
    assert {"income.income_amount", "carried_in"} <= set(balance.left)
    assert {"expenditure.expenditure_amount", "carried_out"} <= set(balance.right)
    assert (balance.op, balance.level) == ("equal", "block")
    official = next(c for c in compares if c.table == "official")
    labels = columns(kind.field("official"))
    assert (
        labels["因公出国（境）费"]
        == labels["公务用车购置费"]
        == labels["公务用车运行维护费"]
        == labels["公务接待费"]
        == "money"
    )
    assert len(official.right) == 4 and official.op == "equal"


def test_debt() -> None:
    kind = kinds()["debt"]
    at_most = [(c.table, c.left, c.right) for c in kind.checks if c.op == "at_most" and c.level == "block"]
    assert at_most == [("limits", ("balance",), ("limit",)), ("", ("balance_all",), ("limit_all",))]
    equal = {(c.left, c.right) for c in kind.checks if c.kind == "compare" and c.op == "equal"}
    assert equal == {(("limits.limit",), ("limit_all",)), (("limits.balance",), ("balance_all",))}
    assert kind.field("limits").columns[0].choices == ("一般债务", "专项债务")
    assert kind.field("limits").chart
    assert {"品种", "期限", "利率", "债券类别"} <= set(columns(kind.field("bonds")))
    assert {"还本", "付息", "偿还资金来源"} <= set(columns(kind.field("paid")))
    assert "用途" in columns(kind.field("uses")) and "应还本金" in columns(kind.field("repayment"))
    yearly = kind.cadence[1]
    assert (yearly.kind, yearly.verified) == ("yearly", False)


def test_subsidies() -> None:
    kind = kinds()["subsidy"]
    assert {m.what: m.where for m in kind.masks} == {
        "resident_id": ("payments.resident_id",),
        "bank_card": ("payments.bank_card",),
        "phone": ("payments.phone",),
        "name": ("payments.person",),
        "address": ("payments.address",),
    }
    assert (kind.cadence[0].kind, kind.cadence[0].by) == ("yearly", "12-31")
    total = next(c for c in kind.checks if c.kind == "compare" and not c.table)
    assert (total.left, total.right, total.level) == (("payments.amount",), ("total",), "block")
    assert any(c.kind == "interval" and c.start == "posted_from" for c in kind.checks)


def test_penalties() -> None:
    kind = kinds()["penalty"]
    assert "自然人" in kind.field("party_type").choices and "企业" in kind.field("party_type").choices
    assert {"resident_id", "phone", "bank_card", "address"} <= {m.what for m in kind.masks}
    assert "name" not in {m.what for m in kind.masks}, "who was punished keeps the name (15.11: 奖惩任免类名单)"
    law, local = kind.cadence
    assert (law.of, law.verified, local.of) == ("decided_on", True, "decided_on")
    assert (local.amount, local.unit, local.verified) == (7, "wd", False)
    assert "第四十八条" in kind.help and "3个工作日内撤回" in kind.help


def test_data_sets() -> None:
    kind = kinds()["dataset"]
    assert kind.update_days == 366 and kind.field("data").type == "file"
    assert {(m.what, m.where) for m in kind.masks} == {("resident_id", ()), ("phone", ()), ("bank_card", ())}
    assert kind.field("cycle").choices[-1] == "每年", "at least once a year"


def test_pages_of_the_body() -> None:
    assert set(columns(kinds()["leaders"].field("people"))) >= {"姓名", "职务", "工作分工", "简历"}
    powers = kinds()["powers"].field("powers")
    types = next(c for c in powers.columns if c.label == "职权类型")
    assert {"行政许可", "行政处罚", "行政强制", "行政检查"} <= set(types.choices)
    assert {"职权名称", "设定依据", "责任事项"} <= set(columns(powers))
    report = kinds()["annual_report"]
    assert sum(f.type == "rich" and f.required for f in report.fields) == 6
    assert {c.kind for c in report.cadence} == {"yearly"}
    guide = kinds()["guide"]
    assert any(c.kind == "mentions" and "行政复议" in c.words for c in guide.checks)


def test_plans_and_projects() -> None:
    planning = kinds()["planning"]
    period = next(c for c in planning.checks if c.kind == "interval")
    assert (period.start, period.end, period.level) == ("period_start", "period_end", "block")
    emergency = kinds()["emergency_plan"].field("event_type")
    assert emergency.choices[:4] == ("自然灾害", "事故灾难", "公共卫生事件", "社会安全事件")
    stages = kinds()["project"].field("stages")
    assert stages.columns[0].choices == ("批准", "招标投标", "征收", "施工", "质量安全", "竣工")
    assert {c.type for c in stages.columns if "日期" in c.label} == {"date"}


def test_topics() -> None:
    topics = tomllib.loads((files("gongkai.records") / "topics.toml").read_text("utf-8"))["topics"]
    assert len(topics) == 22 and topics["其他"] == []
    assert sum(map(len, topics.values())) == 121
    assert "政务公开" in topics["综合政务"] and topics["国防"] == ["国防建设", "国防动员"]
    assert "参事、文史" in topics["综合政务"] and topics["民族、宗教"] == ["民族事务", "宗教事务"]
    for second in topics.values():
        assert len(second) == len(set(second)) and not any("\\" in name for name in second)


GOOD = """\
name = "试验"
group = "试验"
view = "table"
article = "20(15)"
basis = "《政府信息公开条例》第二十条第（十五）项"
gates = ["first", "secrecy", "third"]
required = ["title", "year"]

[[fields]]
key = "year"
label = "年度"
type = "number"

[[fields]]
key = "rows"
label = "名单"
type = "table"
columns = [
  { key = "who", label = "姓名" },
  { key = "paid", label = "金额", type = "money", total = true },
]

[[checks]]
kind = "compare"
left = ["rows.paid"]
right = ["1"]
op = "at_least"
say = "没有金额"

[[cadence]]
kind = "within"
rule = "proactive_publish"

[[masks]]
what = "name"
where = ["rows.who"]
"""

BAD = [
    ("not TOML", 'view = "table"', "view = table", 3, "不是合格的TOML"),
    ("no name", 'name = "试验"\n', "", 1, "缺少 name"),
    ("no gates", 'gates = ["first", "secrecy", "third"]\n', "", 1, "缺少 gates"),
    ("unknown view", 'view = "table"', 'view = "grid"', 3, "view 是“grid”，可用：document、table"),
    ("unknown key", 'article = "20(15)"', 'artikel = "20(15)"', 4, "不认识“artikel”"),
    ("wrong kind of value", 'required = ["title", "year"]', 'required = "title"', 7, "“required”的写法不对"),
    ("text for a number", 'required = ["title", "year"]', 'position = "10"', 7, "应为 整数"),
    ("text for yes or no", 'required = ["title", "year"]', 'numbered = "true"', 7, "应为 true 或 false"),
    ("unknown gate", '["first", "secrecy", "third"]', '["fist", "secrecy"]', 6, "没有“fist”这道关口"),
    ("no secrecy review", '["first", "secrecy", "third"]', '["first", "third"]', 6, "必须有保密审查"),
    ("demands what is not there", '["title", "year"]', '["title", "yeer"]', 7, "required 里的“yeer”"),
    ("field without a label", 'label = "年度"\n', "", 10, "字段 year 缺少 label"),
    ("unknown type", 'type = "number"\n', 'type = "integer"\n', 10, "字段 year 的 type 是“integer”"),
    ("choice without choices", 'type = "number"\n', 'type = "choice"\n', 10, "要写 choices"),
    ("key in capitals", 'key = "year"', 'key = "Year"', 10, "只用小写英文字母"),
    ("key of a common element", 'key = "year"', 'key = "title"', 10, "与公共要素同名"),
    ("the same key twice", 'key = "rows"', 'key = "year"', 10, "字段 year 重复"),
    ("table without columns", 'label = "名单"\ntype = "table"', 'label = "名单"\ntype = "table"\n#', 15, None),
    ("sum of names", 'label = "姓名" }', 'label = "姓名", total = true }', 15, "列 who 不是数，不能合计"),
    ("column of a strange type", 'type = "money"', 'type = "file"', 15, "列 paid 的 type 可用"),
    ("two columns alike", 'key = "who"', 'key = "paid"', 15, "有两列同名"),
    ("chart of nothing", 'type = "table"\n', 'type = "table"\nchart = "sum"\n', 15, "chart 写了“sum”"),
    ("unknown check", 'kind = "compare"', 'kind = "equals"', 23, "第1个 checks 的 kind 可用"),
    ("check that says nothing", 'say = "没有金额"\n', "", 23, "缺少 say"),
    ("check of another column", '"rows.paid"', '"rows.sum"', 23, "表格 rows 没有 sum 这一列"),
    ("check of another field", '"rows.paid"', '"amount"', 23, "写了“amount”，没有这个字段"),
    ("half a check", 'right = ["1"]\n', "", 23, "（compare）没有写全"),
    ("unknown comparison", '"at_least"', '"more"', 23, "op 只能是"),
    ("unknown level", 'op = "at_least"', 'level = "error"', 23, "level 只能是 block 或 warn"),
    ("no such rule of law", '"proactive_publish"', '"publish_soon"', 32, "没有“publish_soon”这条期限规则"),
    ("unknown cadence", 'kind = "within"', 'kind = "weekly"', 30, "第1个 cadence 的 kind 可用"),
    ("cadence without a basis", 'rule = "proactive_publish"\n', "amount = 5\n", 30, "缺少 basis"),
    ("no amount", 'rule = "proactive_publish"', 'basis = "本地规定"', 30, "within 要写 amount"),
    ("trial without a term", 'required = ["title", "year"]', "trial_years = 3", 7, "trial_years 要写正整数"),
    (
        "trial longer than the term",
        'required = ["title", "year"]',
        "max_years = 2\ntrial_years = 3",
        8,
        "不大于 max_years",
    ),
    (
        "trial of no years",
        'required = ["title", "year"]',
        "max_years = 2\ntrial_years = 0",
        8,
        "trial_years 要写正整数",
    ),
    ("unknown mask", 'what = "name"', 'what = "face"', 34, "第1个 masks 的 what 可用"),
    ("mask of nothing", '"rows.who"', '"list.who"', 34, "写了“list.who”，没有这个字段"),
]


def refusal(tmp_path: Path, text: str, name: str = "trial.toml") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(BadKind) as refused:
        loader.read(path)
    return str(refused.value)


def test_the_pattern_of_the_bad_ones_is_good(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text(GOOD, "utf-8")
    kind = loader.read(path)
    assert kind.code == "trial" and kind.cadence[0].basis == "《政府信息公开条例》第二十六条"


@pytest.mark.parametrize(("old", "new", "line", "reason"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_file_is_refused_with_line_and_reason(
    tmp_path: Path, old: str, new: str, line: int, reason: str | None
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if reason is None:
        text, reason = re.sub(r"#?\ncolumns = \[.*?\n\]", "", text, flags=re.S), "表格 rows 要写 columns"
    said = refusal(tmp_path, text)
    assert said.startswith("trial.toml") and reason in said
    assert f"第{line}行" in said or f"(at line {line}," in said


def test_the_name_of_the_file_is_the_code(tmp_path: Path) -> None:
    assert "文件名只用小写英文字母" in refusal(tmp_path, GOOD, "Trial-1.toml")


def test_a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trial.toml").write_text(GOOD, "utf-8")
    (tmp_path / "news.toml").write_text(GOOD.replace("试验", "本地动态"), "utf-8")
    monkeypatch.setenv("GONGKAI_KINDS", str(tmp_path))
    loader.forget()
    assert set(kinds()) == {*EXPECTED, "trial"}
    assert kinds()["news"].name == "本地动态", "the office's own stands for the one that travels with the program"


def test_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_KINDS", str(tmp_path / "none"))
    loader.forget()
    with pytest.raises(BadKind, match="没有这个文件夹"):
        kinds()


def test_a_record_of_a_kind_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = '\n[[fields]]\nkey = "of"\nlabel = "文件"\ntype = "record"\nkinds = ["law"]\n'
    (tmp_path / "trial.toml").write_text(GOOD + more, "utf-8")
    monkeypatch.setenv("GONGKAI_KINDS", str(tmp_path))
    loader.forget()
    with pytest.raises(BadKind, match=r"trial\.toml：字段 of 的 kinds 写了“law”"):
        kinds()


@pytest.mark.tree
class TestPage:
    """docs/kinds.md tells the truth."""

    text = property(lambda self: (ROOT / "docs" / "kinds.md").read_text("utf-8"))

    def example(self) -> str:
        found = re.search(r"`(\w+)\.toml`[^\n]*\n\n```toml\n(.*?)```", self.text, re.S)
        assert found is not None and found[1] == "homestead"
        return found[2]

    def test_the_example_loads(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "homestead.toml").write_text(self.example(), "utf-8")
        monkeypatch.setenv("GONGKAI_KINDS", str(tmp_path))
        loader.forget()
        kind = kinds()["homestead"]
        assert kind.name == "宅基地审批结果" and list(kinds())[-1] == "homestead"
        assert {c.kind for c in kind.checks} == set(loader.CHECKS), "every check is shown once"
        assert {f.type for f in kind.fields} == set(loader.FIELD_TYPES) - {"money", "organisation"}

    def test_the_refusal_is_the_one_printed(self, tmp_path: Path) -> None:
        text = self.example()
        at = text.index('key = "total_area"')
        wrong = text[:at] + text[at:].replace('type = "number"', 'type = "area"', 1)
        assert f"\n{refusal(tmp_path, wrong, 'homestead.toml')}\n" in self.text

    def test_every_key_is_explained(self) -> None:
        for one in (Kind, Field, loader.Column, loader.Check, loader.Cadence, loader.Mask):
            for key in set(one.__annotations__) - {"code", "fields", "checks", "cadence", "masks"}:
                assert f"`{key}`" in self.text, f"{one.__name__}.{key}"
        for words in (loader.FIELD_TYPES, loader.VIEWS, loader.AUDIENCES, loader.MASKS, loader.CADENCES, loader.CHECKS):
            assert all(f"`{word}`" in self.text for word in words)
        assert all(f"`{key}` {label}" in self.text for key, label in loader.COMMON.items())
        assert all(f"`{group.code}` {group.name}" in self.text for group in list(loader.gates().values())[:5])
