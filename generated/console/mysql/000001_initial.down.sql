-- trueup migration
-- version: 000001
-- name: initial
-- engine: mysql
-- parent: f38604744230269cb81cf1de045c1d96d2dc4dc177dd3c69cc11c48782c1cac9
-- state: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- verified: no (no scratch database)
-- deletes: table agent_events
-- deletes: table agent_runs
-- deletes: table project_connections
-- deletes: table projects
-- deletes: table users
-- deletes: table workspace_files
-- deletes: table workspace_snapshots

-- drop table project_connections [deletes-data: drops the table and its rows]
DROP TABLE `project_connections`;

-- drop table agent_events [deletes-data: drops the table and its rows]
DROP TABLE `agent_events`;

-- drop table workspace_files [deletes-data: drops the table and its rows]
DROP TABLE `workspace_files`;

-- drop table workspace_snapshots [deletes-data: drops the table and its rows]
DROP TABLE `workspace_snapshots`;

-- drop table agent_runs [deletes-data: drops the table and its rows]
DROP TABLE `agent_runs`;

-- drop table projects [deletes-data: drops the table and its rows]
DROP TABLE `projects`;

-- drop table users [deletes-data: drops the table and its rows]
DROP TABLE `users`;
