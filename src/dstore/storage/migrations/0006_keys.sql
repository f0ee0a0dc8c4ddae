-- Hidden stores; and finding F&B objects by their ids in all stores at once. Kinds below 3 are POS products.

alter table store add column hidden integer not null default 0;
create index fnb_entry_by_key on entry (kind, key) where kind >= 3;
create index store_by_tree on store (tree);
