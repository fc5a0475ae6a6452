"""The demo county: real villages, invented people and work, the same every time from one seed.

Months follow the day of loading (two whole months and the running one), so that first pages always
have something to do; who did what in them does not.
"""
