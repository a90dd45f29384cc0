-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: sqlite
-- parent: 9716502906addb2ff2df32a797c1c6107af0b804c2f240fec4bb1c851fa901fe
-- state: 81cb84a98bda84f6ac3536d73b99b6e08e40ddb864a19462cfeb733b7f58908e
-- verified: SQLite 3.40.1, scratch database
-- deletes: table rag_chunks

-- drop table rag_chunks [deletes-data: drops the table and its rows]
drop table rag_chunks;
