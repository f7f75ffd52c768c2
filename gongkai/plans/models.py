"""Rows of plans: drafts under intake, plans, tasks, and who is named for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from gongkai.base.models import File
from gongkai.orgs.models import Organisation, Person
from gongkai.plans.schedule import numbered


class Plan(models.Model):
    """A yearly plan (分工方案) that a body follows, as confirmed by a person."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="plans")
    title = models.CharField("标题", max_length=300)
    issuer = models.CharField("印发机关", max_length=120, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    issued_on = models.DateField("印发日期", null=True)
    doc_refs: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="plans")
    imported_on = models.DateField("导入日期")
    withdrawn_on = models.DateField("撤下日期", null=True)

    class Meta:
        ordering = ["-year", "id"]

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """A plan under intake: what was read, as a person has corrected it so far. Survives any restart.

    `rows` are the rows as they stand; `undone` holds what each step replaced, newest last; `version` counts steps,
    so that two people at one draft are told. `plan` is set when it has been confirmed. With `changes` the rows are
    no tasks but cells that a ledger which came back proposes to change.
    """

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    head: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    rows: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    undone: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    notes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="drafts")
    changes = models.BooleanField(default=False)

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.head.get("title") or self.file.name)


class Task(models.Model):
    """One task of a plan, in the words printed, with its place in the source.

    `numbers` are those of `deadlines`, one for each, by which clocks and happenings name them; empty until a correction,
    while they are 1, 2, 3 as printed. `highest` is the highest that was ever given; 0 where it is not known yet.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField("序")
    no = models.CharField("编号", max_length=20, blank=True)
    path: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    text = models.TextField("任务")
    deadline_raw = models.CharField("时限原文", max_length=200, blank=True)
    deadlines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    responsible_raw: models.JSONField[Any, Any] = models.JSONField(default=str)
    source: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    inherited: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    review = models.CharField("复核周期", max_length=12, blank=True)
    numbers: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    highest = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_task_a_position")]

    def __str__(self) -> str:
        return f"{self.no} {self.text[:30]}"

    @property
    def numbered(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Its deadlines with their numbers."""
        return numbered(self.deadlines, self.numbers)

    @property
    def printed_due(self) -> str:
        """The deadline as printed: in the column, else the phrases of the clause."""
        return self.deadline_raw or "；".join(dict.fromkeys(d["raw"] for d in self.deadlines))


class Part(models.TextChoices):
    """Who owes a task and who helps."""

    LEAD = "lead", "牵头"
    SUPPORT = "support", "配合"
    PERSON = "person", "责任人"


class Named(models.Model):
    """An organisation that a printed name means."""

    responsibility = models.ForeignKey("Responsibility", models.CASCADE, related_name="named")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["responsibility", "organisation"], name="named_once")]

    def __str__(self) -> str:
        return f"{self.responsibility_id}={self.organisation_id}"


class Responsibility(models.Model):
    """One printed name of a task and what it was bound to on the day of the plan."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="responsibilities")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=8, choices=Part.choices)
    printed = models.CharField(max_length=120)
    group = models.BooleanField(default=False)
    how = models.CharField(max_length=10, default="asked")
    organisations: models.ManyToManyField[Organisation, Named] = models.ManyToManyField(
        Organisation, through=Named, related_name="+"
    )

    class Meta:
        ordering = ["task", "position"]

    def __str__(self) -> str:
        return f"{self.part}:{self.printed}"

    @property
    def unbound(self) -> bool:
        """A unit's name that no organisation is bound to; the same as `UNBOUND` for the database."""
        return self.how == "asked" and not self.group and self.part != Part.PERSON


UNBOUND = models.Q(how="asked", group=False) & ~models.Q(part=Part.PERSON)
"""`Responsibility.unbound` as a condition."""


class Happening(models.Model):
    """The event from which a relative limit runs (批复后20日内: the day of the approval), told by a person.

    `deadline` is the number of the limit in its task.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="happenings")
    deadline = models.PositiveSmallIntegerField()
    on = models.DateField("发生日期")
    text = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["task", "deadline", "on"], name="one_happening_a_day")]

    def __str__(self) -> str:
        return f"{self.task_id}/{self.deadline}@{self.on}"
