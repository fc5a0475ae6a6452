"""Who of the auxiliaries moves when, so that nobody stays too long and no village is uncovered."""
