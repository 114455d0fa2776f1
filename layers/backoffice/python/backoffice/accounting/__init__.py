"""The journal, the stock record, lots, positions and the close."""
