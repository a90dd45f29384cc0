-- trueup migration
-- version: 000002
-- name: rag_chunks
-- engine: mysql
-- parent: 6447aa445c0d899235ee7fcee096a2ab103aa6e3522794bc5579f3cc0a3fea38
-- state: f38604744230269cb81cf1de045c1d96d2dc4dc177dd3c69cc11c48782c1cac9
-- verified: no (no scratch database)
-- deletes: table rag_chunks

-- drop table rag_chunks [deletes-data: drops the table and its rows]
DROP TABLE `rag_chunks`;
