"""The operations console: what its pages say, and how they are written as HTML."""
