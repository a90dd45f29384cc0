create table answers (survey UInt32, respondent UUID, question UInt16, answer Variant(String, Float64, Array(String)), at DateTime) engine = MergeTree order by (survey, respondent, question);
create table scores (survey UInt32, question UInt16, n UInt64, total Float64) engine = SummingMergeTree order by (survey, question);
create materialized view scores_mv to scores as select survey, question, count() as n, sum(ifNull(answer.Float64, 0)) as total from answers group by survey, question;
