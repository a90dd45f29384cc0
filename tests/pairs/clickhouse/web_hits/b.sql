create table hits (
  watch_id UInt64 codec(Delta(8), ZSTD(1)), js_enabled UInt8, title String codec(ZSTD(3)), good_event Int16, event_time DateTime('UTC'), event_date Date materialized toDate(event_time),
  counter_id UInt32, client_ip IPv4, region_id UInt32, user_id UInt64, url String, url_hash UInt64 materialized cityHash64(url), referer String, res_width UInt16,
  utm_source LowCardinality(String) default 'direct', utm_medium LowCardinality(String), goals Array(UInt64), params Nested(k LowCardinality(String), v String, w UInt8),
  hit_color FixedString(1), window_name Int64, is_mobile Bool default false,
  index url_tokens url type tokenbf_v1(10240, 3, 0) granularity 2, index goal goals type bloom_filter(0.01) granularity 4)
engine = MergeTree partition by toYYYYMM(event_date) order by (counter_id, event_date, intHash32(user_id)) sample by intHash32(user_id)
ttl event_date + interval 2 year settings index_granularity = 8192, merge_with_ttl_timeout = 3600;
create table visits (counter_id UInt32, start_date Date, sign Int8, visit_id UInt64, user_id UInt64, duration UInt32, pages UInt16, entry_url String)
engine = CollapsingMergeTree(sign) partition by toYYYYMM(start_date) order by (counter_id, start_date, intHash32(user_id), visit_id) sample by intHash32(user_id) comment 'sessions';
create view bounce as select counter_id, start_date, sum(sign) as visits, sumIf(sign, pages = 1) / sum(sign) as rate, avg(duration) as duration from visits group by counter_id, start_date having visits > 0;
