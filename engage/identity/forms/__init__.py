"""Untrusted text becomes typed values, one file a noun."""
