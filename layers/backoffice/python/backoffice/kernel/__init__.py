"""Scaled integers, identifiers, calendar, rulebook, errors: what every room rests on."""
