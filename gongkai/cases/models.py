"""Rows of cases: the request, its steps, answers, letters, papers; settings of a body; supervision.

`Step` rows are the truth. The columns of `Case` from `state` on follow from them and stand here so that a list of a
million can be ordered and filtered; `actions.common.settle` writes them after each step, and a test compares.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from gongkai.base.models import File
from gongkai.base.sealing import SealedField
from gongkai.cases.life import APPLICANTS, CHANNELS, State
from gongkai.orgs.models import Organisation, Person
from gongkai.records.models import Record


class Purpose(models.TextChoices):
    """What is asked: information, or the correction of a record about oneself (第四十一条)."""

    ACCESS = "access", "申请公开"
    AMEND = "amend", "申请更正"


class Case(models.Model):
    """A request for information (依申请公开). What names the applicant is sealed; the rest is for statistics."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.CharField("类别", max_length=8, choices=Purpose.choices, default=Purpose.ACCESS)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    code = SealedField("查询码")
    code_mark = models.CharField(max_length=40, unique=True)
    applicant_kind = models.CharField("申请人类别", max_length=16, choices=list(APPLICANTS.items()))
    applicant = SealedField(default="{}")
    applicant_mark = models.CharField(max_length=40, blank=True)
    title = models.CharField("申请公开的信息", max_length=200)
    asked = models.TextField("具体描述")
    document_number = models.CharField("文号", max_length=80, blank=True)
    form = models.CharField("提供方式", max_length=60, blank=True)
    way = models.CharField("获取途径", max_length=60, blank=True)
    channel = models.CharField("提交渠道", max_length=16, choices=list(CHANNELS.items()))
    oral = models.BooleanField("口头申请代填", default=False)
    place = models.CharField("受理点", max_length=120, blank=True)
    help = models.CharField("需要的帮助", max_length=120, blank=True)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="came_of")
    erased_on = models.DateField(null=True)

    state = models.CharField("状态", max_length=12, choices=[(s.value, s.label) for s in State])
    submitted_on = models.DateField("提交日期")
    received_on = models.DateField("收到申请之日", null=True)
    due_on = models.DateField("答复期限", null=True)
    provisional = models.BooleanField(default=False)
    ended_on = models.DateField("办结日期", null=True)
    delivered_on = models.DateField("送达日期", null=True)
    outcome = models.CharField("结果", max_length=24, blank=True)
    ground = models.CharField("依据", max_length=24, blank=True)
    row = models.CharField("年报行次", max_length=4, blank=True)
    consulting = models.PositiveSmallIntegerField("在征求意见", default=0)
    disputed = models.BooleanField("有复议、诉讼或者投诉", default=False)

    class Meta:
        ordering = ["-year", "-serial"]
        constraints = [models.UniqueConstraint(fields=["body", "year", "serial"], name="one_case_number")]
        indexes = [
            models.Index(fields=["body", "year", "serial"], name="case_list"),
            models.Index(fields=["body", "due_on", "id"], condition=Q(state__in=["open", "decided"]), name="case_due"),
            models.Index(fields=["body", "state", "year", "serial"], name="case_state"),
            models.Index(fields=["handler", "state", "due_on"], name="case_handler"),
            models.Index(fields=["body", "received_on"], name="case_received"),
            models.Index(fields=["body", "ended_on"], name="case_ended"),
            models.Index(fields=["applicant_mark", "received_on"], name="case_applicant"),
            models.Index(fields=["body", "handler", "year"], name="case_places"),  # what the list's filters offer
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """登记编号: 〔2026〕12号."""
        return f"〔{self.year}〕{self.serial}号"

    def overdue(self, on: dt.date) -> bool:
        """Whether the answer is late on a day; `life.Standing.overdue` over the columns that lists have."""
        if self.due_on is None or self.outcome.startswith("lapsed"):
            return False
        if self.delivered_on is not None:
            return self.delivered_on > self.due_on
        return self.state in (State.OPEN, State.DECIDED) and on > self.due_on


class Step(models.Model):
    """One thing that happened in a case, in order. `data` holds dates and codes; what names somebody is sealed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    verb = models.CharField(max_length=24)
    on = models.DateField()
    at = models.DateTimeField()
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    told = SealedField(default="{}")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="one_step_number")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.verb}"


class Stage(models.TextChoices):
    """Where the draft of an answer is."""

    DRAFT = "draft", "拟稿"
    CHECK = "check", "待法制审核"
    SIGN = "sign", "待签发"
    SIGNED = "signed", "已签发"
    DROPPED = "dropped", "已作废"


UNDER_WAY = (Stage.DRAFT, Stage.CHECK, Stage.SIGN)
"""Stages of an answer that is being written, checked or signed: a case has one such answer at most."""


class Answer(models.Model):
    """A draft of an answer on its way to signature: outcome, ground, texts. One at a time is under way."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    outcome = models.CharField(max_length=24)
    ground = models.CharField(max_length=24, blank=True)
    category = models.CharField(max_length=40, blank=True)
    separable = models.BooleanField(null=True)
    texts = SealedField(default="{}")
    drafter = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    drafted_on = models.DateField()
    checker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    checked_on = models.DateField(null=True)
    check_note = models.TextField("法制审核意见", blank=True)
    signer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField(null=True)
    returned = models.TextField("退回的意见", blank=True)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(stage__in=["draft", "check", "sign"]), name="one_answer_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome} {self.stage}"


class Letter(models.Model):
    """A document of a case, numbered where it goes out. `fields` is what it was filled with, sealed; `file` the docx."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="letters")
    code = models.CharField(max_length=32)
    number = models.CharField("文号", max_length=60, blank=True)
    on = models.DateField()
    fields = SealedField(default="{}")
    template = models.ForeignKey("Template", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Paper(models.TextChoices):
    """What a paper of a case is."""

    IDENTITY = "identity", "身份证明"
    FORM = "form", "签名的申请表"
    PROOF = "proof", "送达、检索等证明"
    SOURCE = "source", "查到的原件"
    SUPPLIED = "supplied", "提供给申请人的信息"
    OPINION = "opinion", "征求来的意见"
    OTHER = "other", "其他"


class Attachment(models.Model):
    """A paper of a case, sealed. What is supplied may have been covered in part: `covered` lists where and why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=12, choices=Paper.choices)
    name = SealedField()
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    on = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="redactions")
    covered: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    class Meta:
        ordering = ["case", "id"]

    def __str__(self) -> str:
        return str(self.name)


