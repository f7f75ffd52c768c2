"""The one kind of page."""

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page


class DocumentPage(Page):
    """A document with the fields of its header table."""

    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120)
    topic = models.CharField(max_length=60)
    formed = models.DateField()
    expires = models.DateField(null=True, blank=True)
    body = RichTextField()

    template = "peer/document.html"
