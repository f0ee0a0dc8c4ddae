"""The family: one file for each object that partners speak of."""
