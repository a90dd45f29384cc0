-- trueup migration
-- version: 000003
-- name: add_onboarding_completed
-- engine: postgres
-- parent: a61aff90f489652436193698a8d6798b84df7793d0da6c9ec2c164c332e728f6
-- state: 9fc9c600961ebea2d5f0a458c8f6b7b1b6f74cee11bf98c9be646b4a53a5a28c
-- verified: PostgreSQL 17.11, scratch database

-- create column public.users.onboarding_completed
ALTER TABLE public.users ADD COLUMN onboarding_completed boolean NOT NULL DEFAULT false;
