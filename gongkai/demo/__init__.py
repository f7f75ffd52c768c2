"""A sample county."""
