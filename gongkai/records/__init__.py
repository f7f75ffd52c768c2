"""Kinds, versions, gates, publication."""
