"""What is handed out to be run without the project."""
