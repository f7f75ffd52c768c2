"""What must be disclosed without being asked for: the articles' own count and words."""

from __future__ import annotations

import pytest

from gongkai.law import disclosure


def test_article_20_has_its_fifteen_items_in_order() -> None:
    listed = disclosure.article20()
    assert listed.basis == "第二十条" and len(listed.items) == 15
    assert listed.items[0] == "行政法规、规章和规范性文件" and listed.items[6] == "财政预算、决算信息"
    assert "711号" in disclosure.citation()


@pytest.mark.parametrize(
    ("kind", "first", "count"),
    [
        ("county", "市政建设", 7),
        ("department", "市政建设", 7),
        ("township", "贯彻落实农业农村政策", 8),
        ("street", "贯彻落实农业农村政策", 8),
        ("village", "贯彻落实农业农村政策", 8),
    ],
)
def test_article_21_asks_of_each_what_it_does(kind: str, first: str, count: int) -> None:
    listed = disclosure.article21(kind)
    assert (listed.items[0], len(listed.items)) == (first, count)
    assert {"土地征收", "房屋征收", "社会救助"} <= set(listed.items)


def test_article_19_is_what_else_concerns_the_public() -> None:
    assert disclosure.article19().basis == "第十九条" and len(disclosure.article19().items) == 1
