"""The client of the town's or the nation's identity service, by OpenID Connect."""
