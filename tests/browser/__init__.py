"""Journeys through the desk in a real browser, against the real server."""
