"""Rows of the event log, its followers, files and the outbox."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class Event(models.Model):
    """One thing done. Append-only; `hash` covers every other column and the hash before it.

    `payload` is canonical JSON kept as text, because a database's own JSON type may reorder what was hashed.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    on = models.DateField()
    verb = models.CharField(max_length=60)
    person = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=200)
    subject = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    payload = models.TextField(default="{}")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject", "subject_id", "seq"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}/{self.subject_id}"

    @property
    def data(self) -> dict[str, Any]:
        """The payload as a plain object."""
        made: dict[str, Any] = json.loads(self.payload)
        return made


class Head(models.Model):
    """The end of the chain, one row: writers lock it, so the order of numbers is the order of commits."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Cursor(models.Model):
    """How far a follower has come. It moves in the transaction that did the work."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.name}@{self.seq}"


class File(models.Model):
    """Bytes kept under their SHA-256 in the data folder; the row tells what they are."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=200)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.size})"


class Message(models.Model):
    """The outbox: what to tell whom, once per key. Sending is a follower's work."""

    key = models.CharField(max_length=120, unique=True)
    addressee = models.CharField(max_length=120)
    channel = models.CharField(max_length=20)
    text = models.TextField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="message_waiting"),
            models.Index(fields=["addressee", "id"], name="message_addressee"),
        ]

    def __str__(self) -> str:
        return self.key
