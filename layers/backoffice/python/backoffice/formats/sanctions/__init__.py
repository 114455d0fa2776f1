"""Sanctions lists as they are published, read as LISTED names.

A file that is empty, cut short, wrongly encoded or not the list it is said to be is refused whole:
`BadFileError` names the list, the place and the reason.
"""
