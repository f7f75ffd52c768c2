"""Rows of the portal: how often an address tried something lately. Neither the address nor a person stands in them."""

from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """One try that is counted: a code that opened nothing, a request that was sent. `mark` is keyed: see base.sealing."""

    what = models.CharField(max_length=12)
    mark = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["what", "mark", "at"], name="attempt_recent")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
