"""What may be told to the world, as pure checks."""
