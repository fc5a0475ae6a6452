"""What phones of each schema version wrote, one body a type; never changed once released."""
