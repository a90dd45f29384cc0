-- trueup migration
-- version: 000001
-- name: initial
-- engine: sqlite
-- parent: 1a43161dfe9837731c770fff3054dfbe825ad23cc3887e3c8c03a87064d5f467
-- state: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- verified: SQLite 3.40.1, scratch database
-- deletes: table agent_events
-- deletes: table agent_runs
-- deletes: table project_connections
-- deletes: table projects
-- deletes: table users
-- deletes: table workspace_files
-- deletes: table workspace_snapshots

-- drop table project_connections [deletes-data: drops the table and its rows]
drop table project_connections;

-- drop table agent_events [deletes-data: drops the table and its rows]
drop table agent_events;

-- drop table workspace_files [deletes-data: drops the table and its rows]
drop table workspace_files;

-- drop table workspace_snapshots
pragma foreign_keys = off;

-- drop table workspace_snapshots [deletes-data: drops the table and its rows]
drop table workspace_snapshots;

-- drop table workspace_snapshots
pragma foreign_keys = on;

-- drop table agent_runs
pragma foreign_keys = off;

-- drop table agent_runs [deletes-data: drops the table and its rows]
drop table agent_runs;

-- drop table agent_runs
pragma foreign_keys = on;

-- drop table projects
pragma foreign_keys = off;

-- drop table projects [deletes-data: drops the table and its rows]
drop table projects;

-- drop table projects
pragma foreign_keys = on;

-- drop table users
pragma foreign_keys = off;

-- drop table users [deletes-data: drops the table and its rows]
drop table users;

-- drop table users
pragma foreign_keys = on;
