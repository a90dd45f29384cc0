-- trueup migration
-- version: 000004
-- name: permission_request_messages
-- engine: postgres
-- parent: 9fc9c600961ebea2d5f0a458c8f6b7b1b6f74cee11bf98c9be646b4a53a5a28c
-- state: 9f76d384cad0a91b54f921acf4f9fea6d77cf6866920a9b5aeabd35e59e1cd2c
-- verified: PostgreSQL 17.11, scratch database

-- drop check public.messages.messages_type_check [blocks-reads: short exclusive lock on the table]
ALTER TABLE public.messages DROP CONSTRAINT messages_type_check;

-- create check public.messages.messages_type_check [scans-table: checks every row under an exclusive lock; fails when one does not comply]
ALTER TABLE public.messages ADD CONSTRAINT messages_type_check CHECK (type in ('user', 'assistant', 'system', 'file-history-snapshot', 'permission_request'));
