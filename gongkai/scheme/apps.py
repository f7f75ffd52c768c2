"""Floor 4: the publication scheme. What must be public, by whom, how soon, how often."""

from django.apps import AppConfig


class SchemeConfig(AppConfig):
    name = "gongkai.scheme"
    label = "scheme"
    verbose_name = "公开目录"
