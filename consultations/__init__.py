"""Consultations and petitions will live here; nothing does yet."""
