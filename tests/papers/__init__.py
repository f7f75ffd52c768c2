"""Office documents in: formats, bad input, mutated bytes."""
