"""Pure rules that every app shares; no Django, no input or output, no clock."""
