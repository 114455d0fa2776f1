"""The parts of `bench.messages`: a format each."""
