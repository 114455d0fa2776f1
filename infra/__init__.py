"""What exists in the cloud: stages, stacks, capabilities and the blocks they are made of."""
