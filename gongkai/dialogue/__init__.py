"""Messages, consultations."""
