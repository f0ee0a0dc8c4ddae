"""APIs of POS providers."""
