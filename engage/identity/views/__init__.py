"""Pages of a person and of the offices that know people; they decide nothing."""
