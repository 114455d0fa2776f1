"""Costs: what a measured business day costs, what a million trades and a month would."""
