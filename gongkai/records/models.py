"""Rows of records: identity, draft, immutable versions, gates passed, links, endings of validity, clean-up, imports."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.base.models import File
from gongkai.orgs.models import Organisation, Person


class Audience(models.TextChoices):
    """公开属性 (国办发〔2016〕80号), and the range of those who may read."""

    PUBLIC = "public", "主动公开"
    LIMITED = "limited", "特定范围公开"
    ON_REQUEST = "on_request", "依申请公开"
    INTERNAL = "internal", "不予公开"


class Standing(models.TextChoices):
    """Whether a record is out."""

    DRAFT = "draft", "未公开"
    PUBLISHED = "published", "已公开"
    WITHDRAWN = "withdrawn", "已撤回"


class Content(models.Model):
    """What a draft or a version says. `fields` are the kind's own; `attachments` name kept files."""

    title = models.CharField("标题", max_length=300)
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    issuers = models.CharField("发文机关", max_length=300, blank=True)
    topic = models.CharField("主题分类", max_length=60, blank=True)
    formed = models.DateField("成文日期", null=True)
    effective = models.DateField("施行日期", null=True)
    expires = models.DateField("有效期至", null=True)
    summary = models.TextField("内容概述", blank=True)
    keywords = models.CharField("主题词", max_length=200, blank=True)
    source = models.CharField("来源", max_length=120, blank=True)
    contact = models.CharField("咨询方式", max_length=200, blank=True)
    body = models.TextField("正文", blank=True)
    audience = models.CharField("公开属性", max_length=12, choices=Audience.choices, default=Audience.PUBLIC)
    audience_basis = models.TextField("不公开的依据或理由", blank=True)
    review_on = models.DateField("下次评估日期", null=True)
    interpret = models.BooleanField("应解读", default=False)
    exemption = models.TextField("不作解读的理由", blank=True)
    fields: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    attachments: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


CONTENT = [f.name for f in Content._meta.local_fields]
"""Names of the columns of content, in order."""


