"""Counts what AWS would bill, inside the embedded AWS, while the platform works on it.

The platform knows nothing of it. Every request is told apart by who makes it: an invocation of a
function by its trace header, a partner and the operator by their access keys.
"""
