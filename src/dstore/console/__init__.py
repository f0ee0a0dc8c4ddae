"""Pages for merchants and operators."""
