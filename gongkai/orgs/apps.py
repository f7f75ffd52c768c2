"""Floor 2: who. The tree of bodies through time, people and their posts, rights."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "gongkai.orgs"
    label = "orgs"
    verbose_name = "机构与人员"
