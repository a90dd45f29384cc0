-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: sqlite
-- parent: 8366f0327bd189cd843161ed0ad93bbe1af0bb6fcb28427340914e17eba4c998
-- state: e6da1b4d0435218806bd595d3d0cf08205248a76c7d441f0483ede2cddb30b1a
-- verified: SQLite 3.40.1, scratch database
-- deletes: table agent_providers
-- deletes: table agent_settings

-- drop table agent_providers [deletes-data: drops the table and its rows]
drop table agent_providers;

-- drop table agent_settings [deletes-data: drops the table and its rows]
drop table agent_settings;
