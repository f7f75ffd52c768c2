"""Floor 3: records. Kinds, drafts and versions, gates, publication, validity."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "gongkai.records"
    label = "records"
    verbose_name = "政府信息"

    def ready(self) -> None:
        """Read every kind: a file that does not hold stops the start with its line and the reason."""
        from gongkai.records.kinds import kinds

        kinds()
