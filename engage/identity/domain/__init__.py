"""Who may take part, as pure rules: levels, claims, areas, roles. No storage, no clock."""
