"""How browsers reach the console: requests, sessions, signing in, and the answers they get."""
