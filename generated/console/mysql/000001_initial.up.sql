-- trueup migration
-- version: 000001
-- name: initial
-- engine: mysql
-- parent: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- state: f38604744230269cb81cf1de045c1d96d2dc4dc177dd3c69cc11c48782c1cac9
-- verified: no (no scratch database)

-- create table users
CREATE TABLE `users` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `email` varchar(255) NOT NULL,
  `email_verified_at` timestamp NULL,
  `password` varchar(255) NOT NULL,
  `remember_token` varchar(100),
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `users_email_key` (`email`)
);

-- create table projects
CREATE TABLE `projects` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `slug` varchar(255) NOT NULL,
  `description` text,
  `repository_url` varchar(255),
  `local_workspace_path` varchar(255),
  `default_branch` varchar(255) NOT NULL DEFAULT 'main',
  `current_branch` varchar(255),
  `framework_detected` varchar(255),
  `language_detected` varchar(255),
  `status` varchar(255) NOT NULL DEFAULT 'creating',
  `created_by` bigint NOT NULL,
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  `deleted_at` timestamp NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `projects_slug_key` (`slug`),
  KEY `projects_created_by_fkey` (`created_by`),
  KEY `projects_status_idx` (`status`),
  CONSTRAINT `projects_created_by_fkey` FOREIGN KEY (`created_by`) REFERENCES `users` (`id`) ON DELETE CASCADE
);

-- create table agent_runs
CREATE TABLE `agent_runs` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `user_id` bigint NOT NULL,
  `title` varchar(255) NOT NULL,
  `prompt` longtext NOT NULL,
  `status` varchar(255) NOT NULL DEFAULT 'draft',
  `current_step` varchar(255),
  `selected_agent` varchar(255) NOT NULL,
  `selected_model` varchar(255) NOT NULL,
  `branch_name` varchar(255),
  `started_at` timestamp NULL,
  `completed_at` timestamp NULL,
  `failed_reason` text,
  `metadata_json` json,
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  KEY `agent_runs_project_status_idx` (`project_id`,`status`),
  KEY `agent_runs_status_idx` (`status`),
  KEY `agent_runs_user_created_idx` (`user_id`,`created_at`),
  CONSTRAINT `agent_runs_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `agent_runs_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);

-- create table project_connections
CREATE TABLE `project_connections` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `kind` varchar(255) NOT NULL COMMENT 'git, github_app, s3, ...',
  `config` json NOT NULL COMMENT 'secrets are encrypted by the application',
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `project_connections_project_kind_key` (`project_id`,`kind`),
  CONSTRAINT `project_connections_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE
);

-- create table agent_events
CREATE TABLE `agent_events` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `run_id` bigint NOT NULL,
  `project_id` bigint NOT NULL,
  `event_type` varchar(64) NOT NULL,
  `title` varchar(255) NOT NULL,
  `message` text,
  `payload_json` json,
  `severity` varchar(16) NOT NULL DEFAULT 'info',
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `agent_events_project_created_idx` (`project_id`,`created_at`),
  KEY `agent_events_run_idx` (`run_id`,`id`),
  KEY `agent_events_type_idx` (`event_type`),
  CONSTRAINT `agent_events_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `agent_events_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE CASCADE
);

-- create table workspace_snapshots
CREATE TABLE `workspace_snapshots` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `run_id` bigint,
  `snapshot_type` varchar(32) NOT NULL COMMENT 'pre_run|pre_command|manual|final',
  `git_commit_hash` varchar(64),
  `archive_path` varchar(255),
  `description` text,
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `workspace_snapshots_project_type_idx` (`project_id`,`snapshot_type`),
  KEY `workspace_snapshots_run_idx` (`run_id`),
  CONSTRAINT `workspace_snapshots_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `workspace_snapshots_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE SET NULL
);

-- create table workspace_files
CREATE TABLE `workspace_files` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `run_id` bigint NOT NULL,
  `path` text NOT NULL,
  `action` varchar(16) NOT NULL COMMENT 'read|create|update|delete',
  `before_hash` varchar(64),
  `after_hash` varchar(64),
  `diff` longtext,
  `snapshot_id` bigint,
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `workspace_files_project_idx` (`project_id`),
  KEY `workspace_files_run_idx` (`run_id`),
  KEY `workspace_files_snapshot_id_fkey` (`snapshot_id`),
  CONSTRAINT `workspace_files_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `workspace_files_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE CASCADE,
  CONSTRAINT `workspace_files_snapshot_id_fkey` FOREIGN KEY (`snapshot_id`) REFERENCES `workspace_snapshots` (`id`) ON DELETE SET NULL
);
