"""English as towns in Europe write it."""
