"""A plain model of the back office, written from the contract alone.

It keeps one trade an object and one amount a ``Decimal``, says nothing of speed, and is
what the product's exports are compared with.
"""
