"""How fast it is, each figure beside the limit that the same run found: ratios, not promises."""
