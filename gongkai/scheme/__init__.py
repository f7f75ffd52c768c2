"""Publication scheme."""
