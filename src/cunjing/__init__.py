"""Cunjing 村警: the open work platform for rural community policing."""
