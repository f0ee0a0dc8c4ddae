-- Calls as they came in and went out, kept for people to look at; and what stores held before a change.

-- One narrow row a call, in the order of time: the id's high bits are the milliseconds. There is no further index, so
-- that writing stays cheap; a search reads the rows backwards.
create table request (
    id {big_key},
    at bigint not null,
    direction text not null,
    client_id text not null,
    partner_id integer,
    api text not null,
    request_id text not null,
    code text not null,
    message text not null,
    verdict text not null,
    store_id integer,
    version integer,
    microseconds bigint not null,
    bytes_in bigint not null,
    bytes_out bigint not null,
    warnings integer not null,
    address text not null,
    text_id bigint not null,
    place integer not null
);

-- The stores of calls that touched several.
create table request_store (
    request bigint not null,
    store_id integer not null,
    version integer not null,
    primary key (request, store_id)
);

-- Headers, bodies and findings of up to a hundred calls, packed; `place` in `request` is a call's place in it.
create table request_text (
    id {big_key},
    doc {blob} not null
);

-- What a change of a store's catalogue overwrote, packed: applied backwards it gives the catalogue before.
create table undo (
    store_id integer not null,
    version integer not null,
    at bigint not null,
    doc {blob} not null,
    primary key (store_id, version)
);
create index undo_at on undo (at);
