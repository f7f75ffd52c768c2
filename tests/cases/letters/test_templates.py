"""Templates that an office changed, and templates that somebody made to do harm."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from typing import Any

import pytest
from docx import Document

from gongkai.base.issues import Refused
from gongkai.cases.letters import check_template, fill, kinds, plain_text, preview, sample, template
from gongkai.cases.letters.tags import Tags
from tests.cases.letters.given import FIELDS, adding, edited, part, with_parts


def rules(code: str, data: bytes) -> set[str]:
    """The rules that a template breaks; that it is refused when filled is part of it."""
    found = check_template(code, data)
    assert all(i.say.endswith("。") and i.rule.startswith("letter.template.") for i in found)
    if found:
        with pytest.raises(Refused):
            fill(code, FIELDS, data)
    return {i.rule.removeprefix("letter.template.") for i in found}


@pytest.mark.parametrize("code", list(kinds()))
def test_the_built_in_templates_may_be_used(code: str) -> None:
    assert check_template(code, template(code)) == []
    assert set(sample(code)) >= set(kinds()[code].needs)
    assert "{" not in plain_text(preview(code, template(code)))


@pytest.mark.parametrize("code", list(kinds()))
def test_a_tag_lies_in_one_run(code: str) -> None:
    """Else a clerk who edits it in Word changes half of it."""
    document = Document(io.BytesIO(template(code)))
    cells = [p for t in document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs]
    for paragraph in [*document.paragraphs, *cells]:
        for run in paragraph.runs:
            assert run.text.count("{{") == run.text.count("}}") and run.text.count("{%") == run.text.count("%}")


def test_a_clerk_changes_a_sentence() -> None:
    def change(document: Any) -> None:
        for paragraph in document.paragraphs:
            for run in paragraph.runs:
                if "决定予以公开。" in run.text:
                    run.text = run.text.replace("决定予以公开。", "决定向你（单位）公开。感谢对本机关工作的监督。")
        document.sections[0].header.paragraphs[0].add_run("{{ organ }}用笺")

    mine = edited("disclosed", change)
    assert check_template("disclosed", mine) == []
    made = fill("disclosed", FIELDS, mine)
    assert "决定向你（单位）公开。感谢对本机关工作的监督。" in plain_text(made)
    assert "决定予以公开。" not in plain_text(made)
    header = Document(io.BytesIO(made)).sections[0].header.paragraphs[0].text
    assert header == "青禾县清溪镇人民政府用笺"


def test_a_tag_that_word_split_is_put_together() -> None:
    def change(document: Any) -> None:
        paragraph = document.add_paragraph("请到")
        for piece in ("{", "{ organ", "_address", " }", "}"):
            paragraph.add_run(piece)

    assert "请到青禾县清溪镇河沿街2号" in plain_text(fill("disclosed", FIELDS, edited("disclosed", change)))


def test_who_wrote_it_is_left_out() -> None:
    def change(document: Any) -> None:
        document.core_properties.author = document.core_properties.last_modified_by = "某某某"
        document.core_properties.comments = "{{ 7 * 7 }}"

    mine = with_parts(
        edited("disclosed", change), docProps__app_dot_xml=b"<Properties>C:/some/template.dotm</Properties>"
    )
    made = fill("disclosed", FIELDS, mine)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        everything = b"".join(archive.read(n) for n in archive.namelist()).decode("utf-8", "replace")
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
    for trace in ("某某某", "python-docx", "template.dotm", "7 * 7"):
        assert trace not in everything
    core = Document(io.BytesIO(made)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.title == "政府信息公开申请答复书"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ organ.__class__ }}",
        "{{ organ.upper() }}",
        "{{ organ[0] }}",
        "{{ loop.index }}",
        "{{ self }}{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ range(10**9)|list }}",
        "{{ 9**9**9**9 }}",
        "{{ 'a' * 10**9 }}",
        "{{ organ ~ organ }}",
        "{{ organ|attr('__class__') }}",
        "{{ organ|center(100000000) }}",
        "{{ organ|pprint }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for a in attachments recursive %}{{ loop(attachments) }}{% endfor %}",
        "{% for a in attachments %}{% for b in attachments %}x{% endfor %}{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% import 'os' as os %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% raw %}x{% endraw %}",
        "{% if organ is defined %}x{% endif %}",
        "{% if 10**10**10 %}x{% endif %}",
        "{%- if organ %}x{% endif %}",
        "{% cellbg organ %}",
        "{% vm %}",
        "{{r organ }}",
        "{{" + "(" * 3000 + "}}",
    ],
)
def test_what_jinja_could_do_and_a_template_may_not(tag: str) -> None:
    started = time.monotonic()
    assert rules("disclosed", adding("disclosed", tag)) & {"tag", "field"}
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "tag",
    [
        "{{ organ.__class__ }}",
        "{{ range(10**9)|list }}",
        "{{ 9**9**9**9 }}",
        "{{ organ ~ organ }}",
        "{% for a in attachments recursive %}{{ loop(attachments) }}{% endfor %}",
        "{% for a in attachments %}{% for b in attachments %}x{% endfor %}{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{{" + "(" * 3000 + "}}",
    ],
)
def test_the_second_look_refuses_alone(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the reader of tags ever miss one, what Jinja would be given is looked at again, and nothing is run."""

    def blind(self: Tags, root: object) -> None:
        self.printed = set(self.kind.needs)

    monkeypatch.setattr(Tags, "read", blind)
    assert check_template("disclosed", template("disclosed")) == []
    started = time.monotonic()
    assert rules("disclosed", adding("disclosed", tag)) & {"tag", "syntax"}
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        (["{{ organ }"], "braces"),
        (["{ organ }}"], "braces"),
        (["｛｛ organ ｝｝"], "braces"),
        (["{{ orgam }}"], "field"),
        (["{{ id_number }}"], "field"),
        (["{{ pay_how }}"], "field"),
        (["{{ attachments }}"], "tag"),
        (["{{ asked|date }}"], "tag"),
        (["{{ asked|upper }}"], "tag"),
        (["{% if form %}有"], "syntax"),
        (["{% endif %}"], "syntax"),
        (["{%p if form %}", "有"], "syntax"),
        (["{%p if form %}", "有", "{% endif %}"], "syntax"),
        (["{%p if form %}同段的文字", "{%p endif %}"], "syntax"),
        (["{% if form %}", "有", "{% endif %}"], "syntax"),
        (["{% for one in asked %}{{ one }}{% endfor %}"], "tag"),
        (["{% for organ in attachments %}{{ organ }}{% endfor %}"], "tag"),
    ],
)
def test_slips_of_a_clerk_are_told(texts: list[str], rule: str) -> None:
    assert rules("disclosed", adding("disclosed", *texts)) == {rule}


