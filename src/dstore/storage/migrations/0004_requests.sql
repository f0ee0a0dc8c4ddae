-- Calls as they came in and went out, kept for people to look at; and what stores held before a change.

-- Up to a hundred neighbouring calls a row, packed: which stores each touched, what it is searched by, and what went
-- over the wire.
-- The id's high bits are the milliseconds of the first call.
create table request_batch (
    id {big_key},
    calls integer not null,
    stores {blob} not null,
    heads {blob} not null,
    texts {blob} not null
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
