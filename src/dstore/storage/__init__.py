"""Databases: the port, and what only SQLite or only PostgreSQL needs."""
