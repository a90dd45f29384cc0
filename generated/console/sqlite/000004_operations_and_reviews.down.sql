-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: sqlite
-- parent: 156df0665723355b62230f1ee9a6bd5ddd2cb1c6d93b7f08d3da151d17d9b813
-- state: 8366f0327bd189cd843161ed0ad93bbe1af0bb6fcb28427340914e17eba4c998
-- verified: SQLite 3.40.1, scratch database
-- deletes: table command_executions
-- deletes: table documentation_updates
-- deletes: table git_operations
-- deletes: table run_reviews

-- drop table run_reviews [deletes-data: drops the table and its rows]
drop table run_reviews;

-- drop table command_executions [deletes-data: drops the table and its rows]
drop table command_executions;

-- drop table documentation_updates [deletes-data: drops the table and its rows]
drop table documentation_updates;

-- drop table git_operations [deletes-data: drops the table and its rows]
drop table git_operations;
