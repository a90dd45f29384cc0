-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: mysql
-- parent: 6447aa445c0d899235ee7fcee096a2ab103aa6e3522794bc5579f3cc0a3fea38
-- state: 4673f3cd8b71c96efe62f18fb9cb3ceafd84e7adc0a15de36d115a8d0afbdd8d
-- verified: no (no scratch database)

-- create table agent_providers
CREATE TABLE `agent_providers` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `key` varchar(255) NOT NULL,
  `display_name` varchar(255) NOT NULL,
  `capabilities` json NOT NULL,
  `enabled` tinyint(1) NOT NULL DEFAULT 1,
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `agent_providers_key_key` (`key`)
);

-- create row agent_providers."[""claude_api""]"
INSERT INTO `agent_providers` (`capabilities`, `display_name`, `key`) VALUES
('["chat","tools","streaming"]', 'Claude API', 'claude_api'),
('["chat","tools","code_exec","streaming"]', 'Claude Code', 'claude_code'),
('["code_exec"]', 'Local shell', 'local_shell'),
('["chat","tools","streaming"]', 'OpenAI', 'openai');

-- create table agent_settings
CREATE TABLE `agent_settings` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `key` varchar(255) NOT NULL,
  `value` longtext,
  `is_secret` tinyint(1) NOT NULL DEFAULT 0,
  `category` varchar(255) NOT NULL DEFAULT 'general',
  `description` text,
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `agent_settings_key_key` (`key`)
);

-- create row agent_settings."[""command_timeout_seconds""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`) VALUES
('limits', 'A command is killed after this time', 'command_timeout_seconds', '120'),
('git', 'Prefix of branches that runs create', 'default_branch_prefix', 'agent/'),
('general', 'Provider of a new run', 'default_provider', 'claude_api'),
('limits', 'Runs of one project at the same time', 'max_concurrent_runs', '3'),
('rag', 'Chunks given to the model', 'rag_top_k', '12');
