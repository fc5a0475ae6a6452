"""What ./run does, one module a concern; imports nothing but the standard library."""
