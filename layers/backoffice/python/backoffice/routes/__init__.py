"""What the functions behind the API share: the router, and its answers to what is no request."""
