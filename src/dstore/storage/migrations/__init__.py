"""Numbered SQL files, applied in order, forward only."""
