"""A handler that tells its time."""
