"""Live updates under load: ours beside its limit and its peers, in turns, from one generator."""
