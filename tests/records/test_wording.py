"""Wrong words, marks of secrecy, maps without a number, links."""

from __future__ import annotations

import pytest

from gongkai.records.checks import links, marks, wording


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("请登陆网站查询。", "登陆网站", "登录网站"),
        ("输入帐号和密码。", "帐号", "账号"),
        ("对防汛工作作出布署。", "布署", "部署"),
        ("按装路灯62盏。", "按装", "安装"),
        ("截止目前，已办结138件。", "截止目前", "截至目前"),
        ("群众反应问题18个。", "反应问题", "反映问题"),
        ("再接再励，一鼓作气。", "再接再励", "再接再厉"),
        ("认真旅行职责。", "旅行职责", "履行职责"),
        ("中国和台湾的贸易", "中国和台湾", "大陆和台湾"),
        ("由区国土资源局负责。", "国土资源局", "自然资源局"),
        ("坚持一国两治方针。", "一国两治", "一国两制"),
        ("发布招聘启示一则。", "招聘启示", "招聘启事"),
        ("省级以上证卷机构", "证卷", "证券"),
    ],
)
def test_is_found_with_the_right_one(text: str, wrong: str, right: str) -> None:
    (one,) = wording.find(text)
    assert (one.rule, one.level, one.found, one.masked) == ("wording", "warn", wrong, right)
    assert f"“{wrong}”应为“{right}”" in one.say


@pytest.mark.parametrize(
    "text",
    [
        "台风“海葵”登陆广东沿海。",
        "在候车厅内设置公开专栏。",
        "报纸公布署名文章。",
        "按装机容量计算，按装修面积收费。",
        "取证卷宗齐全。",
        "发放救灾帐篷138顶，群众已搬入帐篷。",
        "农业部门和环境保护部门联合检查。",
        "人民政治协商会议阳东区委员会",
        "改善长期缺水的状况，慈善长跑活动",
        "交通迅速恢复，消防迅速到场，吸引外资迅猛增长",
        "药材政策、钢材政策",
        "拖延申请不予受理",
        "首批露天煤矿",
        "一座标准厂房落成",
        "究竟争取了多少资金",
        "学生返回教室，秘书纪律严明",
        "中国和台湾海峡的水文",
        "公招开始报名，校招开放日",
        "彻查清彻底整改",
        "产业圆满收官，办公圆满完成",
        "关注消费者权益，如申报消防验收",
    ],
)
def test_right_words_are_left_alone(text: str) -> None:
    assert wording.find(text) == []


def test_the_rules_hold() -> None:
    rules = wording.rules()
    assert len(rules) >= 150
    wrong = {r.wrong for r in rules}
    for rule in rules:
        assert wording.find(rule.right) == [] or rule.right in wrong, rule
        assert [f.found for f in wording.find(f"，{rule.wrong}。")] == [rule.wrong]
        for longer, _ in rule.besides:
            assert rule.wrong not in [f.found for f in wording.find(longer)], longer


def test_places_are_for_people() -> None:
    found = wording.find("第一段\n请登陆系统，核对帐单。")
    assert [(f.found, f.where) for f in found] == [("登陆系统", "第2段"), ("帐单", "第2段")]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("秘密★1年\n阳东区人民政府文件", "秘密★1年"),
        ("机密★", "机密★"),
        ("绝密★长期", "绝密★长期"),
        ("机　密\n关于某事的报告", "机　密"),
        ("密级：秘密", "秘密"),
        ("内部资料 注意保存", "内部资料 注意保存"),
        ("内部资料，注意保存", "内部资料，注意保存"),
        ("（内部文件）", "内部文件"),
        ("仅供内部参考", "仅供内部参考"),
        ("此件不得外传。", "不得外传"),
        ("工作秘密", "工作秘密"),
        ("【秘密】", "秘密"),
    ],
)
def test_marks_are_found(text: str, mark: str) -> None:
    (one,) = marks.find(text)
    assert (one.level, one.found) == ("block", mark)


@pytest.mark.parametrize(
    "text",
    [
        "依照《中华人民共和国保守国家秘密法》进行保密审查。",
        "涉及商业秘密、个人隐私的不予公开。",
        "不得泄露国家秘密、工作秘密和商业秘密。",
        "加强工作秘密管理。",
        "经审查不属于国家秘密、工作秘密。",
        "工作秘密事项清单",
        "标有“内部资料 注意保存”字样的文件不得公开。",
        "机密级以上人员",
        "本公司商业秘密权利人",
    ],
)
def test_talk_about_secrecy_is_no_mark(text: str) -> None:
    assert marks.find(text) == []


@pytest.mark.parametrize(
    "number",
    [
        "GS（2023）1234号",
        "粤S(2022)045号",
        "审图号：粤S〔2022〕045号",
        "GS京[2023]0138号",
        "粤BS（2023）12号",
        "GS 【2019】 1822 号",
    ],
)
def test_a_map_with_its_number_is_right(number: str) -> None:
    assert marks.map_number(number)
    assert marks.maps(f"正文……{number}", ["阳东区行政区划图.jpg"]) == []


def test_a_map_without_a_number() -> None:
    (one,) = marks.maps("正文，文号东府〔2023〕12号", ["项目位置示意图.png"])
    assert (one.level, one.where) == ("warn", "项目位置示意图.png")
    (ticked,) = marks.maps("正文", ticked=True)
    assert ticked.level == "block"
    assert marks.maps("正文", ["办事流程示意图.png", "网站地图", "附件1.docx"]) == []
    assert marks.maps("正文", ["区位图 粤S（2022）045号.jpg"]) == []


def test_links_are_taken_out() -> None:
    html = '<p><a href="/a/1">一</a><a href="https://b.cn/x">二<b>三</b></a><a href="#top">顶</a><a href="https://own.gov.cn/y">自己</a><img src="files/m.png" alt="区位图"><a href="javascript:x()">坏</a><a href="//c.cn/z">四'
    own = frozenset({"own.gov.cn"})
    assert links.local_links(html, own) == ["/a/1", "https://own.gov.cn/y", "files/m.png"]
    assert links.outside_links(html, own) == ["https://b.cn/x", "//c.cn/z"]
    assert links.alternative_texts(html) == ["区位图"]
    assert links.links(html)[1] == links.Link("https://b.cn/x", "二三")
