"""Bytes to domain and back: tolerant in, strict out."""
