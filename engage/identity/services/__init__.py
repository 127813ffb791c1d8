"""What changes of people: one verb, one service, one transaction."""