def test_a_pair_may_not_reach_from_cell_to_cell() -> None:
    def change(document: Any) -> None:
        cells = document.tables[0].rows[0].cells
        cells[1].add_paragraph("{%p if drafter %}")
        cells[3].add_paragraph("{%p endif %}")

    assert rules("registration", edited("registration", change)) == {"syntax"}


def test_what_the_law_wants_told_may_not_be_left_out() -> None:
    """第三十六条第（三）项: reasons. 行政复议法第二十三条第二款: that reconsideration comes first."""

    def without(document: Any) -> None:
        for paragraph in list(document.paragraphs):
            if "{{ reason" in paragraph.text or "{{ remedy" in paragraph.text:
                paragraph._element.getparent().remove(paragraph._element)

    found = check_template("refused_safety", edited("refused_safety", without))
    assert {(i.rule, i.field) for i in found} == {
        ("letter.template.missing", "reason"),
        ("letter.template.missing", "remedy"),
    }
    assert "救济途径" in " ".join(i.say for i in found)


def test_a_condition_is_no_promise() -> None:
    def conditional(document: Any) -> None:
        for paragraph in document.paragraphs:
            if paragraph.text == "{{ remedy }}":
                paragraph.runs[0].text = "{% if form %}{{ remedy }}{% endif %}"

    assert rules("refused_safety", edited("refused_safety", conditional)) == {"missing"}


@pytest.mark.parametrize("name", ["applicant", "addressee", "phone", "asked", "code", "id_number", "address"])
def test_no_template_tells_a_third_party_who_asked(name: str) -> None:
    data = adding("third_party", f"{{{{ {name} }}}}", f"{{% if {name} %}}有{{% endif %}}")
    assert rules("third_party", data) == {"personal"}


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x03\x04" + b"\0" * 60, b"{\\rtf1}", b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_docx(data: bytes) -> None:
    assert rules("disclosed", data) == {"file"}


