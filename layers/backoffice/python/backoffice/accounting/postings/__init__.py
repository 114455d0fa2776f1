"""What each thing that happens posts to the journal."""
