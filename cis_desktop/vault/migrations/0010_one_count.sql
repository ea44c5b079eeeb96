-- A page fewer to seal and write for each change: no second account of how many change sets each device has made, which
-- the list of them says.
begin immediate;
alter table devices drop column seq;
pragma user_version = 10;
commit;
