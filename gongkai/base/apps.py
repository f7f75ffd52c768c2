"""Floor 0: the event log and its followers, files by digest, the outbox, today()."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "gongkai.base"
    label = "base"
    verbose_name = "留痕与文件"
