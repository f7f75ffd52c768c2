"""Personal data at rest: sealed with a key that lies outside the database, found again by a keyed mark.

The keys stand one to a line in GONGKAI_FIELD_KEY or in the file `field.key` of the data folder, made at first use. The
first line seals; every line unseals, so a new key is put on top. The last line, the oldest, makes the marks, which stay
the same when a key is added. A backup holds what is sealed and not the key: see docs/operation.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models, transaction

from gongkai.base.actions import keep_file, path_of
from gongkai.base.issues import refuse
from gongkai.base.models import File


def _lines() -> list[str]:
    told = os.environ.get("GONGKAI_FIELD_KEY", "")
    if told.strip():
        return told.split()
    path = Path(settings.GONGKAI_DATA_DIR) / "field.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            pass
        else:
            with os.fdopen(handle, "w") as out:
                out.write(Fernet.generate_key().decode() + "\n")
    return path.read_text().split()


@lru_cache(maxsize=4)
def _made(lines: tuple[str, ...]) -> tuple[MultiFernet, bytes]:
    return MultiFernet([Fernet(line) for line in lines]), base64.urlsafe_b64decode(lines[-1])


@lru_cache(maxsize=4)
def _known(told: str, folder: str) -> tuple[MultiFernet, bytes]:
    return _made(tuple(_lines()))


def _keys() -> tuple[MultiFernet, bytes]:
    return _known(os.environ.get("GONGKAI_FIELD_KEY", ""), str(settings.GONGKAI_DATA_DIR))


def seal_bytes(data: bytes) -> bytes:
    """Sealed bytes."""
    return _keys()[0].encrypt(data)


def unseal_bytes(data: bytes) -> bytes:
    """What was sealed. Raises Refused where the key that sealed it is not here."""
    try:
        return _keys()[0].decrypt(data)
    except InvalidToken:
        raise refuse(
            "sealing.key", "打不开加密的内容：缺少当时的密钥（field.key）。请系统管理员放回密钥文件。"
        ) from None


def seal(text: str) -> str:
    """Sealed text; empty text stays empty."""
    return seal_bytes(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """The text; raises Refused where the key is not here."""
    return unseal_bytes(token.encode()).decode() if token else ""


def mark_of(*parts: str) -> str:
    """A keyed mark of something: the same for the same parts, and nobody without the key can try values against it."""
    return hmac.new(_keys()[1], "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:40]


def keep_sealed(data: bytes, name: str) -> File:
    """Keep bytes as a file that only this site can open."""
    return keep_file(seal_bytes(data), name)


def open_sealed(digest: str) -> bytes:
    """The bytes of a sealed file."""
    return unseal_bytes(path_of(digest).read_bytes())


def drop_sealed(digests: Iterable[str]) -> None:
    """Take sealed files away, from the disk once the transaction is through.

    Each was sealed by itself: no other row has the same bytes.
    """
    gone = list(digests)
    File.objects.filter(digest__in=gone).delete()

    def unlink() -> None:
        for digest in gone:
            path_of(digest).unlink(missing_ok=True)

    transaction.on_commit(unlink)


class _Token(str):
    """Sealed text on its way from a backup into a database: it goes in as it is, with or without the key."""


_IN_BACKUP = "sealed:"


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed in the database and plain in the program."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """As the program sees it."""
        return value if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        """As the database keeps it."""
        if isinstance(value, _Token):
            return str(value)
        return value if value is None else seal(str(value))

    def value_to_string(self, obj: models.Model) -> str:
        """As a backup holds it: sealed too."""
        return _IN_BACKUP + seal(str(self.value_from_object(obj) or ""))

    def to_python(self, value: Any) -> Any:
        """From a backup, or as it is."""
        if isinstance(value, str) and value.startswith(_IN_BACKUP):
            return _Token(value.removeprefix(_IN_BACKUP))
        return super().to_python(value)
