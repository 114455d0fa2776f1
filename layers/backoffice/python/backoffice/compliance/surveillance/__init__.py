"""Surveillance: patterns in what accounts do, looked for in columns every night."""
