"""Bakskrifstofa: the domain of a stock broker's back office."""
