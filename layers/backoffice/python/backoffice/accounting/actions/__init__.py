"""Corporate actions: who is entitled, what moves in shares and money, and when."""
