-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: postgres
-- parent: a636e442f8b38a6e7d4ad29c4bb9f64c5ee9d474350694c221dcbd1b068aea0f
-- state: 4e341159cb243e320cd66dbdfabbf2ce52e0a63944c8a8a2729c378834aef74b
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.command_executions
-- deletes: table public.documentation_updates
-- deletes: table public.git_operations
-- deletes: table public.run_reviews

-- drop table public.run_reviews [deletes-data: drops the table and its rows]
DROP TABLE public.run_reviews;

-- drop table public.command_executions [deletes-data: drops the table and its rows]
DROP TABLE public.command_executions;

-- drop table public.documentation_updates [deletes-data: drops the table and its rows]
DROP TABLE public.documentation_updates;

-- drop table public.git_operations [deletes-data: drops the table and its rows]
DROP TABLE public.git_operations;
