"""Replaying real elections: every ballot through the real HTTP endpoints, many voters at once."""
