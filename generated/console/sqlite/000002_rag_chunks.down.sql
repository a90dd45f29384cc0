-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: sqlite
-- parent: e6da1b4d0435218806bd595d3d0cf08205248a76c7d441f0483ede2cddb30b1a
-- state: 1a43161dfe9837731c770fff3054dfbe825ad23cc3887e3c8c03a87064d5f467
-- verified: SQLite 3.40.1, scratch database
-- deletes: table rag_chunks

-- drop table rag_chunks [deletes-data: drops the table and its rows]
drop table rag_chunks;
