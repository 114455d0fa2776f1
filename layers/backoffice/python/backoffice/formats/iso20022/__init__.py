"""ISO 20022 settlement messages: what we write, what we read, and how files carry them.

Nothing is imported here: a writer needs no XML parser, so a function that only instructs does not
carry one.
"""
