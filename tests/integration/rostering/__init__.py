"""A package, so that the made-up world lives as long as its tests and no longer."""
