"""Rows of the ledger.

Matter, Duty and Bearer are derived: emptied and rebuilt, they are the same. Report, Note and Settlement are facts that
people entered; they name what they are about by its source, so that no rebuild touches them.
"""

from __future__ import annotations

from django.db import models

from gongkai.orgs.models import Person
from gongkai.records.models import Record


class Matter(models.Model):
    """One thing owed (事项): a task of a plan, a line of a scheme, a case. Its dated instances are its duties.

    `todo` counts duties still open, `next_due` is the earliest date among them, `last_due` the latest of all: what a
    list needs without reading the duties.
    """

    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    body = models.BigIntegerField()
    sheet = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    title = models.TextField()
    heading = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=400)
    count = models.PositiveIntegerField(default=0)
    todo = models.PositiveIntegerField(default=0)
    next_due = models.DateField(null=True)
    last_due = models.DateField(null=True)
    waiting = models.PositiveIntegerField(default=0)
    assumed = models.BooleanField(default=False)
    reported_on = models.DateField(null=True)
    asked_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="one_matter")]
        indexes = [
            models.Index(fields=["body", "year", "sheet", "position"], name="matter_list"),
            models.Index(fields=["body", "year", "next_due", "todo", "asked_on", "waiting"], name="matter_due"),
            models.Index(fields=["-year", "sheet", "position", "id"], name="matter_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.source}/{self.source_id}"


class Bearer(models.Model):
    """Which organisation bears a matter, as lead or support; `group` where only a word for many names it.

    `body` and `year` are the matter's, so that who bears anything in a year is read from one index.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="bearers")
    organisation = models.BigIntegerField()
    part = models.CharField(max_length=8)
    group = models.BooleanField(default=False)
    body = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "organisation", "part"], name="one_bearer")]
        indexes = [
            models.Index(fields=["organisation", "matter", "part", "group"], name="bearer_list"),
            models.Index(fields=["body", "year", "organisation"], name="bearer_of_year"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}:{self.organisation}"


class Duty(models.Model):
    """One dated, or waiting, instance of a matter (source, clock). Overdue is never stored: it is `due` before today."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="duties")
    clock = models.CharField(max_length=40)
    due = models.DateField(null=True)
    opens = models.DateField(null=True)
    label = models.CharField(max_length=40, blank=True)
    waits = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=240, blank=True)
    assumed = models.BooleanField(default=False)
    past = models.BooleanField(default=False)
    provisional = models.BooleanField(default=False)
    settled_on = models.DateField(null=True)

    class Meta:
        ordering = ["matter", models.F("due").asc(nulls_last=True), "clock"]
        constraints = [models.UniqueConstraint(fields=["matter", "clock"], name="one_duty")]
        indexes = [models.Index(fields=["due", "matter"], condition=models.Q(settled_on=None), name="duty_open")]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.clock}"


class _Fact(models.Model):
    """What a person said about a matter, by its source: it survives a rebuild."""

    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["source", "source_id"])]


class Report(_Fact):
    """Progress (进展) told by a bearing organisation; `finished` asks for settlement; `answer` is why it came back."""

    finished = models.BooleanField(default=False)
    returned_on = models.DateField(null=True)
    answer = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.source}/{self.source_id} {self.text[:20]}"


class Note(_Fact):
    """A remark for colleagues; it moves nothing."""

    def __str__(self) -> str:
        return f"{self.source}/{self.source_id} {self.text[:20]}"


class Settlement(_Fact):
    """A duty was met (办结), on a day, as somebody found."""

    clock = models.CharField(max_length=40)

    class Meta(_Fact.Meta):
        constraints = [models.UniqueConstraint(fields=["source", "source_id", "clock"], name="one_settlement")]

    def __str__(self) -> str:
        return f"{self.source}/{self.source_id}/{self.clock}"


class EvidenceState(models.TextChoices):
    """What became of an offer of evidence."""

    OFFERED = "offered", "待确认"
    ACCEPTED = "accepted", "已采用"
    DECLINED = "declined", "不采用"


class Evidence(models.Model):
    """A published record that shows that a matter was met (佐证): offered by its traits, decided by a person.

    It names the matter by its source and the duty by its clock (empty: the matter as a whole), so that no rebuild
    touches it. `reasons` are what the offer rests on, in words.
    """

    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    clock = models.CharField(max_length=40, blank=True)
    record = models.ForeignKey(Record, models.CASCADE, related_name="proves")
    reasons: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    score = models.FloatField(default=0)
    state = models.CharField(max_length=8, choices=EvidenceState.choices, default=EvidenceState.OFFERED)
    offered_on = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["source", "source_id", "clock", "record"], name="one_evidence")]
        indexes = [models.Index(fields=["state", "source", "source_id"], name="evidence_state")]

    def __str__(self) -> str:
        return f"{self.source}/{self.source_id}/{self.clock} ← {self.record_id}"