class Dispute(models.Model):
    """A complaint, a reconsideration or a suit about a case, with its result: a row of the report's fourth table."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="disputes")
    kind = models.CharField(
        max_length=12, choices=[("complain", "投诉举报"), ("reconsider", "行政复议"), ("sue", "行政诉讼")]
    )
    on = models.DateField()
    first = models.BooleanField(default=False)
    organ = models.CharField("受理机关", max_length=100, blank=True)
    reference = models.CharField("案号", max_length=80, blank=True)
    copy_received = models.DateField("收到申请书副本", null=True)
    answer_due = models.DateField("提交答复和证据的期限", null=True)
    answered_on = models.DateField("提交答复和证据", null=True)
    result = models.CharField(max_length=10, blank=True)
    ended_on = models.DateField(null=True)
    note = SealedField(blank=True)

    class Meta:
        ordering = ["case", "id"]
        indexes = [models.Index(fields=["kind", "on"], name="dispute_kind")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.on}"


class Series(models.Model):
    """The last number given in a series of a body and year: registrations, letters. Never given twice."""

    body = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    name = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "name", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.name} {self.year}: {self.last}"


class Setup(models.Model):
    """What a body sets for its requests. What the sources mark as unverified stands here with a default."""

    body = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    organ = models.CharField("落款的机关名称", max_length=100, blank=True)
    prefix = models.CharField("机关代字", max_length=20, blank=True)
    address = models.CharField("办公地址", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=60, blank=True)
    reconsideration_organ = models.CharField("复议机关名称", max_length=100, blank=True)
    online_channel = models.CharField("网上申请复议的网址", max_length=200, blank=True)
    pay_how = models.CharField("缴费方式", max_length=300, blank=True)
    restart_after_payment = models.BooleanField("缴费后期限重新计算", default=True)
    draft_days = models.PositiveSmallIntegerField("拟稿要早于答复期限的工作日数", default=7)
    check_days = models.PositiveSmallIntegerField("法制审核要早于答复期限的工作日数", default=4)
    sign_days = models.PositiveSmallIntegerField("签发要早于答复期限的工作日数", default=2)
    retention_years = models.PositiveSmallIntegerField("个人信息保存年数", default=10)

    def __str__(self) -> str:
        return f"{self.body_id}"


class Template(models.Model):
    """A letter's template as an office edited it in Word or WPS; the newest of a body and letter is used."""

    body = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    code = models.CharField(max_length=32)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    on = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["body", "code", "-id"]

    def __str__(self) -> str:
        return f"{self.body_id} {self.code}"


class Question(models.Model):
    """A hard question that a body asked 主管部门, and the guidance that all see when they choose that outcome (R5)."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="questions")
    outcome = models.CharField(max_length=24, blank=True)
    ground = models.CharField(max_length=24, blank=True)
    title = models.CharField("问题", max_length=200)
    text = models.TextField("说明")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answer = models.TextField("指导意见", blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Precedent(models.Model):
    """A case that 主管部门 put into the library, in words that name nobody."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, models.CASCADE, related_name="precedent")
    title = models.CharField(max_length=200)
    point = models.TextField("要点")
    outcome = models.CharField(max_length=24)
    ground = models.CharField(max_length=24, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Opening(models.Model):
    """A proposal to publish what is asked for again and again (第四十四条), decided by the body (R6)."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=200)
    cases: models.ManyToManyField[Case, models.Model] = models.ManyToManyField(Case, related_name="openings")
    proposed_on = models.DateField()
    suggested = models.BooleanField("申请人建议", default=False)
    decided_on = models.DateField(null=True)
    accepted = models.BooleanField(null=True)
    why = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
