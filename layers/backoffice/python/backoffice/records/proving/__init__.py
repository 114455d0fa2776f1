"""Prove records to whoever trusts nobody: one by one, or a package of days."""
