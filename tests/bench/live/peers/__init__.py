"""What others do, and what nothing can beat: each a server of its own, as small as it can be."""
