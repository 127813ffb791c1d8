"""Pure rules of what travels over a socket, and how often."""
