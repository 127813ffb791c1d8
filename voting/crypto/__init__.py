"""The protocol's cryptography that needs a library: signing, and verifying fast.

No tables and no web: keys come in as arguments and nothing is kept.
"""
