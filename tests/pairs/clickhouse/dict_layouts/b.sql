create table src (id UInt64, code String, lo UInt32, hi UInt32, prefix String, asn UInt32, name String, poly Array(Array(Array(Tuple(Float64, Float64)))), since Date, till Nullable(Date), re String) engine = MergeTree order by id;
create dictionary d_direct (id UInt64, name String, asn UInt32) primary key id source(clickhouse(table 'src' where 'id < 1000')) layout(direct());
create dictionary d_ip (prefix String, asn UInt32 default 0, name String default '?') primary key prefix source(clickhouse(table 'src')) lifetime(min 0 max 600) layout(ip_trie(access_to_key_from_attributes 1));
create dictionary d_ck (code String, id UInt64, name String) primary key code, id source(clickhouse(table 'src')) lifetime(min 5 max 10) layout(complex_key_sparse_hashed(shards 2));
create dictionary d_hashed (id UInt64, name Nullable(String), expr String expression upper(code)) primary key id source(clickhouse(query 'select id, name, code from src')) lifetime(60) layout(hashed(max_load_factor 0.7));
create dictionary d_range (id UInt64, since Date, till Nullable(Date), name String) primary key id source(clickhouse(table 'src')) lifetime(60) layout(range_hashed(range_lookup_strategy 'max')) range(min since max till);
create dictionary d_cck (code String, name String) primary key code source(clickhouse(table 'src')) lifetime(60) layout(complex_key_cache(size_in_cells 1000));
