"""What clients' positions are worth, margin, and whom to call."""
