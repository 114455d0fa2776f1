"""Netting, obligations and their life."""
