"""Duties derived from the rooms below; evidence kept."""
