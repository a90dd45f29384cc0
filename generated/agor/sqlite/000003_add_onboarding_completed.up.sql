-- trueup migration
-- version: 000003
-- name: add_onboarding_completed
-- engine: sqlite
-- parent: 498ba756ebce8d731d91890b2693b65dcb8bb00e28a4890f510d330a94f98f12
-- state: 9cdd1bad312e6e26633875281dfff3d72f450d1fba15fb95420f4aee22fdcba2
-- verified: SQLite 3.40.1, scratch database

-- create column users.onboarding_completed
alter table users add column onboarding_completed boolean not null default false;
