"""Read models over everything below."""
