"""Casting by a short way: a small ASGI application beside Django, and the queue behind it."""
