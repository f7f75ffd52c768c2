"""Commands that work on the site's data."""
