"""Floor 5: the ledger. Duties derived from the rooms below; progress and settlement kept as facts."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "gongkai.ledger"
    label = "ledger"
    verbose_name = "台账"
