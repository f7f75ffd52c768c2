"""What comes as a story and is none: one Chinese sentence that says where and what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gongkai.cases import playing
from gongkai.cases.stories import BadStory

TODAY = dt.date(2026, 11, 22)

BAD: list[tuple[Any, str]] = [
    ([], "应是一个对象"),
    ({"steps": []}, "至少一步"),
    ({"steps": {}}, "至少一步"),
    ({"body": "department", "steps": [{}]}, "body 应是对象"),
    ({"body": {"kind": "ministry"}, "steps": [{}]}, "body.kind"),
    ({"body": {"kind": ["county"]}, "steps": [{}]}, "body.kind"),
    ({"applicant": [], "steps": [{}]}, "applicant 应是对象"),
    ({"applicant": {"kind": "martian"}, "steps": [{}]}, "applicant.kind"),
    ({"steps": ["receive"]}, "第1步的 verb"),
    ({"steps": [{"verb": "fly", "on": "2026-03-02"}]}, "第1步的 verb"),
    ({"steps": [{"verb": ["receive"], "on": "2026-03-02"}]}, "第1步的 verb"),
    ({"steps": [{"verb": "receive"}]}, "第1步的 on"),
    ({"steps": [{"verb": "receive", "on": "2026-02-30"}]}, "第1步的 on"),
    ({"steps": [{"verb": "receive", "on": "1899-01-01"}]}, "第1步的 on"),
    ({"steps": [{"verb": "receive", "on": "9999-01-01"}]}, "第1步的 on"),
    ({"steps": [{"verb": "receive", "on": "2026-03-02", "confirmed_on": "soon"}]}, "第1步的 confirmed_on"),
    ({"steps": [{"verb": "receive", "on": "2026-03-02", "channel": 3}]}, "第1步的 channel"),
    ({"steps": [{"verb": "decide", "on": "2026-03-02", "separable": "no"}]}, "第1步的 separable"),
    ({"steps": [{"verb": "decide", "on": "2026-03-02", "texts": ["理由"]}]}, "第1步的 texts"),
    ({"steps": [{"verb": "fee_notice", "on": "2026-03-02", "amount": "700"}]}, "第1步的 amount"),
    ({"steps": [{"verb": "fee_notice", "on": "2026-03-02", "amount": 7.5}]}, "第1步的 amount"),
    ({"steps": [{"verb": "approve_extension", "on": "2026-03-02", "days": True}]}, "第1步的 days"),
]


@pytest.mark.parametrize(("made", "says"), BAD, ids=[s + str(n) for n, (_, s) in enumerate(BAD)])
def test_what_is_no_story(made: Any, says: str) -> None:
    with pytest.raises(BadStory, match=says) as found:
        playing.play(made, as_of=None, today=TODAY)
    assert "\n" not in str(found.value)
