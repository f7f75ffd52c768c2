"""Sends what waits in the outbox: e-mail, and webhooks for text messages and 政务微信. At least once for each key.

A channel that is not set up keeps its messages; people read them on the pages that show them (在线查看). The key travels
with each message, so that a receiver can know one that it has had.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from gongkai.base.clock import now
from gongkai.base.models import Message

_log = logging.getLogger(__name__)
TIMEOUT = 10
WAITS = (1, 5, 30, 120, 720)
"""Minutes before each new try; after the last a message stays, with its error, until somebody looks."""

Send = Callable[[str, str, str], None]
"""(key, address, text) → nothing; raises where it did not go."""


def channels() -> dict[str, Send]:
    """The channels that this site has, from its settings."""
    found: dict[str, Send] = {}
    if settings.GONGKAI_SMTP_URL:
        found["email"] = _mail
    for channel, url in (("sms", settings.GONGKAI_SMS_URL), ("wecom", settings.GONGKAI_WECOM_URL)):
        if url:
            found[channel] = _hook(url)
    return found


def send_waiting(most: int = 50) -> int:
    """Send what waits and is due for a try; returns how many went. Two processes do not send one message at once.

    A message is claimed before it is sent and no transaction is open meanwhile: a slow server elsewhere keeps nobody here
    from writing. Killed in between, it is tried again later.
    """
    ways = channels()
    if not ways:
        return 0
    due = Q(next_try=None) | Q(next_try__lte=now())
    waiting = Message.objects.filter(due, sent_at=None, channel__in=ways, tries__lte=len(WAITS))
    sent = 0
    for message in list(waiting.order_by("id")[:most]):
        if _claimed(message):
            sent += _try(message, ways[message.channel])
    return sent


def _claimed(message: Message) -> bool:
    """Whether this process may try now: the row still is as it was read."""
    later = now() + dt.timedelta(minutes=WAITS[min(message.tries, len(WAITS) - 1)])
    mine = Message.objects.filter(pk=message.pk, sent_at=None, tries=message.tries)
    return mine.update(tries=message.tries + 1, next_try=later) == 1


def _try(message: Message, send: Send) -> int:
    row = Message.objects.filter(pk=message.pk)
    try:
        address = address_of(message.addressee, message.channel)
        if not address:
            raise ValueError("没有地址")
        send(message.key, address, message.text)
    except Exception as error:  # whatever the other side does, the message stays and is tried again
        _log.warning("outbox %s: %s", message.key, error)
        row.update(error=f"{type(error).__name__}: {error}"[:300])
        return 0
    row.update(sent_at=now(), error="", next_try=None)
    return 1


def address_of(addressee: str, channel: str) -> str:
    """Where a message goes. An addressee such as case:12 is asked of the room that knows it (OUTBOX_ADDRESSES): an
    address that names somebody stays sealed there."""
    room, _, key = addressee.partition(":")
    reader = settings.OUTBOX_ADDRESSES.get(room)
    return str(import_string(reader)(key, channel)) if reader else addressee


def _mail(key: str, address: str, text: str) -> None:
    """smtp://user:password@host:587?from=name@example.cn; smtps:// for TLS from the start."""
    url = urlsplit(settings.GONGKAI_SMTP_URL)
    sender = parse_qs(url.query).get("from", [unquote(url.username or "")])[0]
    message = EmailMessage()
    message["Subject"] = "政府信息公开申请办理进展"
    message["From"], message["To"], message["Date"] = sender, address, formatdate()
    message["X-Gongkai-Key"] = key
    message.set_content(text)
    host, secure = url.hostname or "localhost", ssl.create_default_context()
    made = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=secure)
        if url.scheme == "smtps"
        else smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    )
    with made as server:
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=secure)
        elif url.scheme == "smtp" and url.username:
            raise ValueError("邮件服务器不支持加密，没有发送密码")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _hook(url: str) -> Send:
    def send(key: str, address: str, text: str) -> None:
        body = json.dumps({"key": key, "to": address, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            if not 200 <= answer.status < 300:
                raise urllib.error.HTTPError(url, answer.status, "refused", answer.headers, None)

    return send
