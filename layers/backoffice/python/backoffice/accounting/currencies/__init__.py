"""Deals in currencies, and what rates make of the firm's own positions in them."""
