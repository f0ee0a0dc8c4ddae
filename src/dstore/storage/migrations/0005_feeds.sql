-- Work that goes on after its call was answered, and what a change feed needs.

-- Calls that were answered A and are not done: the row goes in the transaction of their effect and final result.
create table accepted (
    id {serial_never_reused},
    name text not null unique,
    partner_id integer not null,
    api text not null,
    request_id text not null,
    request_time text not null,
    at bigint not null,
    body {blob} not null
);

-- What left a tree without a tombstone, for as many versions as a change feed looks back.
create table removed (
    tree integer not null,
    version integer not null,
    kind integer not null,
    key text{binary} not null,
    primary key (tree, version, kind, key)
);

-- The version at which the store got the tree it points at: whatever is older is not told by its entries.
alter table store add column tree_since integer not null default 0;
