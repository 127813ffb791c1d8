"""What can be done with a poll: one verb, one service, one transaction, one publish."""
