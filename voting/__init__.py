"""Polls whose ballots are anonymous and whose result a stranger can recount."""
