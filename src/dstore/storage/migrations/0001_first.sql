-- The first schema: partners and keys, results given once, stores and their entries, history.
-- {blob}, {serial} and the like are written by schema.py for the database at hand.

create table partner (
    id {serial},
    client_id text not null unique,
    name text not null,
    active integer not null default 1,
    created bigint not null
);

create table partner_key (
    partner_id integer not null,
    version integer not null,
    public_key text not null,
    created bigint not null,
    revoked bigint,
    primary key (partner_id, version)
);

-- The platform's own signing keys; the newest signs.
create table platform_key (
    version integer primary key,
    private_key text not null,
    created bigint not null
);

-- Counters that every process compares with what it has cached.
create table mark (
    name text primary key,
    value integer not null
);
insert into mark (name, value) values ('partners', 0);

-- Results already given: one row for each (partner, API, requestId), in the transaction of the effect.
create table given (
    partner_id integer not null,
    api text not null,
    request_id text not null,
    body_hash {blob} not null,
    code text not null,
    message text not null,
    at bigint not null,
    primary key (partner_id, api, request_id)
);

-- A merchant's account at a POS provider belongs to the first partner that uses it.
create table account (
    pos_account_id text primary key,
    partner_id integer not null
);

-- One row a store of either feed. `tree` names its entries; every write raises `version`.
create table store (
    id {serial},
    public_id text not null unique,
    feed text not null,
    partner_id integer not null,
    account text not null,
    ref text not null,
    tree integer not null,
    version integer not null,
    feed_hash {blob},
    deleted integer not null default 0,
    changed bigint not null,
    doc {blob} not null,
    unique (partner_id, feed, account, ref)
);

-- Whatever a tree holds: products, groups, menus, categories, items ... each with its document as JSON bytes.
-- `key` is the id, or the JSON list of own id and parents' ids; `version` is the store's when the row last changed.
create table entry (
    tree integer not null,
    kind integer not null,
    key text{binary} not null,
    position bigint not null,
    status text,
    deleted integer not null default 0,
    version integer not null,
    doc {blob} not null,
    primary key (tree, kind, key)
);

-- Trees that no store points at: being written ahead of their commit, or replaced. Swept in the background.
-- A number is never given twice: the row of a kept tree is deleted while its entries stay.
create table loose_tree (
    tree {serial_never_reused},
    since bigint not null
);

-- Every applied change: which request of whom made which version, and what it changed.
create table history (
    id {serial},
    store_id integer not null,
    version integer not null,
    at bigint not null,
    partner_id integer not null,
    api text not null,
    request_id text not null,
    request_time text not null,
    what {blob} not null
);
create index history_of_store on history (store_id, version);
