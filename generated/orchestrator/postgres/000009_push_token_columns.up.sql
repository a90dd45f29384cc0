-- trueup migration
-- version: 000009
-- name: push_token_columns
-- engine: postgres
-- parent: b18b9615e7a517f06cbb92cf767792fac45c635b06862b21ed7d259d4804447e
-- state: 4a5d682a2d641174b4ba38f93ddcd7349da18c1f64cdda094af59fa849529553
-- verified: PostgreSQL 17.11, scratch database

-- drop index orchestrator.push_tokens.push_tokens_user_idx
DROP INDEX orchestrator.push_tokens_user_idx;

-- create column orchestrator.push_tokens.app_version
ALTER TABLE orchestrator.push_tokens ADD COLUMN app_version text;

-- create column orchestrator.push_tokens.device_id
ALTER TABLE orchestrator.push_tokens ADD COLUMN device_id text;

-- create column orchestrator.push_tokens.last_seen_at
ALTER TABLE orchestrator.push_tokens ADD COLUMN last_seen_at timestamp with time zone;

-- create column orchestrator.push_tokens.platform
ALTER TABLE orchestrator.push_tokens ADD COLUMN platform text NOT NULL DEFAULT 'unknown';

-- create column orchestrator.push_tokens.revoked_at
ALTER TABLE orchestrator.push_tokens ADD COLUMN revoked_at timestamp with time zone;

-- create check orchestrator.push_tokens.push_tokens_platform_check [scans-table: checks every row under an exclusive lock; fails when one does not comply]
ALTER TABLE orchestrator.push_tokens ADD CONSTRAINT push_tokens_platform_check CHECK (platform in ('ios', 'android', 'web', 'unknown'));

-- create index orchestrator.push_tokens.push_tokens_active_idx [builds-index: builds an index on orchestrator.push_tokens; writes wait until it is done]
CREATE INDEX push_tokens_active_idx ON orchestrator.push_tokens (user_id) WHERE revoked_at is null;

-- create index orchestrator.push_tokens.push_tokens_device_key [builds-index: builds an index on orchestrator.push_tokens; writes wait until it is done; fails when rows are equal in the key]
CREATE UNIQUE INDEX push_tokens_device_key ON orchestrator.push_tokens (user_id, device_id) WHERE device_id is not null;
