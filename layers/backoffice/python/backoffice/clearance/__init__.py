"""Nothing settles that is not cleared: holds, pricing, cases."""
