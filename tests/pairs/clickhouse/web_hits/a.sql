create table hits (
  watch_id UInt64, js_enabled UInt8, title String, good_event Int16, event_time DateTime, event_date Date default toDate(event_time),
  counter_id UInt32, client_ip UInt32, region_id UInt32, user_id UInt64, url String, referer String, res_width UInt16,
  flash_minor String, utm_source LowCardinality(String), goals Array(UInt32), params Nested(k String, v String),
  hit_color FixedString(1), window_name Int32, is_mobile UInt8)
engine = MergeTree partition by toYYYYMM(event_date) order by (counter_id, event_date, intHash32(user_id)) sample by intHash32(user_id) settings index_granularity = 8192;
create table visits (counter_id UInt32, start_date Date, sign Int8, visit_id UInt64, user_id UInt64, duration UInt32, pages UInt16)
engine = CollapsingMergeTree(sign) partition by toYYYYMM(start_date) order by (counter_id, start_date, intHash32(user_id), visit_id) sample by intHash32(user_id);
create view bounce as select counter_id, start_date, sum(sign) as visits, sumIf(sign, pages = 1) / sum(sign) as rate from visits group by counter_id, start_date;
