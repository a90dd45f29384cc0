-- trueup migration
-- version: 000003
-- name: providers_and_settings
-- engine: mysql
-- parent: 4673f3cd8b71c96efe62f18fb9cb3ceafd84e7adc0a15de36d115a8d0afbdd8d
-- state: 6447aa445c0d899235ee7fcee096a2ab103aa6e3522794bc5579f3cc0a3fea38
-- verified: no (no scratch database)
-- deletes: table agent_providers
-- deletes: table agent_settings

-- drop table agent_providers [deletes-data: drops the table and its rows]
DROP TABLE `agent_providers`;

-- drop table agent_settings [deletes-data: drops the table and its rows]
DROP TABLE `agent_settings`;
