-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: sqlite
-- parent: 3dc26a8cc4e15ac55f80125844bae66b297ebff8755c749da777d528bc223163
-- state: b42353197c29c26ad6bea5a222a3fef4be2f975681e2f1372766087674fbcc1a
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
