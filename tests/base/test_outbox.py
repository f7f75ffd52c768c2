"""The outbox sends by e-mail and by webhook, to real servers on this machine; what does not go stays and is tried again."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import override_settings

from gongkai.base.actions import queue_message
from gongkai.base.models import Message
from gongkai.base.outbox import send_waiting

pytestmark = pytest.mark.django_db


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                data = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    data += part
                self.server.mails.append(data)  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")
            if verb == b"QUIT":
                return


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.headers["Idempotency-Key"], json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def mail() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Mail) as server:
        server.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Hook) as server:
        server.asked, server.answer = [], 200  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_mail_goes_once(mail: socketserver.TCPServer) -> None:
    queue_message("k1", addressee="he@example.cn", channel="email", text="答复已经送达。")
    queue_message("k1", addressee="he@example.cn", channel="email", text="答复已经送达。")
    url = f"smtp://127.0.0.1:{mail.server_address[1]}?from=gk@example.cn"
    with override_settings(GONGKAI_SMTP_URL=url):
        assert send_waiting() == 1
        assert send_waiting() == 0
    (sent,) = mail.mails  # type: ignore[attr-defined]
    assert b"To: he@example.cn" in sent and b"From: gk@example.cn" in sent and b"X-Gongkai-Key: k1" in sent
    assert Message.objects.get().sent_at is not None


def test_a_webhook_that_fails_is_tried_again_later(hook: HTTPServer) -> None:
    queue_message("k2", addressee="13800000000", channel="sms", text="需要补正。")
    hook.answer = 500  # type: ignore[attr-defined]
    with override_settings(GONGKAI_SMS_URL=f"http://127.0.0.1:{hook.server_address[1]}/sms"):
        assert send_waiting() == 0
        held = Message.objects.get()
        assert held.tries == 1 and held.next_try is not None and "500" in held.error
        assert send_waiting() == 0  # not before its time
        Message.objects.update(next_try=None)
        hook.answer = 200  # type: ignore[attr-defined]
        assert send_waiting() == 1
    asked = hook.asked  # type: ignore[attr-defined]
    assert asked[-1] == ("k2", {"key": "k2", "to": "13800000000", "text": "需要补正。"}) and len(asked) == 2


def test_a_channel_that_is_not_set_up_keeps_its_messages() -> None:
    queue_message("k3", addressee="x", channel="wecom", text="……")
    assert send_waiting() == 0
    assert Message.objects.get().tries == 0
