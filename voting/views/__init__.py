"""HTTP in, HTTP out: pages of polls, and the ballot box that knows nobody."""
