"""Writes of places: divisions, dated edits of villages, units, hamlets and households."""
