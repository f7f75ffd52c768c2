"""The form of every kind: it opens, what is typed is kept, what is wrong is told at its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from gongkai.records.kinds import Kind, kind_of, kinds
from gongkai.records.models import Draft, Record

SignedIn = Callable[[str], Client]
KINDS = sorted(kinds())


def form(answer: Any) -> dict[str, Any]:
    """What a browser would send back of the form as it stands."""
    page = html.fromstring(answer.content.decode())
    (found,) = page.xpath("//form[@id='record-form']")
    sent: dict[str, Any] = {}
    for field in found.xpath(".//input|.//select|.//textarea"):
        name = field.get("name")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.tag == "select":
            chosen = field.xpath(".//option[@selected]") or field.xpath(".//option")[:1]
            sent[name] = chosen[0].get("value", chosen[0].text_content()) if chosen else ""
        elif field.tag == "textarea":
            sent[name] = field.text or ""
        elif field.get("type") in ("checkbox", "radio"):
            if field.get("checked") is not None:
                sent.setdefault(name, []).append(field.get("value"))
        else:
            sent[name] = field.get("value", "")
    return sent


def filled(kind: Kind, sent: dict[str, Any]) -> dict[str, Any]:
    """Every field with something that fits it."""
    common = {
        "title": f"关于{kind.name}的一条信息",
        "document_number": "青司[2026]第08号",
        "topic": "综合政务\\政务公开",
        "formed": "2026-11-01",
        "effective": "2026-12-01",
        "summary": "写一句概述。",
        "contact": "县司法局法规股 0750-1234567",
        "body": "<p>第一条　为了公开，制定本办法。</p>",
    }
    out = {**sent, **{k: v for k, v in common.items() if k in sent}}
    for one in kind.fields:
        name = f"fields.{one.key}"
        if one.type == "table":
            for column in one.columns:
                out[f"{name}.0.{column.key}"] = _value(column.type, column.choices)
        elif one.type not in ("record", "file", "organisation"):
            out[name] = _value(one.type, one.choices)
    return out


def _value(kind: str, choices: tuple[str, ...]) -> str:
    if kind == "choice":
        return choices[0]
    return {"date": "2026-11-02", "number": "12", "money": "1,234.50", "rich": "<p>一段话。</p>"}.get(kind, "写一点")


def test_there_are_the_kinds() -> None:
    assert len(KINDS) >= 22


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_opens_and_saves(code: str, signed_in: SignedIn) -> None:
    client, kind = signed_in("jiang.ruoxi"), kind_of(code)
    answer = client.get(reverse("desk:records-begin", args=[code]))
    assert answer.status_code == 200
    sent = form(answer)
    for key in kind.required:
        assert key in sent or any(name.startswith(f"fields.{key}") for name in sent), key
    for one in kind.fields:
        assert any(name.split(".")[:2] == ["fields", one.key] for name in sent), one.key
    ids = re.findall(r'\bid="([^"]+)"', answer.content.decode())
    assert len(ids) == len(set(ids))
    saved = client.post(reverse("desk:records-begin", args=[code]), filled(kind, sent))
    assert saved.status_code == 302, re.findall(r'data-rule="[^"]*">(?:<a[^>]*>)?([^<]*)', saved.content.decode())
    record = Record.objects.get(title=f"关于{kind.name}的一条信息")
    draft = Draft.objects.get(record=record)
    for one in kind.fields:
        if one.type == "table":
            assert len(draft.fields[one.key]) == 1
            assert draft.fields[one.key][0][one.columns[0].key]
        elif one.type == "money":
            assert draft.fields[one.key] == "1234.50"
        elif one.type not in ("record", "file", "organisation"):
            assert draft.fields[one.key], one.key
    # Opened again and saved without a change: everything is as it was.
    at = reverse("desk:records-edit", args=[record.pk])
    again = client.get(at)
    assert again.status_code == 200
    before = (draft.title, draft.body, dict(draft.fields), draft.audience)
    assert client.post(at, form(again)).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.body, dict(draft.fields), draft.audience) == before
    assert draft.revision == 1


@pytest.mark.parametrize("code", KINDS)
def test_an_empty_form_is_told_what_is_missing(code: str, signed_in: SignedIn) -> None:
    """The checks while typing name each missing element and lead to its field."""
    client, kind = signed_in("jiang.ruoxi"), kind_of(code)
    page = client.get(reverse("desk:records-begin", args=[code])).content.decode()
    before = Record.objects.count()
    answer = client.post(reverse("desk:records-check"), {"kind": code, "title": ""})
    text = answer.content.decode()
    assert answer.status_code == 200 and "标题没有填" in text
    links = re.findall(r'href="#([^"]+)"', text)
    assert links
    for link in links:
        assert f'id="{link}"' in page, link
    assert Record.objects.count() == before and kind.name


def test_what_cannot_be_read_is_told_at_its_field(signed_in: SignedIn) -> None:
    client = signed_in("jiang.ruoxi")
    at = reverse("desk:records-begin", args=["normative"])
    sent = {**form(client.get(at)), "title": "青禾县办法", "formed": "明年春天", "body": "<p>留着的正文</p>"}
    answer = client.post(at, sent)
    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 422 and not Record.objects.filter(title__startswith="青禾县办法").exists()
    assert page.get_element_by_id("f-formed").get("aria-describedby") == "f-formed-bad"
    assert "成文日期写成" in page.get_element_by_id("f-formed-bad").text_content()
    assert page.xpath("//div[@class='issues']//a/@href") == ["#f-formed"]
    assert page.get_element_by_id("f-body").text == "<p>留着的正文</p>"
    assert page.get_element_by_id("f-title").text_content().strip() == "青禾县办法"


@pytest.fixture
def draft(signed_in: SignedIn) -> Draft:
    client = signed_in("jiang.ruoxi")
    at = reverse("desk:records-begin", args=["notice"])
    client.post(at, {**form(client.get(at)), "title": "通知一", "body": "<p>原来的话</p>"})
    return Draft.objects.get(record__title="通知一")


def test_a_conflict_keeps_both(draft: Draft, signed_in: SignedIn) -> None:
    """What was typed stays, the other's stands beside it, and the second button saves over it."""
    hers, his = signed_in("jiang.ruoxi"), signed_in("jiang.ruoxi")
    at = reverse("desk:records-edit", args=[draft.record_id])
    opened = form(hers.get(at))
    his.post(at, {**form(his.get(at)), "body": "<p>对方改的话</p>"})
    answer = hers.post(at, {**opened, "body": "<p>我填的话</p>"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "改过这份草稿" in text
    assert "<del>对方改的话</del>" in text and "<ins>我填的话</ins>" in text and f'href="{at}"' in text
    assert "&lt;p&gt;我填的话&lt;/p&gt;" in text
    draft.refresh_from_db()
    assert draft.body == "<p>对方改的话</p>"
    over = re.search(r'name="over" value="(\d+)"', text)
    assert over
    assert hers.post(at, {**opened, "body": "<p>我填的话</p>", "over": over[1]}).status_code == 302
    draft.refresh_from_db()
    assert draft.body == "<p>我填的话</p>"


def test_rows_pasted_from_a_sheet(signed_in: SignedIn) -> None:
    client = signed_in("jiang.ruoxi")
    at = reverse("desk:records-begin", args=["subsidy"])
    sent = filled(kind_of("subsidy"), form(client.get(at)))
    sent = {k: v for k, v in sent.items() if not k.startswith("fields.payments.0.")}
    lines = ["姓名\t村（组）\t补贴标准\t数量\t金额", *(f"张三{n}\t白露村\t每亩60元\t2\t{n}.5" for n in range(60))]
    client.post(at, {**sent, "fields.payments.paste": "\n".join(lines)})
    draft = Draft.objects.get(record__title__startswith="关于惠民惠农")
    assert [r["amount"] for r in draft.fields["payments"]][:3] == ["0.5", "1.5", "2.5"]
    assert len(draft.fields["payments"]) == 60
    # Sixty rows are edited as one sheet, and come back as they were.
    again = client.get(reverse("desk:records-edit", args=[draft.record_id]))
    back = form(again)
    assert back["fields.payments.sheet"].startswith("姓名\t村（组）")
    client.post(reverse("desk:records-edit", args=[draft.record_id]), back)
    before = draft.fields["payments"]
    draft.refresh_from_db()
    assert draft.fields["payments"] == before


def test_linked_by_number_without_scripts(signed_in: SignedIn) -> None:
    client = signed_in("jiang.ruoxi")
    at = reverse("desk:records-begin", args=["normative"])
    client.post(at, filled(kind_of("normative"), form(client.get(at))))
    document = Record.objects.get(title="关于行政规范性文件的一条信息")
    at = reverse("desk:records-begin", args=["interpretation"])
    page = form(client.get(at, {"about": document.pk}))
    assert page["fields.documents"] == [str(document.pk)]
    sent = {**filled(kind_of("interpretation"), page), "fields.documents": [], "fields.documents.more": "没有这一份"}
    answer = client.post(at, sent)
    assert answer.status_code == 422 and "没有找到“没有这一份”" in answer.content.decode()
    assert client.post(at, {**sent, "fields.documents.more": str(document.pk)}).status_code == 302
    made = Draft.objects.get(record__title="关于政策解读的一条信息")
    assert made.fields["documents"] == [document.pk]
    found = client.get(
        reverse("desk:records-look-up"),
        {"kind": "interpretation", "field": "documents", "fields.documents.more": "关于行政规范性"},
    )
    assert document.title in found.content.decode()
    assert (
        document.title
        not in client.get(reverse("desk:records-look-up"), {"kind": "policy_qa", "field": "x"}).content.decode()
    )


def test_a_stranger_finds_nothing_to_link(signed_in: SignedIn) -> None:
    """A draft of another body shows in no search and by no id."""
    client = signed_in("jiang.ruoxi")
    at = reverse("desk:records-begin", args=["normative"])
    client.post(at, filled(kind_of("normative"), form(client.get(at))))
    document = Record.objects.get(title="关于行政规范性文件的一条信息")
    stranger = signed_in("tian.jiaxin")
    query = {"kind": "interpretation", "field": "documents", "fields.documents.more": "关于行政规范性"}
    assert document.title not in stranger.get(reverse("desk:records-look-up"), query).content.decode()
    query = {"kind": "interpretation", "field": "documents", "fields.documents": document.pk}
    assert document.title not in stranger.get(reverse("desk:records-look-up"), query).content.decode()


def test_a_title_goes_along_to_the_form(signed_in: SignedIn) -> None:
    """起草一条 beside a proposal to publish: its title is in the form of whichever kind is chosen, and is only text."""
    title = "河道采砂许可<b>&两份"
    chosen = signed_in("jiang.ruoxi").get(reverse("desk:records-new"), {"title": title})
    links = html.fromstring(chosen.content.decode()).xpath("//ul[@class='kinds']//a/@href")
    assert len(links) > 3
    for link in links[:3]:
        assert form(signed_in("jiang.ruoxi").get(link))["title"] == title
