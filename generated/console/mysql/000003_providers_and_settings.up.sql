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

-- create row agent_providers."[""claude_api""]"
UPDATE `agent_providers` SET `capabilities` = '["chat","tools","streaming"]', `display_name` = 'Claude API' WHERE `key` <=> 'claude_api';

-- create row agent_providers."[""claude_api""]"
INSERT INTO `agent_providers` (`capabilities`, `display_name`, `key`)
SELECT '["chat","tools","streaming"]', 'Claude API', 'claude_api' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_providers` WHERE `key` <=> 'claude_api');

-- create row agent_providers."[""claude_code""]"
UPDATE `agent_providers` SET `capabilities` = '["chat","tools","code_exec","streaming"]', `display_name` = 'Claude Code' WHERE `key` <=> 'claude_code';

-- create row agent_providers."[""claude_code""]"
INSERT INTO `agent_providers` (`capabilities`, `display_name`, `key`)
SELECT '["chat","tools","code_exec","streaming"]', 'Claude Code', 'claude_code' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_providers` WHERE `key` <=> 'claude_code');

-- create row agent_providers."[""local_shell""]"
UPDATE `agent_providers` SET `capabilities` = '["code_exec"]', `display_name` = 'Local shell' WHERE `key` <=> 'local_shell';

-- create row agent_providers."[""local_shell""]"
INSERT INTO `agent_providers` (`capabilities`, `display_name`, `key`)
SELECT '["code_exec"]', 'Local shell', 'local_shell' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_providers` WHERE `key` <=> 'local_shell');

-- create row agent_providers."[""openai""]"
UPDATE `agent_providers` SET `capabilities` = '["chat","tools","streaming"]', `display_name` = 'OpenAI' WHERE `key` <=> 'openai';

-- create row agent_providers."[""openai""]"
INSERT INTO `agent_providers` (`capabilities`, `display_name`, `key`)
SELECT '["chat","tools","streaming"]', 'OpenAI', 'openai' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_providers` WHERE `key` <=> 'openai');

-- create row agent_settings."[""command_timeout_seconds""]"
UPDATE `agent_settings` SET `category` = 'limits', `description` = 'A command is killed after this time', `value` = '120' WHERE `key` <=> 'command_timeout_seconds';

-- create row agent_settings."[""command_timeout_seconds""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`)
SELECT 'limits', 'A command is killed after this time', 'command_timeout_seconds', '120' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_settings` WHERE `key` <=> 'command_timeout_seconds');

-- create row agent_settings."[""default_branch_prefix""]"
UPDATE `agent_settings` SET `category` = 'git', `description` = 'Prefix of branches that runs create', `value` = 'agent/' WHERE `key` <=> 'default_branch_prefix';

-- create row agent_settings."[""default_branch_prefix""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`)
SELECT 'git', 'Prefix of branches that runs create', 'default_branch_prefix', 'agent/' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_settings` WHERE `key` <=> 'default_branch_prefix');

-- create row agent_settings."[""default_provider""]"
UPDATE `agent_settings` SET `category` = 'general', `description` = 'Provider of a new run', `value` = 'claude_api' WHERE `key` <=> 'default_provider';

-- create row agent_settings."[""default_provider""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`)
SELECT 'general', 'Provider of a new run', 'default_provider', 'claude_api' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_settings` WHERE `key` <=> 'default_provider');

-- create row agent_settings."[""max_concurrent_runs""]"
UPDATE `agent_settings` SET `category` = 'limits', `description` = 'Runs of one project at the same time', `value` = '3' WHERE `key` <=> 'max_concurrent_runs';

-- create row agent_settings."[""max_concurrent_runs""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`)
SELECT 'limits', 'Runs of one project at the same time', 'max_concurrent_runs', '3' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_settings` WHERE `key` <=> 'max_concurrent_runs');

-- create row agent_settings."[""rag_top_k""]"
UPDATE `agent_settings` SET `category` = 'rag', `description` = 'Chunks given to the model', `value` = '12' WHERE `key` <=> 'rag_top_k';

-- create row agent_settings."[""rag_top_k""]"
INSERT INTO `agent_settings` (`category`, `description`, `key`, `value`)
SELECT 'rag', 'Chunks given to the model', 'rag_top_k', '12' FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM `agent_settings` WHERE `key` <=> 'rag_top_k');
