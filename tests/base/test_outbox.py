"""The outbox takes a message once per key, so that work done again tells nobody twice."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.base.actions import queue_message
from gongkai.base.issues import Issue, Refused, refuse
from gongkai.base.models import Message

pytestmark = pytest.mark.django_db


def test_once_per_key() -> None:
    assert queue_message("due:1", addressee="zhu", channel="desk", text="一")
    assert not queue_message("due:1", addressee="lin", channel="mail", text="二")
    message = Message.objects.get()
    assert (message.addressee, message.channel, message.text, message.sent_at) == ("zhu", "desk", "一", None)
    assert abs((dt.datetime.now(dt.UTC) - message.queued_at).total_seconds()) < 60


def test_another_key_is_another_message() -> None:
    assert queue_message("due:1", addressee="zhu", channel="desk", text="一")
    assert queue_message("due:2", addressee="zhu", channel="desk", text="一")
    assert Message.objects.count() == 2


def test_what_was_sent_is_not_queued_again() -> None:
    queue_message("due:1", addressee="zhu", channel="desk", text="一")
    Message.objects.update(sent_at=dt.datetime.now(dt.UTC))
    assert not queue_message("due:1", addressee="zhu", channel="desk", text="一")
    assert Message.objects.get().sent_at is not None


def test_a_refusal_says_every_issue() -> None:
    """Page, form, command and API show the same words: those of the issues."""
    refused = Refused(Issue("a.b", "请填写姓名。", "name"), Issue("c.d", "请填写账号。"))
    assert str(refused) == "请填写姓名。；请填写账号。"
    assert refuse("a.b", "请填写姓名。", "name").issues == refused.issues[:1]
