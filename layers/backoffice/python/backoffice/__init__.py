"""Bakskrifstofa: the domain of a stock broker's back office."""

__version__ = "0.8.0"
