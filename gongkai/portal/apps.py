"""The app of the citizen's site."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The public door: what is out, as pages, feeds and finished files."""

    name = "gongkai.portal"
    label = "portal"
