"""What is told while writing: links that lead nowhere, an interpretation that is not there yet."""

from __future__ import annotations

from collections.abc import Callable

from gongkai.records import actions, look
from gongkai.records.kinds import kind_of
from gongkai.records.models import Record
from tests.records import DAY, Town, begun
from tests.records.test_publishing import interpretation, out

Make = Callable[..., dict[str, object]]


def told(record: Record) -> dict[str, str]:
    draft = Record.objects.get(pk=record.pk).draft
    return {f.found or f.rule: f.say for f in look.examine(kind_of(record.kind), draft, record)}


def test_links_within_the_site_that_the_public_cannot_follow(second_reviewer: Town, normative: Make) -> None:
    town = second_reviewer
    there = out(town, begun(town, normative()))
    gone = out(town, begun(town, normative(title="撤了的办法", document_number="石民规〔2026〕3号")))
    actions.withdraw(gone.pk, "有误", actor=town.who("clerk"), on=DAY)
    never = begun(town, normative(title="还在写的办法", document_number="石民规〔2026〕4号"))
    body = "".join(
        f'<p>见<a href="{a}">那里</a></p>'
        for a in (
            f"/p/{there.pk}.html",
            f"/p/{gone.pk}.html",
            f"/p/{never.pk}.html",
            "/policy/?year=2026",
            "/nowhere/",
            "/desk/records/",
            "https://www.gov.cn/",
            "mailto:a@example.gov.cn",
        )
    )
    said = told(begun(town, normative(title="新", document_number="石民规〔2026〕5号", body=body)))
    dead = {k: v for k, v in said.items() if k.startswith("/")}
    assert set(dead) == {f"/p/{gone.pk}.html", f"/p/{never.pk}.html", "/nowhere/", "/desk/records/"}
    assert "已经撤回" in dead[f"/p/{gone.pk}.html"] and "没有公开" in dead[f"/p/{never.pk}.html"]


def test_an_interpretation_that_is_not_there_is_told_before_the_last_gate(
    second_reviewer: Town, normative: Make
) -> None:
    town = second_reviewer
    record = begun(town, normative(interpret="1"))
    assert "还没有关联的政策解读" in told(record)["interpretation"]
    begun(town, interpretation(record), "interpretation")
    assert "interpretation" not in told(record)
