-- trueup migration
-- version: 000004
-- name: operations_and_reviews
-- engine: mysql
-- parent: 4673f3cd8b71c96efe62f18fb9cb3ceafd84e7adc0a15de36d115a8d0afbdd8d
-- state: a05bb9089d2ba885270824bb8f57d8017877946a5a42b11da286415c401d4e3a
-- verified: no (no scratch database)

-- create table command_executions
CREATE TABLE `command_executions` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `run_id` bigint NOT NULL,
  `command` text NOT NULL,
  `args_json` json,
  `working_dir` varchar(255),
  `timeout_seconds` int NOT NULL DEFAULT 120,
  `started_at` timestamp NULL,
  `finished_at` timestamp NULL,
  `exit_code` int,
  `stdout_path` varchar(255) COMMENT 'key in the object store',
  `stderr_path` varchar(255),
  `was_killed` tinyint(1) NOT NULL DEFAULT 0,
  `was_blocked` tinyint(1) NOT NULL DEFAULT 0,
  `block_reason` varchar(255),
  PRIMARY KEY (`id`),
  KEY `command_executions_project_id_fkey` (`project_id`),
  KEY `command_executions_run_started_idx` (`run_id`,`started_at`),
  CONSTRAINT `command_executions_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `command_executions_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE CASCADE
);

-- create table documentation_updates
CREATE TABLE `documentation_updates` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `run_id` bigint,
  `doc_path` varchar(255) NOT NULL,
  `change_summary` text NOT NULL,
  `diff` longtext,
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `documentation_updates_project_path_idx` (`project_id`,`doc_path`),
  KEY `documentation_updates_run_id_fkey` (`run_id`),
  CONSTRAINT `documentation_updates_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `documentation_updates_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE SET NULL
);

-- create table git_operations
CREATE TABLE `git_operations` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `run_id` bigint,
  `operation` varchar(32) NOT NULL,
  `args_json` json,
  `result_json` json,
  `stdout` longtext,
  `stderr` longtext,
  `exit_code` int,
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `git_operations_project_operation_idx` (`project_id`,`operation`),
  KEY `git_operations_run_id_fkey` (`run_id`),
  CONSTRAINT `git_operations_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE,
  CONSTRAINT `git_operations_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE SET NULL
);

-- create table run_reviews
CREATE TABLE `run_reviews` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `run_id` bigint NOT NULL,
  `reviewer_user_id` bigint NOT NULL,
  `decision` varchar(16) NOT NULL COMMENT 'approved|rejected|commented',
  `notes` text,
  `created_at` timestamp NOT NULL DEFAULT current_timestamp(),
  PRIMARY KEY (`id`),
  KEY `run_reviews_reviewer_user_id_fkey` (`reviewer_user_id`),
  KEY `run_reviews_run_id_fkey` (`run_id`),
  CONSTRAINT `run_reviews_reviewer_user_id_fkey` FOREIGN KEY (`reviewer_user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `run_reviews_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `agent_runs` (`id`) ON DELETE CASCADE
);
