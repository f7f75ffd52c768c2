"""What was typed or pasted, taken in: cleaned, typed, nothing guessed."""

import datetime as dt

import pytest

from gongkai.records.content import amount, clean, cover_html, pasted, take, text_of
from gongkai.records.kinds import Column, Field, Kind

KIND = Kind(
    code="trial",
    name="试验",
    group="试",
    view="table",
    article="20(15)",
    basis="条例第二十条",
    gates=("secrecy",),
    fields=(
        Field(
            "rows", "发放表", "table", columns=(Column("name", "姓名", required=True), Column("sum", "金额", "money"))
        ),
        Field("level", "级别", "choice", choices=("政府", "部门")),
        Field("since", "起", "date"),
        Field("documents", "文件", "record", relation="interprets", many=True),
    ),
)


def test_plain_text_becomes_paragraphs_and_tables() -> None:
    made = clean("第一条 为了规范……\n\n| 档次 | 金额 |\n|---|---|\n| 一档 | 80 |\n\n第二条 <试行>")
    assert made.startswith("<p>第一条 为了规范……</p>")
    assert "<th>档次</th><th>金额</th>" in made and "<td>一档</td><td>80</td>" in made
    assert made.endswith("<p>第二条 &lt;试行&gt;</p>")


def test_word_is_cleaned_and_keeps_its_tables() -> None:
    pasted = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body>'
        '<h1 class="MsoTitle">标题</h1><div class=WordSection1><p class=MsoNormal style="mso-x:1"><o:p>&nbsp;</o:p></p>'
        '<p class=MsoNormal onclick="alert(1)">正文<span style="mso-font:x">一</span></p></div>'
        '<table><tr><td rowspan=2 style="width:3cm">甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>'
        '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">坏</a></body></html>'
    )
    made = clean(pasted)
    assert "<h2>标题</h2>" in made and '<td rowspan="2">甲</td>' in made and "正文一" in made
    for bad in ("script", "onclick", "onerror", "javascript", "style", "Mso", "<img", "o:p"):
        assert bad not in made


def test_words_of_html() -> None:
    assert text_of("<p>一</p><table><tr><td>甲</td><td>乙</td></tr></table><p>A&amp;B</p>") == "一\n甲\t乙\nA&B"


@pytest.mark.parametrize(
    ("raw", "exact"), [("1,234.50", "1234.50"), ("１２３４", "1234"), ("-3", "-3"), (" 0.10 ", "0.10"), (80, "80")]
)
def test_amounts_are_exact(raw: object, exact: str) -> None:
    assert format(amount(raw) or 0, "f") == exact


@pytest.mark.parametrize("raw", ["约八十", "NaN", "Infinity", "12元", "1e"])
def test_what_is_no_number(raw: str) -> None:
    assert amount(raw) is None


def test_typed_values() -> None:
    taken = take(
        KIND,
        {
            "title": "  发放　公示 ",
            "document_number": "青民发[2026]第3号",
            "formed": "2026年3月5日",
            "fields": {
                "rows": "姓名\t金额（元）\n张*\t1,200\n李*\t800.5\n",
                "level": "部门",
                "since": "2026/3/1",
                "documents": "3，5 3",
            },
        },
    )
    assert taken.issues == []
    assert taken.values["title"] == "发放 公示"
    assert taken.values["document_number"] == "青民发〔2026〕3号"
    assert taken.values["formed"] == dt.date(2026, 3, 5)
    assert taken.values["fields"]["rows"] == [{"name": "张*", "sum": "1200"}, {"name": "李*", "sum": "800.5"}]
    assert taken.values["fields"]["documents"] == [3, 5] and taken.values["fields"]["since"] == "2026-03-01"


def test_what_is_wrong_is_said_where_it_is() -> None:
    taken = take(
        KIND,
        {
            "formed": "三月五日",
            "audience": "everyone",
            "fields": {
                "rows": [{"name": "", "sum": "八百"}, {"name": "", "sum": ""}],
                "level": "省级",
                "since": "2026-02-30",
            },
        },
    )
    said = {i.field: i.say for i in taken.issues}
    assert "2026-03-05" in said["formed"] and "从列出的" in said["audience"]
    assert "省级" not in said["fields.level"] and "政府、部门" in said["fields.level"]
    assert "2026-02-30" in said["fields.since"]
    assert [i.say for i in taken.issues if i.field == "fields.rows"] == [
        "发放表第1行姓名没有填。",
        "发放表第1行金额要填数字，现在是“八百”。",
    ]


def test_covering_keeps_the_markup() -> None:
    def stars(text: str) -> str:
        return text.replace("13812345678", "138****5678")

    held = (
        "<p>电话<b>138</b>12345678。</p><table><tr><td>13812345678</td><td>甲&amp;乙</td></tr></table><p>无<br>关</p>"
    )
    assert cover_html(held, stars) == (
        "<p>电话138****5678。</p><table><tr><td>138****5678</td><td>甲&amp;乙</td></tr></table><p>无<br>关</p>"
    )


def test_a_pasted_sheet_with_few_columns_is_known_by_its_headings() -> None:
    columns = tuple(Column(key, label) for key, label in (("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁")))
    assert pasted(Field("t", "表", "table", columns=columns), "丙\n3\n4") == [{"c": "3"}, {"c": "4"}]
