"""Counting again: every rule this program knows, each in its own module.

Written from the rules' published texts; a rule that is not here is left to another program.
"""
