-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: mysql
-- parent: f38604744230269cb81cf1de045c1d96d2dc4dc177dd3c69cc11c48782c1cac9
-- state: 6447aa445c0d899235ee7fcee096a2ab103aa6e3522794bc5579f3cc0a3fea38
-- verified: no (no scratch database)

-- create table rag_chunks
CREATE TABLE `rag_chunks` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `project_id` bigint NOT NULL,
  `source_type` varchar(64) NOT NULL,
  `source_path` varchar(1024),
  `symbol_name` varchar(255),
  `chunk_title` varchar(255),
  `chunk_text` longtext NOT NULL,
  `metadata_json` json,
  `content_hash` varchar(64) NOT NULL,
  `token_count` int unsigned,
  `embedding` json,
  `created_at` timestamp NULL,
  `updated_at` timestamp NULL,
  PRIMARY KEY (`id`),
  KEY `rag_chunks_hash_idx` (`content_hash`),
  KEY `rag_chunks_project_hash_idx` (`project_id`,`content_hash`),
  KEY `rag_chunks_project_source_idx` (`project_id`,`source_type`),
  CONSTRAINT `rag_chunks_token_count_check` CHECK (token_count >= 0),
  CONSTRAINT `rag_chunks_project_id_fkey` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE
);