def test_other_packages() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", "a")
    assert rules("disclosed", held.getvalue()) == {"file"}
    whole = template("disclosed")
    assert rules("disclosed", whole[: len(whole) // 2]) == {"file"}
    assert rules("disclosed", with_parts(whole, word__document_dot_xml=b"<w:document")) == {"file"}
    assert rules("disclosed", with_parts(whole, word__document_dot_xml=b"<a/>")) & {"file", "missing"}


def test_macros() -> None:
    whole = template("disclosed")
    assert rules("disclosed", with_parts(whole, word__vbaProject_dot_bin=b"x")) == {"macro"}
    kind = part(whole, "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert rules("disclosed", with_parts(whole, **{"[Content_Types]_dot_xml": kind.encode()})) == {"macro"}


def test_bombs() -> None:
    whole = template("disclosed")
    assert rules("disclosed", with_parts(whole, word__media__a_dot_png=b"\0" * 80_000_000)) <= {"file", "size"}
    assert rules("disclosed", with_parts(whole, word__extra_dot_xml=b"<a>" + b" " * 5_000_000 + b"</a>")) == {"size"}
    assert rules("disclosed", whole + b"\0" * 5_000_000) == {"size"}
    many = {f"word__x{n}_dot_xml": b"<a/>" for n in range(400)}
    assert rules("disclosed", with_parts(whole, **many)) == {"size"}
    entity = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>' + part(whole).split("?>", 1)[1]
    assert rules("disclosed", with_parts(whole, word__document_dot_xml=entity.encode())) == {"file"}


def test_a_length_that_lies() -> None:
    """The directory of the package says a part is small; what is read stays within what it says."""
    data = bytearray(with_parts(template("disclosed"), word__extra_dot_xml=b"<a>" + b" " * 9_000_000 + b"</a>"))
    at = data.rindex(b"word/extra.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert rules("disclosed", bytes(data)) == {"file"}


@pytest.mark.parametrize("filler", ["<w:p><w:r><w:t>%</w:t></w:r></w:p>", "<w:p/>", "<w:p><w:r/><w:r/></w:p>"])
def test_much_markup_ends_soon(filler: str) -> None:
    """What is too much is refused at once; what is just allowed is filled in a few seconds."""
    body, whole = part(template("disclosed")), template("disclosed")

    def padded(elements: int) -> bytes:
        mine = body.replace("<w:sectPr", filler * (elements // filler.count("<w:")) + "<w:sectPr", 1)
        return with_parts(whole, word__document_dot_xml=mine.encode())

    started = time.monotonic()
    assert rules("disclosed", padded(120_000)) == {"size"}
    assert rules("disclosed", padded(15_000)) == set()
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        ('<w:p><w:ins w:id="1" w:author="某"><w:r><w:t>改</w:t></w:r></w:ins></w:p>', "revision"),
        ('<w:p><w:del w:id="1" w:author="某"><w:r><w:delText>删</w:delText></w:r></w:del></w:p>', "revision"),
        ('<w:p><w:r><w:commentReference w:id="0"/></w:r></w:p>', "revision"),
        ('<w:p><w:fldSimple w:instr="INCLUDETEXT &quot;/etc/hostname&quot;"/></w:p>', "link"),
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDE</w:instrText></w:r>'
            '<w:r><w:instrText>PICTURE x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
            "link",
        ),
        ("<w:p><w:r><w:object/></w:r></w:p>", "object"),
        ('<w:p><w:pPr><w:pStyle w:val="{{ organ }}"/></w:pPr></w:p>', "place"),
        ("<w:p><w:r><w:instrText>{{ organ }}</w:instrText></w:r></w:p>", "place"),
        ("<w:p><!-- {{ 7 * 7 }} --></w:p>", "place"),
        # Between the halves of a tag stands another paragraph, in a text box: put together it would be {{ organ().x }}.
        (
            "<w:p><w:r><w:t>{{ organ</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>().x</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r><w:r><w:t> }}</w:t></w:r></w:p>",
            "braces",
        ),
    ],
)
def test_markup_that_hides_something(xml: str, rule: str) -> None:
    whole = template("disclosed")
    mine = part(whole).replace("<w:sectPr", xml + "<w:sectPr", 1)
    assert rule in rules("disclosed", with_parts(whole, word__document_dot_xml=mine.encode()))


@pytest.mark.parametrize(
    ("kind", "target", "rule"),
    [
        ("image", "https://example.com/pixel.png", "link"),
        ("hyperlink", "file:///etc/hostname", "link"),
        ("hyperlink", "javascript:alert(1)", "link"),
        ("oleObject", "file:///x", "object"),
        ("aFChunk", "x.html", "object"),
        ("hyperlink", "https://qinghe.example/", ""),
        ("attachedTemplate", "file:///C:/Users/somebody/Normal.dotm", ""),
    ],
)
def test_what_leads_outside(kind: str, target: str, rule: str) -> None:
    whole = template("disclosed")
    relation = (
        '<Relationship Id="rId99" TargetMode="External" Target="'
        + target
        + f'" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    mine = part(whole, "word/_rels/document.xml.rels").replace("</Relationships>", relation)
    data = with_parts(whole, **{"word___rels__document_dot_xml_dot_rels": mine.encode()})
    assert rules("disclosed", data) == ({rule} if rule else set())
    if kind == "attachedTemplate":
        assert "somebody" not in part(fill("disclosed", FIELDS, data), "word/_rels/document.xml.rels")
