"""Covering for good: what was covered is nowhere in the bytes, the rest is still there."""
