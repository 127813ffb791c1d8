"""What is live: topics, the hub and the sockets that pages listen on."""
