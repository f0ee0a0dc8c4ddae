"""What all pages share: templates, assets, languages, security headers."""
