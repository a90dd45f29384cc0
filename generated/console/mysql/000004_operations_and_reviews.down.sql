-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: mysql
-- parent: a05bb9089d2ba885270824bb8f57d8017877946a5a42b11da286415c401d4e3a
-- state: 4673f3cd8b71c96efe62f18fb9cb3ceafd84e7adc0a15de36d115a8d0afbdd8d
-- verified: no (no scratch database)
-- deletes: table command_executions
-- deletes: table documentation_updates
-- deletes: table git_operations
-- deletes: table run_reviews

-- drop table command_executions [deletes-data: drops the table and its rows]
DROP TABLE `command_executions`;

-- drop table documentation_updates [deletes-data: drops the table and its rows]
DROP TABLE `documentation_updates`;

-- drop table git_operations [deletes-data: drops the table and its rows]
DROP TABLE `git_operations`;

-- drop table run_reviews [deletes-data: drops the table and its rows]
DROP TABLE `run_reviews`;
