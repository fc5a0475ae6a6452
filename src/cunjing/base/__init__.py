"""Foundations that know no Django: identifiers, the clock, the catalogue of problems."""
