-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: sqlite
-- parent: 81cb84a98bda84f6ac3536d73b99b6e08e40ddb864a19462cfeb733b7f58908e
-- state: 9716502906addb2ff2df32a797c1c6107af0b804c2f240fec4bb1c851fa901fe
-- verified: SQLite 3.40.1, scratch database

-- create table rag_chunks
create table rag_chunks (
  id integer primary key autoincrement,
  project_id bigint not null references projects (id) on delete cascade,
  source_type varchar(64) not null,
  source_path varchar(1024),
  symbol_name varchar(255),
  chunk_title varchar(255),
  chunk_text text not null,
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
