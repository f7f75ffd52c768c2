"""Rows of schemes: drafts under import, schemes, their lines, who owes each, proposals to adjust them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.base.models import File
from gongkai.orgs.models import Organisation, Person


class Scheme(models.Model):
    """A 主动公开目录 of a body, or a 基层政务公开标准目录 that it follows."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="schemes")
    title = models.CharField("标题", max_length=200)
    standard = models.BooleanField("基层标准目录", default=False)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    adopted_on = models.DateField("施行日期")
    ended_on = models.DateField("停用日期", null=True)

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class SchemeDraft(models.Model):
    """A directory as read from its file, before a person has looked at it. Survives any restart."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    rows: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    doubts: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, related_name="drafts")

    class Meta:
        ordering = ["-begun_at"]

    def __str__(self) -> str:
        return self.title


class Line(models.Model):
    """One line of a scheme from a day on; `until` is the day from which it no longer binds."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    number = models.CharField("序号", max_length=20, blank=True)
    area = models.CharField("领域", max_length=60, blank=True)
    level1 = models.CharField("一级事项", max_length=200)
    level2 = models.CharField("二级事项", max_length=200, blank=True)
    content = models.TextField("公开内容（要素）", blank=True)
    basis = models.TextField("公开依据", blank=True)
    limit_text = models.CharField("公开时限", max_length=200, blank=True)
    limit: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    limit_since = models.DateField(null=True)
    owner_text = models.CharField("公开主体", max_length=200, blank=True)
    channels: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    audience_all = models.BooleanField("全社会", default=True)
    audience_group = models.CharField("特定群体", max_length=200, blank=True)
    proactive = models.BooleanField("主动", default=True)
    on_request = models.BooleanField("依申请", default=False)
    county = models.BooleanField("县级", default=False)
    township = models.BooleanField("乡级", default=False)
    kinds: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["scheme", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="line_span")
        ]

    def __str__(self) -> str:
        return self.level2 or self.level1


class LineOwner(models.Model):
    """An organisation that owes a line: what the ledger calls a matter."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="owners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "organisation"], name="one_line_owner")]

    def __str__(self) -> str:
        return f"{self.line_id}@{self.organisation_id}"


class Proposal(models.Model):
    """An adjustment that somebody proposes, and what was decided: the history of the scheme (动态调整)."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="proposals")
    line = models.ForeignKey(Line, models.CASCADE, null=True, related_name="proposals")
    verb = models.CharField(max_length=8)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    reason = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()
    accepted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.scheme_id} {self.verb}"
