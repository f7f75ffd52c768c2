"""Floor 4: the yearly plan and its tasks, one of the four sources of duty."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "gongkai.plans"
    label = "plans"
    verbose_name = "分工方案"
