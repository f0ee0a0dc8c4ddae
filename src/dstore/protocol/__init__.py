"""Signed messages over HTTP: bytes to authentic messages and back. Knows keys and time, but no food and no pages."""
