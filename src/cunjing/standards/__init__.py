"""National code tables and validators. No Django, no database, no domain."""
