"""Measurements beside their baselines; a script each."""
