"""The ballot protocol and the counting rules; no Django, no input or output, no clock."""
