-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: sqlite
-- parent: 1a43161dfe9837731c770fff3054dfbe825ad23cc3887e3c8c03a87064d5f467
-- state: e6da1b4d0435218806bd595d3d0cf08205248a76c7d441f0483ede2cddb30b1a
-- verified: SQLite 3.40.1, scratch database

-- create table rag_chunks
create table rag_chunks (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  source_type varchar(64) not null,
  source_path varchar(1024),
  symbol_name varchar(255),
  chunk_title varchar(255),
  chunk_text longtext not null,
  metadata_json json,
  content_hash varchar(64) not null,
  token_count integer,
  embedding text,
  created_at timestamptz,
  updated_at timestamptz,
  check (token_count >= 0)
);

-- create index rag_chunks.rag_chunks_hash_idx
create index rag_chunks_hash_idx on rag_chunks (content_hash);

-- create index rag_chunks.rag_chunks_project_hash_idx
create index rag_chunks_project_hash_idx on rag_chunks (project_id, content_hash);

-- create index rag_chunks.rag_chunks_project_source_idx
create index rag_chunks_project_source_idx on rag_chunks (project_id, source_type);
