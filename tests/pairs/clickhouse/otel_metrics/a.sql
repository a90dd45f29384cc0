create table otel_metrics_gauge (
  ResourceAttributes Map(LowCardinality(String), String) codec(ZSTD(1)), ServiceName LowCardinality(String) codec(ZSTD(1)),
  MetricName String codec(ZSTD(1)), MetricDescription String codec(ZSTD(1)), MetricUnit String codec(ZSTD(1)),
  Attributes Map(LowCardinality(String), String) codec(ZSTD(1)), StartTimeUnix DateTime64(9) codec(Delta, ZSTD(1)), TimeUnix DateTime64(9) codec(Delta, ZSTD(1)),
  Value Float64 codec(ZSTD(1)), Flags UInt32 codec(ZSTD(1)),
  Exemplars Nested (FilteredAttributes Map(LowCardinality(String), String), TimeUnix DateTime64(9), Value Float64, SpanId String, TraceId String) codec(ZSTD(1)),
  index idx_attr_key mapKeys(Attributes) type bloom_filter(0.01) granularity 1)
engine = MergeTree ttl toDateTime(TimeUnix) + toIntervalDay(3) partition by toDate(TimeUnix) order by (ServiceName, MetricName, Attributes, toUnixTimestamp64Nano(TimeUnix))
settings index_granularity = 8192, ttl_only_drop_parts = 1;
