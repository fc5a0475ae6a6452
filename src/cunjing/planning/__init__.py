"""Who serves which village, and how a month is walked: problem, solve, explain. No Django."""
