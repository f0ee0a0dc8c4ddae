"""The diner's pages: stores, a store with its menu, an item, the basket, its price; and QR codes that lead there."""
