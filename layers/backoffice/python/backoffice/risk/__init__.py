"""What an account may owe, and what its positions must be worth."""
