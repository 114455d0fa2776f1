"""Front office: what apps send one at a time, and what people look up."""
