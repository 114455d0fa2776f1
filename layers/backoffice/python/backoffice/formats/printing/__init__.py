"""Documents for people: what they say in a language, as PDF and as HTML.

Nothing here reads columns: a function that prints goes without the columnar layer.
"""
