"""The request log: calls as they came in and went out, kept for people for a while. History is the record, not this."""
