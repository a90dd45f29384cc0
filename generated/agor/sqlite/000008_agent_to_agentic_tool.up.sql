-- trueup migration
-- version: 000008
-- name: agent_to_agentic_tool
-- engine: sqlite
-- parent: cbe0d6a3175abf4c43e0b4957fdf4c0e6abe58f5eb9e0f08a8c622f91af62c2c
-- state: 0ff0734365c64dd5b538d0e3d2a2e884cba1aa87b867bd78fa3a5a3612117f30
-- verified: SQLite 3.40.1, scratch database
-- renames: column sessions.agent -> column sessions.agentic_tool

-- rename column sessions.agentic_tool
alter table sessions rename column agent to agentic_tool;
