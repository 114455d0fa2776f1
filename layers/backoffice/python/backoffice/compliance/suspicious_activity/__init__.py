"""Suspicious activity reports: what two people agreed to file."""
