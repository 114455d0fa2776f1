"""Wash sales: losses that a replacement takes on."""
