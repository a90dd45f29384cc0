#!/usr/bin/env python3
"""Prints the schema of a product's analytics, as a ClickHouse user would write it: 200 tables, views, materialized
views and dictionaries, one statement a line ended by `;`.

  tests/support/clickhouse_analytics.py [AREAS]     eight objects an area, 25 areas
"""
import sys

AREAS = ("web app ios android api billing search mail push chat docs video audio maps store cart checkout shipping "
         "returns support forum ads partners research lab").split()


def area(name, n):
    codec = ("CODEC(Delta, ZSTD(3))", "CODEC(DoubleDelta, LZ4)", "CODEC(T64, ZSTD)")[n % 3]
    order = ("(user_id, ts)", "(kind, user_id, ts)", "(toDate(ts), user_id)")[n % 3]
    primary = (" primary key user_id", " primary key (kind, user_id)", "")[n % 3]
    yield f"""create table {name}_users (
        user_id UInt64, email String, plan Enum8('free' = 1, 'pro' = 2, 'team' = 3) default 'free',
        country LowCardinality(String), tags Array(String), attributes Map(String, String),
        created_at DateTime default now(), updated_at DateTime64(3, 'UTC') default now64(3) codec(Delta, ZSTD),
        address Tuple(street String, city LowCardinality(String)), deleted UInt8 default 0,
        email_domain String materialized domain(email), display String alias concat(email, ' (', country, ')'),
        constraint {name}_email check email != '')
        engine = ReplacingMergeTree(updated_at) order by user_id settings index_granularity = 4096
        comment 'users of {name}, newest row wins'"""
    yield f"""create table {name}_events (
        ts DateTime64(3) {codec}, user_id UInt64, session UUID default generateUUIDv4(), kind LowCardinality(String),
        url String codec(ZSTD(6)), referrer Nullable(String) default null, duration_ms UInt32, revenue Decimal(18, 4),
        properties Nested(name String, value String), raw String ttl toDateTime(ts) + interval 30 day,
        is_bot Bool default false, ip IPv6 comment 'as seen by the edge',
        index url_tokens lower(url) type tokenbf_v1(4096, 3, 0) granularity 4,
        index duration duration_ms type minmax, index by_kind (kind, is_bot) type set(100) granularity 2,
        projection by_kind (select kind, toDate(ts), count(), sum(revenue) group by kind, toDate(ts)))
        engine = MergeTree partition by toYYYYMM(ts){primary} order by {order}
        ttl toDateTime(ts) + interval {1 + n % 3} year delete
        settings ttl_only_drop_parts = 1, min_bytes_for_wide_part = 10485760"""
    yield f"""create table {name}_sessions (
        session UUID, user_id UInt64, started SimpleAggregateFunction(min, DateTime),
        ended SimpleAggregateFunction(max, DateTime), pages SimpleAggregateFunction(sum, UInt64),
        entry AggregateFunction(argMin, String, DateTime))
        engine = AggregatingMergeTree partition by intHash32(user_id) % 8 order by (user_id, session)"""
    yield f"""create materialized view {name}_sessions_mv to {name}_sessions as
        select session, user_id, min(toDateTime(ts)) as started, max(toDateTime(ts)) as ended, count() as pages,
        argMinState(url, toDateTime(ts)) as entry from {name}_events where not is_bot group by session, user_id"""
    yield f"""create table {name}_daily (day Date, kind LowCardinality(String), events UInt64, revenue Decimal(38, 4))
        engine = SummingMergeTree((events, revenue)) order by (day, kind)"""
    yield f"""create materialized view {name}_daily_mv to {name}_daily as
        select toDate(ts) as day, kind, count() as events, sum(revenue) as revenue from {name}_events
        group by day, kind"""
    yield f"""create dictionary {name}_user_plan (user_id UInt64, plan String default 'free', country String)
        primary key user_id source(clickhouse(table '{name}_users' db currentDatabase()))
        lifetime(min 60 max {300 + n}) layout(hashed())"""
    yield f"""create view {name}_by_plan as select dictGetOrDefault('{name}_user_plan', 'plan', user_id, 'free') as plan,
        d.day as day, sum(d.events) as events, avg(e.duration_ms) as duration from {name}_events as e
        join {name}_daily as d on d.kind = e.kind and d.day = toDate(e.ts) where e.user_id in
        (select user_id from {name}_users final where deleted = 0) group by plan, day having events > 10 order by day"""


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else len(AREAS)
    for n, name in enumerate(AREAS[:count]):
        for statement in area(name, n):
            print(" ".join(statement.split()) + ";")


main()
