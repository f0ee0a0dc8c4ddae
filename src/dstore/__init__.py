"""dstore, a digital-store platform for food and beverage."""

import gc

# Modules bring objects by the ten thousand, and they stay: looking through them at every 700 more takes a fifth of a
# start. What a call makes is gone without the collector.
gc.set_threshold(10_000, 10, 10)
