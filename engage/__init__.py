"""Engage: the platform that polls, forums and consultations stand on."""
