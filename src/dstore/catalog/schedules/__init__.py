"""Time rules: what holds at a moment, and until when. Pure functions over rules, zone and moment."""
