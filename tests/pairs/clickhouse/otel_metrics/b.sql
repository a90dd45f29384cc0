create table otel_metrics_gauge (
  ResourceAttributes Map(LowCardinality(String), String) codec(ZSTD(1)), ServiceName LowCardinality(String) codec(ZSTD(1)),
  MetricName String codec(ZSTD(1)), MetricDescription String codec(ZSTD(1)), MetricUnit String codec(ZSTD(1)),
  Attributes Map(LowCardinality(String), String) codec(ZSTD(1)), StartTimeUnix DateTime64(9) codec(Delta, ZSTD(1)), TimeUnix DateTime64(9) codec(Delta, ZSTD(1)),
  Value Float64 codec(Gorilla, ZSTD(1)), Flags UInt32 codec(T64, ZSTD(1)),
  Exemplars Nested (FilteredAttributes Map(LowCardinality(String), String), TimeUnix DateTime64(9), Value Float64, SpanId String, TraceId String) codec(ZSTD(1)),
  index idx_attr_key mapKeys(Attributes) type bloom_filter(0.01) granularity 1, index idx_attr_value mapValues(Attributes) type bloom_filter(0.01) granularity 1)
engine = MergeTree ttl toDateTime(TimeUnix) + toIntervalDay(30) partition by toDate(TimeUnix) order by (ServiceName, MetricName, Attributes, toUnixTimestamp64Nano(TimeUnix))
settings index_granularity = 8192, ttl_only_drop_parts = 1;
create table otel_metrics_hourly (ServiceName LowCardinality(String), MetricName String, hour DateTime, avg_state AggregateFunction(avg, Float64), q AggregateFunction(quantilesTDigest(0.5, 0.95), Float64))
engine = AggregatingMergeTree partition by toYYYYMM(hour) order by (ServiceName, MetricName, hour);
create materialized view otel_metrics_hourly_mv to otel_metrics_hourly as select ServiceName, MetricName, toStartOfHour(TimeUnix) as hour, avgState(Value) as avg_state, quantilesTDigestState(0.5, 0.95)(Value) as q
from otel_metrics_gauge group by ServiceName, MetricName, hour;
