"""The data twin of the public site: the same reads as JSON and CSV, described by OpenAPI."""
