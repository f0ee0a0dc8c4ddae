"""As much of curl and openssl as the pages use, for machines that have not got them."""
