"""dstore."""
