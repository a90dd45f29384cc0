create table otel_traces (
  Timestamp DateTime64(9) codec(Delta, ZSTD(1)), TraceId String codec(ZSTD(1)), SpanId String codec(ZSTD(1)), ParentSpanId String codec(ZSTD(1)),
  TraceState String codec(ZSTD(1)), SpanName LowCardinality(String) codec(ZSTD(1)), SpanKind LowCardinality(String) codec(ZSTD(1)),
  ServiceName LowCardinality(String) codec(ZSTD(1)), ResourceAttributes Map(LowCardinality(String), String) codec(ZSTD(1)),
  SpanAttributes Map(LowCardinality(String), String) codec(ZSTD(1)), Duration Int64 codec(ZSTD(1)), StatusCode LowCardinality(String) codec(ZSTD(1)),
  Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes Map(LowCardinality(String), String)) codec(ZSTD(1)),
  Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(LowCardinality(String), String)) codec(ZSTD(1)),
  index idx_trace_id TraceId type bloom_filter(0.001) granularity 1,
  index idx_duration Duration type minmax granularity 1)
engine = MergeTree partition by toDate(Timestamp) order by (ServiceName, SpanName, toUnixTimestamp(Timestamp), TraceId)
ttl toDateTime(Timestamp) + toIntervalDay(3) settings index_granularity = 8192, ttl_only_drop_parts = 1;
