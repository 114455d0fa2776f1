"""Regulation SHO: what the firm fails to deliver, by when it is closed out, what follows."""
