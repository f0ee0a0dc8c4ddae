"""Fields, words, limits and value objects: what the contract's words mean, each defined once."""
