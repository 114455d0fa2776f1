"""Lots: what is open of each, who takes them, and what that realises."""
