-- trueup migration
-- version: 000012
-- name: drop_agent_memories
-- engine: postgres
-- parent: 6486d9e9689026b4ca387f8e7d4cc85c8bb50134a7ae05157041fe3ba899b433
-- state: 765896d3c63be97af46cf7ae43bfc7b25445d4d89e0fb7130e3c14495496c412
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table orchestrator.agent_memories
-- allowed: table orchestrator.agent_memories

-- drop table orchestrator.agent_memories [deletes-data: drops the table and its rows]
DROP TABLE orchestrator.agent_memories;
