create table src (id UInt64, code String, lo UInt32, hi UInt32, prefix String, asn UInt32, name String, poly Array(Array(Array(Tuple(Float64, Float64)))), since Date, till Nullable(Date), re String) engine = MergeTree order by id;
create dictionary d_direct (id UInt64, name String) primary key id source(clickhouse(table 'src')) layout(direct());
create dictionary d_ip (prefix String, asn UInt32 default 0, name String) primary key prefix source(clickhouse(table 'src')) lifetime(3600) layout(ip_trie());
create dictionary d_ck (code String, name String) primary key code source(clickhouse(table 'src')) lifetime(min 5 max 10) layout(complex_key_hashed());
create dictionary d_poly (poly Array(Array(Array(Tuple(Float64, Float64)))), name String) primary key poly source(clickhouse(table 'src')) lifetime(0) layout(polygon(store_polygon_key_column 1));
