"""Rows of the tree of bodies and sections through time, of people and of the posts they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class Kind(models.TextChoices):
    """What a node of the tree is."""

    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"
    DEPARTMENT = "department", "部门"
    VERTICAL = "vertical", "垂直管理部门"
    UNIT = "unit", "所属单位"
    SECTION = "section", "内设机构"
    TOWNSHIP = "township", "乡镇"
    STREET = "street", "街道"
    VILLAGE = "village", "村（社区）"
    ENTERPRISE = "enterprise", "公共企事业单位"


class Organisation(models.Model):
    """A body or section (机关、科室). Its name, its place and its end are rows of their own, with dates."""

    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    openness_office = models.BooleanField("政府信息公开工作机构", default=False)
    position = models.PositiveIntegerField("排序", default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.kind}#{self.pk}"


class Name(models.Model):
    """What an organisation is called from a day on, until the day before the next name."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    text = models.CharField("名称", max_length=100)
    since = models.DateField("启用日期")
    until = models.DateField("停用日期", null=True)
    reason = models.CharField("缘由", max_length=200, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "since"], name="one_name_a_day"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="name_interval"),
        ]

    def __str__(self) -> str:
        return self.text


class Place(models.Model):
    """Under which organisation another stands, from a day on. The root stands under none."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="places")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="children")
    since = models.DateField("起")
    until = models.DateField("止", null=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "since"], name="one_place_a_day"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="place_interval"),
            models.CheckConstraint(condition=~Q(parent=F("organisation")), name="not_under_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}<{self.parent_id}"


class Succession(models.Model):
    """What became of an organisation that ended: it went into another (合并、划入)."""

    old = models.ForeignKey(Organisation, models.CASCADE, related_name="successions")
    new = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessors")
    on = models.DateField("日期")
    reason = models.CharField("缘由", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="one_succession")]

    def __str__(self) -> str:
        return f"{self.old_id}→{self.new_id}"


class Alias(models.Model):
    """Another way in which an organisation is printed."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")
    text = models.CharField("别称", max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "text"], name="one_alias")]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """What a person said a printed name means within a body: asked once, remembered."""

    body = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    printed = models.CharField(max_length=120)
    organisations: models.ManyToManyField[Organisation, models.Model] = models.ManyToManyField(
        Organisation, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "printed"], name="one_answer")]

    def __str__(self) -> str:
        return self.printed


class People(BaseUserManager["Person"]):
    """Makes people; names of accounts are kept in small letters."""

    def create_user(self, username: str, name: str, password: str | None = None) -> Person:
        """A person without any post."""
        person = self.model(username=username.lower().strip(), name=name)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody who works here, and their account."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("电话", max_length=40, blank=True)
    is_active = models.BooleanField("启用", default=True)
    administrator = models.BooleanField("系统管理员", default=False)
    must_change_password = models.BooleanField("须改密码", default=False)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody does at an organisation."""

    CLERK = "clerk", "经办"
    REVIEWER = "reviewer", "审核"
    SIGNER = "signer", "签发"
    LEGAL = "legal", "法制"
    SECRECY = "secrecy", "保密审查"
    AUTHORITY = "authority", "主管部门"
    COUNTER = "counter", "窗口"


class Post(models.Model):
    """A role that a person holds at an organisation from a day on; `until` is the last day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=12, choices=Role.choices)
    since = models.DateField("任职日期")
    until = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "role", "since"], name="one_post"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="post_interval"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.organisation_id}:{self.role}"


class Acting(models.Model):
    """Somebody does the work of an absent colleague, from and until; what they sign shows 代."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="acting")
    absent = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    since = models.DateField("起")
    until = models.DateField("止")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="acting_interval"),
            models.CheckConstraint(condition=~Q(person=F("absent")), name="not_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} 代 {self.absent_id}"
