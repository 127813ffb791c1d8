"""What pages and services read of people and places, each in a fixed number of queries."""
