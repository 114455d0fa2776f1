"""Instruments, accounts, counterparties, prices, rates and fees as known."""
