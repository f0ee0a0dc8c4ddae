-- What merchants add to what a POS sends, keyed by product id and never touched by a sync.

-- The menu a store is working on; `based_on` is the published version it began as, `previous` what one undo brings back.
create table merchant_draft (
    store_id integer primary key,
    revision integer not null,
    based_on integer not null,
    at bigint not null,
    login text not null,
    doc {blob} not null,
    previous {blob}
);

-- Menus as they were published, numbered from 1; the newest is what diners see. `known` are the products of that moment.
create table merchant_menu (
    store_id integer not null,
    number integer not null,
    at bigint not null,
    login text not null,
    note text not null,
    doc {blob} not null,
    known {blob} not null,
    revision integer not null,
    primary key (store_id, number)
);

-- Photos as they are served; the name is made from the bytes.
create table photo (
    store_id integer not null,
    name text not null,
    at bigint not null,
    login text not null,
    body {blob} not null,
    primary key (store_id, name)
);

-- What the merchant marked as sold out; `until` is a moment, or null until somebody takes the mark away.
create table sold_out (
    store_id integer not null,
    kind integer not null,
    key text{binary} not null,
    reason text not null,
    until bigint,
    login text not null,
    at bigint not null,
    primary key (store_id, kind, key)
);

-- What a person marked or unmarked in one go, and what was marked before, so that it can be taken back.
create table sold_out_act (
    id {serial_never_reused},
    store_id integer not null,
    at bigint not null,
    login text not null,
    before {blob} not null
);
create index sold_out_act_of_store on sold_out_act (store_id, at);

-- Hours, services, closings, notices and tables that the merchant set, as one JSON document of a store; `previous` is
-- what one undo brings back.
create table merchant_settings (
    store_id integer primary key,
    revision integer not null,
    at bigint not null,
    login text not null,
    doc {blob} not null,
    previous {blob} not null
);
