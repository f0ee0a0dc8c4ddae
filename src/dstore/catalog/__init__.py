"""What a shop is and what may change: rules, mostly pure functions. Knows no HTTP."""
