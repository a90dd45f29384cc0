-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: sqlite
-- parent: b42353197c29c26ad6bea5a222a3fef4be2f975681e2f1372766087674fbcc1a
-- state: 9716502906addb2ff2df32a797c1c6107af0b804c2f240fec4bb1c851fa901fe
-- verified: SQLite 3.40.1, scratch database
-- deletes: table agent_providers
-- deletes: table agent_settings

-- drop table agent_providers [deletes-data: drops the table and its rows]
drop table agent_providers;

-- drop table agent_settings [deletes-data: drops the table and its rows]
drop table agent_settings;
