create table p (id UInt64, user UInt32, ts DateTime, url String, n UInt64,
  projection agg (select user, toDate(ts) as d, sum(n), max(ts) group by user, d), projection by_url (select url, id order by url))
engine = MergeTree order by id;
create table q (id UInt64, a String, b String, index i1 a type set(100), index i2 (a, b) type bloom_filter(0.05), index i4 b type text(tokenizer = 'splitByNonAlpha')) engine = MergeTree order by id;
