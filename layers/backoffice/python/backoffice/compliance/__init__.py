"""Compliance: what the books have to be watched and told for."""
