"""What merchants add to a store's products: menus, texts, photos. Rules are pure; `storing` writes."""
