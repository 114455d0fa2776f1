"""Worked figures that hold the reference model to the contract."""
