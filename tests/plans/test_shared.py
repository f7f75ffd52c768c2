"""Real plans that stand beside the checkout, where they do: read as well as they ever were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gongkai.plans.reading import read_plan
from tests.plans.score import FIELDS, score

PLANS = Path(__file__).resolve().parents[3] / "shared" / "plans"
FIRST = ("000.txt", "001.txt", "002.txt", "003.txt", "004.txt")
OTHER = ("06_wenzhou.pdf", "07_lishui.pdf", "13_taicang.html", "17_zjtasks.xlsx")

pytestmark = pytest.mark.skipif(not PLANS.is_dir(), reason="no folder shared/plans beside the checkout")


def both(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gold beside a document, and its reading."""
    gold = json.loads(path.with_suffix("").with_suffix(".gold.json").read_text(encoding="utf-8"))
    return gold, read_plan(path).to_json()


@pytest.mark.parametrize("name", FIRST)
def test_first_five(name: str) -> None:
    gold, read = both(PLANS / name)
    found = score(gold["tasks"], read["tasks"])
    assert found.f1 == dict.fromkeys(("tasks", *FIELDS), 1.0), "\n".join(found.wrong)


@pytest.mark.parametrize("name", OTHER)
def test_other_four(name: str) -> None:
    gold, read = both(PLANS / "other" / name)
    found = score(gold["tasks"], read["tasks"], ("no", "path", "lead", "support"))
    assert min(found.f1.values()) >= 0.99, "\n".join([str(found.f1), *found.wrong])
