"""What both sides of a benchmark read, written from the standard population."""