class Record(models.Model):
    """A piece of government information, whatever becomes of it. What stands in columns here is what is out."""

    kind = models.CharField("种类", max_length=40)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="records")
    index_number = models.CharField("索引号", max_length=60, null=True, unique=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.PUBLIC)
    title = models.CharField(max_length=300)
    document_number = models.CharField(max_length=80, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    formed = models.DateField(null=True)
    effective = models.DateField(null=True)
    expires = models.DateField(null=True)
    changed = models.DateField(null=True)
    published = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    first_published_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    amended_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_how = models.CharField(max_length=10, blank=True)
    withdrawn_on = models.DateField(null=True)
    withdrawal_reason = models.TextField(blank=True)
    access_code = models.CharField(max_length=40, null=True, unique=True)
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    begun_on = models.DateField()
    old_address = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-first_published_at", "-id"]
        indexes = [
            models.Index(fields=["standing", "audience", "-first_published_at"], name="record_out"),
            models.Index(fields=["kind", "standing", "audience", "-first_published_at"], name="record_kind_out"),
            models.Index(fields=["owner", "kind", "-first_published_at"], name="record_owner"),
            models.Index(fields=["document_number"], name="record_number"),
            models.Index(fields=["old_address"], name="record_old", condition=~Q(old_address="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(standing="published") | Q(published__isnull=False), name="published_has_version"
            ),
            models.CheckConstraint(
                condition=~Q(standing="withdrawn") | ~Q(withdrawal_reason=""), name="withdrawn_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Draft(Content):
    """What is being written, beside whatever is out. `revision` counts saves, so that two people are told."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="draft")
    base = models.ForeignKey("Version", models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    writers: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()


class State(models.TextChoices):
    """How far a version has come."""

    REVIEW = "review", "审核中"
    RETURNED = "returned", "已退回"
    RECALLED = "recalled", "已收回"
    REFERRED = "referred", "保密审查送请确定"
    APPROVED = "approved", "已审定"
    SCHEDULED = "scheduled", "定时发布"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版代替"
    WITHDRAWN = "withdrawn", "已撤回"


class Version(Content):
    """What was put before the gates, word for word. Its content never changes; `state` says how far it has come."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    gates: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    urgent = models.TextField("加急理由", blank=True)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    writers: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REVIEW)
    held_since = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    note = models.CharField("修改说明", max_length=300, blank=True)

    class Meta:
        ordering = ["record", "-number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="one_number")]
        indexes = [models.Index(fields=["state", "held_since"], name="version_state")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the content from ever being written twice."""
        written = kwargs.get("update_fields")
        if self.pk and (written is None or set(written) - {"state", "held_since", "publish_at", "gates"}):
            raise ValueError("a version does not change; open a draft and submit a new one")
        super().save(*args, **kwargs)


class Status(models.Model):
    """Each state a version has been in: who, when, why."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="statuses")
    state = models.CharField(max_length=10, choices=State.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"


class Conclusion(models.TextChoices):
    """What a gate's keeper found."""

    PASS = "pass", "同意"
    RETURN = "return", "退回修改"
    UNSURE = "unsure", "不能确定"


class GateResult(models.Model):
    """What was found at a gate, by whom, at which post. One that passed stands for good."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="results")
    gate = models.CharField(max_length=20)
    conclusion = models.CharField(max_length=8, choices=Conclusion.choices)
    comment = models.TextField(blank=True)
    checked: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=200)
    acting_for = models.CharField(max_length=60, blank=True)
    by_link = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    since = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "gate"], condition=Q(conclusion="pass"), name="one_pass")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.gate} {self.conclusion}"


class SignLink(models.Model):
    """A link by which one person signs one version at one gate. Only its digest is kept."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="links")
    gate = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.version_id} {self.gate}"


class Link(models.Model):
    """One record points to another: interprets, implements, answers. `live` are those of what is out."""

    source = models.ForeignKey(Record, models.CASCADE, related_name="links")
    relation = models.CharField(max_length=20)
    target = models.ForeignKey(Record, models.CASCADE, related_name="linked")
    live = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "relation", "target", "live"], name="one_link")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.relation} {self.target_id}"


class How(models.TextChoices):
    """How a document's validity was decided."""

    KEEP = "keep", "继续有效"
    MODIFY = "modify", "修改"
    REPEAL = "repeal", "废止"
    INVALID = "invalid", "宣布失效"


class Ending(models.Model):
    """A decision on the validity of what is out; the newest stands."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="endings")
    how = models.CharField(max_length=8, choices=How.choices)
    on = models.DateField()
    by = models.ForeignKey(Record, models.PROTECT, null=True, related_name="ended")
    by_text = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.how}"


class CleanUp(models.Model):
    """A round over all valid documents of an organisation and those below it."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=200)
    opened_on = models.DateField()
    due = models.DateField("完成时限", null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-opened_on", "-id"]

    def __str__(self) -> str:
        return self.title


class CleanUpRow(models.Model):
    """One document in a round: who drafted it says, the round's owner applies."""

    cleanup = models.ForeignKey(CleanUp, models.CASCADE, related_name="rows")
    record = models.ForeignKey(Record, models.PROTECT, related_name="cleanups")
    drafter = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    by = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    by_text = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    said_on = models.DateField(null=True)
    applied_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["cleanup", "record"], name="one_row_a_round")]

    def __str__(self) -> str:
        return f"{self.cleanup_id} {self.record_id} {self.how}"


class Chain(models.Model):
    """The order of gates that an organisation has set for itself and those below; `kind` empty means every kind."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="chains")
    kind = models.CharField(max_length=40, blank=True)
    gates: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="one_chain")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class Numbering(models.Model):
    """How an organisation forms its 索引号, and the last serial of each period. A serial is never given again."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="numberings")
    period = models.CharField(max_length=6, blank=True)
    code = models.CharField("机构代码", max_length=30, blank=True)
    pattern = models.CharField("编号规则", max_length=60, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "period"], name="one_numbering")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.period} {self.last}"


class ImportRun(models.Model):
    """Old records brought in from a table: how far it has come and what was not accepted. It can be taken up again."""

    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    refused: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.file_id[:12]} {self.done}/{self.rows}"


class Original(models.Model):
    """What a draft said before personal data was covered: the restricted store. Looking at it is recorded."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="originals")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.at:%Y-%m-%d}"
