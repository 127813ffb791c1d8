"""The ballot side: intake, log, tree, checkpoints. It knows nothing of people."""
