"""Make the tables, and a page of each document of a JSON file."""

import json
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "peer.settings"
django.setup()

call_command("makemigrations", "peer", verbosity=0)
call_command("migrate", verbosity=0)

from wagtail.models import Page, Site  # noqa: E402

from peer.models import DocumentPage  # noqa: E402

root = Page.objects.get(depth=1)
home = root.add_child(instance=Page(title="首页", slug="top"))
Site.objects.all().delete()
Site.objects.create(hostname="127.0.0.1", port=int(sys.argv[2]), root_page=home, is_default_site=True)
for one in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    home.add_child(instance=DocumentPage(**one))
