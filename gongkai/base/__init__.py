"""Event log, files, outbox, today()."""
