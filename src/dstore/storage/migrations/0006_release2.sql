-- What release 2's syncStore needs: hidden stores, and which stores carry a menu. 3 is the kind of menus.

alter table store add column hidden integer not null default 0;
create index menu_by_key on entry (key) where kind = 3;
create index store_by_tree on store (tree);
