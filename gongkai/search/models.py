"""Rows of search: what was looked for and not found."""

from __future__ import annotations

from django.db import models


class Missed(models.Model):
    """A query that found nothing, how often, and when last: for staff, who can write what is missing. No person."""

    text = models.CharField(max_length=60, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    class Meta:
        ordering = ["-count", "-last_on"]

    def __str__(self) -> str:
        return f"{self.text} {self.count}"


class Generation(models.Model):
    """One making of the index in the database. One serves; a rebuild makes the next beside it and goes over to it."""

    scheme = models.PositiveIntegerField()
    serving = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["serving"], condition=models.Q(serving=True), name="one_serves")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Entry(models.Model):
    """One document of the index in the database. On PostgreSQL there is besides `tokens`, a tsvector with its index;
    elsewhere the table stays empty."""

    generation = models.BigIntegerField()
    record = models.BigIntegerField()
    title = models.TextField()
    title_exact = models.TextField()
    title_inner = models.TextField()
    numbers = models.TextField()
    serial = models.TextField()
    public = models.BooleanField()
    seen = models.TextField()
    kind = models.TextField()
    owner = models.TextField()
    topic = models.TextField()
    validity = models.TextField()
    year = models.TextField()
    date = models.DateField(null=True)
    standing = models.BooleanField()
    places = models.TextField()
    folded = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["generation", "record"], name="one_entry")]
        indexes = [models.Index(fields=["generation", "public", "-date"], name="entry_date")]

    def __str__(self) -> str:
        return self.title
