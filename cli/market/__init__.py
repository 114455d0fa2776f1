"""The bundled market: a partner that reads the outbox, writes drops, and knows nothing else."""
