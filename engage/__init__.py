"""Engage: the platform that polls, forums and consultations stand on."""

__version__ = "0.1.0"
