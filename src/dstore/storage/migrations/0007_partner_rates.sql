-- Calls a second that a partner may make; null: as many as the setting says, 0: no limit.
alter table partner add column rate integer;
