"""Sheets that come in and go out. Reading trusts nothing, writing harms nobody."""
