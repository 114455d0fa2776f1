"""Remote operations: the homes that people work from, whether they may, and who looked."""
