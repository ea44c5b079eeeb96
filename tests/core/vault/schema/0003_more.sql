-- The next version: a column has a new name, and there is one more.
begin immediate;
alter table people rename column phone to telephone;
alter table people add column language text;
update edits set field = 'telephone' where tbl = 'people' and field = 'phone';
pragma user_version = 3;
commit;
