-- People who use the Console: who they are, what they may see, their sessions, what they did.

create table console_user (
    id {serial},
    login text not null unique,
    name text not null,
    role text not null,
    password text not null,
    active integer not null default 1,
    created bigint not null
);

-- What a user sees: every store of a POS account of a partner, or one store. What does not apply is 0 or empty.
create table console_right (
    user_id integer not null,
    partner_id integer not null,
    account text not null,
    store_id integer not null,
    primary key (user_id, partner_id, account, store_id)
);

-- `token` is the hash of what the browser holds, so that a copy of the database opens no session.
create table console_session (
    token text primary key,
    user_id integer not null,
    created bigint not null,
    used bigint not null
);
create index console_session_of_user on console_session (user_id);

-- Attempts to sign in, counted for an address or a login since a moment.
create table sign_in_attempt (
    scope text not null,
    name text not null,
    count integer not null,
    since bigint not null,
    primary key (scope, name)
);

-- What was done in the Console: by whom, to which store (0: none), what.
create table audit (
    id {serial},
    at bigint not null,
    login text not null,
    store_id integer not null,
    action text not null,
    what {blob} not null
);
create index audit_of_store on audit (store_id, id);
