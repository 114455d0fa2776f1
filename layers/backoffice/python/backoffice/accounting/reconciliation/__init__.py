"""Reconciliation: what others say of us against our books, and the life of breaks."""
