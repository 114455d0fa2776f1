"""Views, seals and proofs over what the day wrote."""
