"""Papers of a request at the desk: what came, the copy that is supplied, what is taken out again."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from docx import Document

from gongkai.base.actions import path_of
from gongkai.base.models import Event
from gongkai.cases import actions
from gongkai.cases.models import Attachment
from gongkai.law.outcomes import must
from gongkai.papers.redaction import Cover
from tests.desk import TODAY
from tests.desk.asked import SignedIn, at, make, who, with_payment


@pytest.fixture(autouse=True)
def _pay(county: None) -> None:
    with_payment()


def paper_file(*lines: str) -> bytes:
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_papers_and_the_copy_that_is_supplied(signed_in: SignedIn) -> None:
    case = make()
    clerk = signed_in("shen.yihe")
    assert clerk.post(at("papers", case), {"kind": "source"}).status_code == 422
    assert (
        clerk.post(at("papers", case), {"kind": "supplied", "file": SimpleUploadedFile("x.docx", b"x")}).status_code
        == 422
    )
    data = paper_file("养护合同", "联系人张小满，电话13911112222。", "金额10万元。")
    assert (
        clerk.post(at("papers", case), {"kind": "source", "file": SimpleUploadedFile("合同.docx", data)}).status_code
        == 302
    )
    source = Attachment.objects.get(case=case)
    assert clerk.get(at("papers", case)).status_code == 200
    got = clerk.get(at("paper", case, source.pk))
    assert got.content == data and got.headers["Content-Disposition"].startswith("attachment")
    address = at("supply", case, source.pk)
    row = {"words-0-text": "张小满", "words-0-reason": "", "words-1-text": "13911112222", "words-1-reason": "个人隐私"}
    found = clerk.post(address, {**row, "do": "find"})
    assert found.status_code == 200 and "找到1处" in found.content.decode()
    refused = clerk.post(address, {**row, "do": "make"})
    assert refused.status_code == 422 and "每一处遮盖都要写明理由" in refused.content.decode()
    assert 'value="13911112222"' in refused.content.decode()
    assert clerk.post(address, {**row, "do": "more"}).status_code == 200
    nowhere = clerk.post(address, {"words-0-text": "没有的话", "words-0-reason": "隐私", "do": "make"})
    assert nowhere.status_code == 422 and "没有找到" in nowhere.content.decode()
    assert clerk.post(address, {"do": "make"}).status_code == 422
    assert clerk.post(address, {**row, "words-0-reason": "个人隐私", "do": "make"}).status_code == 302
    copy = Attachment.objects.get(case=case, kind="supplied")
    out = clerk.get(at("paper", case, copy.pk)).content
    text = "\n".join(p.text for p in Document(io.BytesIO(out)).paragraphs)
    assert "张小满" not in text and "13911112222" not in text and "金额10万元" in text
    assert len(copy.covered) == 2 and "遮盖了2处" in clerk.get(at("papers", case)).content.decode()
    assert clerk.post(address, {"do": "whole"}).status_code == 422  # one slip must not give away the whole
    assert clerk.post(address, {"do": "whole", "sure": "1"}).status_code == 302
    assert clerk.get(at("supply", case, copy.pk)).status_code == 404
    other = make()
    assert clerk.get(at("paper", other, source.pk)).status_code == 404
    assert signed_in("ding.yichen").get(at("paper", case, source.pk)).status_code == 404
    kept = actions.attach(case.pk, "identity", "身份证.pdf", b"%PDF-1.4", actor=who("shen.yihe"), on=TODAY)
    assert signed_in("fan.siyuan").get(at("paper", case, kept.pk)).status_code == 422
    assert clerk.get(at("paper", case, kept.pk)).status_code == 200
    assert Event.objects.filter(verb="open_paper", subject_id=str(case.pk)).exists()


def test_a_pdf_is_covered_by_page_and_box(signed_in: SignedIn) -> None:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(100, 700, "SECRET NAME")
    canvas.drawString(100, 100, "public")
    canvas.save()
    case = make()
    clerk = signed_in("shen.yihe")
    source = actions.attach(case.pk, "source", "表.pdf", out.getvalue(), actor=who("shen.yihe"), on=TODAY)
    address = at("supply", case, source.pk)
    assert "按页面上的区域遮盖" in clerk.get(address).content.decode()
    row = {
        "areas-0-page": "一",
        "areas-0-left": "3.2",
        "areas-0-top": "4.2",
        "areas-0-right": "10.6",
        "areas-0-bottom": "5.65",
    }
    refused = clerk.post(address, {**row, "areas-0-reason": "隐私", "do": "make"})
    assert (
        refused.status_code == 422
        and "写数字" in refused.content.decode()
        and 'value="10.6"' in refused.content.decode()
    )
    assert clerk.post(address, {**row, "areas-0-page": "1", "areas-0-reason": "隐私", "do": "make"}).status_code == 302
    made = Attachment.objects.get(case=case, kind="supplied")
    assert made.covered and "第1页" in made.covered[0]
    assert 'data-page="1" data-width="20.99' in clerk.get(address).content.decode()
    drawn = clerk.get(at("paper-page", case, source.pk, 1))
    assert drawn.content.startswith(b"\x89PNG") and "no-store" in drawn.headers["Cache-Control"]
    assert clerk.get(at("paper-page", case, source.pk, 2)).status_code == 404
    assert clerk.get(at("paper-page", case, made.pk, 1)).status_code == 404
    assert signed_in("fan.siyuan").get(at("paper-page", case, source.pk, 1)).status_code == 422
    assert signed_in("ding.yichen").get(at("paper-page", case, source.pk, 1)).status_code == 404


def test_a_paper_is_taken_out_with_its_copy_first(signed_in: SignedIn) -> None:
    """The page asks why; what a copy was made of stays until the copy is out; afterwards neither row nor file is there."""
    case, clerk = make(), signed_in("shen.yihe")
    source = actions.attach(case.pk, "source", "表.txt", b"1", actor=who("shen.yihe"), on=TODAY)
    copy = actions.supply(case.pk, source.pk, [], actor=who("shen.yihe"), on=TODAY)
    page = clerk.get(at("papers", case)).content.decode()
    assert page.count("撤下这份材料") == 2 and at("paper-out", case, copy.pk) in page
    for paper, why, says in ((copy, " ", "为什么撤下"), (source, "传错了", "请先撤下副本")):
        refused = clerk.post(at("paper-out", case, paper.pk), {"why": why})
        assert refused.status_code == 422 and says in refused.content.decode()
    for paper in (copy, source):
        kept = path_of(paper.file_id)
        assert kept.exists()
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert clerk.post(at("paper-out", case, paper.pk), {"why": "传错了"}).status_code == 302
        assert not kept.exists()
    assert not Attachment.objects.filter(case=case).exists()
    assert "还没有材料" in clerk.get(at("papers", case)).content.decode()


def test_partial_disclosure_without_a_covered_copy_is_told_to_who_checks(signed_in: SignedIn) -> None:
    case, clerk = make(), {"actor": who("shen.yihe"), "on": TODAY}
    texts = {c: "含有他人住址" for c in must("partial", "process") if c not in ("ground", "separable", "category")}
    actions.draft_answer(case.pk, "partial", texts, ground="process", separable=True, category="讨论记录", **clerk)
    page = signed_in("fan.siyuan").get(at("review", case)).content.decode()
    assert "还没有遮盖过的副本" in page
    actions.return_answer(case.pk, "请补副本", actor=who("fan.siyuan"), on=TODAY)
    source = actions.attach(case.pk, "source", "表.docx", paper_file("住址槐树街9号"), **clerk)
    actions.supply(case.pk, source.pk, [Cover("槐树街9号", "个人隐私")], **clerk)
    actions.draft_answer(case.pk, "partial", texts, ground="process", separable=True, category="讨论记录", **clerk)
    assert "还没有遮盖过的副本" not in signed_in("fan.siyuan").get(at("review", case)).content.decode()
