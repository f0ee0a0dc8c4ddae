"""APIs of SaaS providers and ISVs of the F&B mini program."""
