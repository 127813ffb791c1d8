"""Forums will live here; nothing does yet."""
