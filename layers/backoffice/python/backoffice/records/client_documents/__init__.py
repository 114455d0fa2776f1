"""Confirmations, statements and realised gains: what clients are told, from the sealed books."""
