-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: postgres
-- parent: 7e14b975372d8e38fc7a3cad33de61726e29e204531d3146285eb7acf0789bf4
-- state: 6a64918a34654ef86ae9725d319b6bd6a8acf694eee39b8f5969f4ed6faf22f8
-- verified: PostgreSQL 17.11, scratch database
-- deletes: table public.rag_chunks

-- drop table public.rag_chunks [deletes-data: drops the table and its rows]
DROP TABLE public.rag_chunks;
