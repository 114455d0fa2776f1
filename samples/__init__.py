"""Three business days of a small Icelandic-American broker."""
