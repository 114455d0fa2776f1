"""The blotters of SEC rule 17a-3: what a business day traded, received, delivered and paid."""
