/* SPDX-License-Identifier: MIT */
/*
 * What other programs call what filters do here: Miller, xsv and qsv and xan,
 * jq, csvkit, tsv-utils, angle-grinder, Vector, Fluent Bit, Logstash, Benthos,
 * data frames and SQL. A word of theirs is no alias: their options are others,
 * and who is told of the name finds the help with it.
 */
#include "cosend/pipeline.h"

#include <string.h>

/* Each answer begins with a filter's name, and is a line that does it, but for
   what is in capitals. Words have blanks around them, and _ for - too. */
static const struct peer {
    const char *names, *answer;
} peers[] = {
    {" search csvgrep rg egrep fgrep match contains line_filter ", "`grep`"},
    {" tsv_filter having query filter_records ", "`where`"},
    {" fields pluck only_fields csvcut project project_keep columns prune ",
     "`select`"},
    {" except remove del delete exclude without project_away ", "`drop`"},
    {" headers header names ", "`stats | select field`"},
    {" label relabel label_format project_rename ", "`rename OLD=NEW`"},
    {" transform mutate add_field add remap mapping compute derive assign "
     "merge_fields with_column modify record_modifier bloblang branch lua ruby "
     "script extend ",
     "`set NAME = EXPRESSION`"},
    {" awk gawk jq ",
     "`set NAME = EXPRESSION`, `where` or `select`; -f columns cuts lines at "
     "their blanks"},
    {" strip ", "`set FIELD = trim(FIELD)`"},
    {" lowercase uppercase capitalize ", "`case lower`"},
    {" urldecode ", "`set FIELD = url_decode(FIELD)`"},
    {" limit take truncate first ", "`head`"},
    {" last ", "`tail`"},
    {" order orderby order_by sort_by sortby arrange csvsort ", "`sort`"},
    {" tac reverse ", "`enumerate | sort by=-n | drop n`"},
    {" shuffle shuf ",
     "`enumerate | set n = xxh3(n) | sort n text=true | drop n`"},
    {" topk nlargest max_by ", "`top 10 FIELD`"},
    {" nsmallest min_by ", "`top 10 FIELD lowest=true`"},
    {" sum ", "`aggregate sum(FIELD)`"},
    {" max maximum ",
     "`aggregate max(FIELD)`, and `top 1 FIELD` where its record is wanted"},
    {" min minimum ", "`aggregate min(FIELD)`, and `top 1 FIELD lowest=true` "
                      "where its record is wanted"},
    {" avg ", "`average FIELD`"},
    {" median quantile percentile percentiles p50 p90 p95 p99 "
     "quantile_over_time histogram_quantile ",
     "`aggregate median(FIELD) p95(FIELD)`"},
    {" stddev variance ", "`aggregate stddev(FIELD) var(FIELD)`"},
    {" mode ", "`aggregate mode(FIELD)`"},
    {" rmdup unique distinct unique_by drop_duplicates uniq_u ", "`dedup`"},
    {" count_distinct tally value_counts count_values count_by uniq_c "
     "countby ",
     "`count FIELD`"},
    {" wc wc_l count_lines ", "`count`"},
    {" most_frequent frequencies ", "`frequency`"},
    {" rare least_frequent ", "`count FIELD | sort count | head`"},
    {" stats1 agg tsv_summarize summarize summarise rollup group group_by "
     "reduce ",
     "`aggregate count,mean(FIELD) by=FIELD`"},
    {" csvstat desc profile ", "`stats`"},
    {" accumulate scan running_mean slwin rolling cumsum shift shift_lag "
     "streamstats delta lag lead ",
     "`running`"},
    {" total ",
     "`running sum FIELD` with each record, `aggregate sum(FIELD)` at the end"},
    {" bucket time_bucket date_trunc resample ", "`timeslice FIELD 5m`"},
    {" tumbling hopping sliding system_window timechart make_series "
     "date_histogram count_over_time ",
     "`window count size=5m time=FIELD`"},
    {" sessions session_window transaction ",
     "`sessionize FIELD 30m time=FIELD`"},
    {" bin bins hist ", "`histogram`"},
    {" spark sparklines ", "`sparkline`"},
    {" plot graph chart ", "`bar` or `sparkline`"},
    {" cri docker partial partial_message ", "`parse cri | rejoin cri`"},
    {" parser grok dissect regexp_parser regex rex regexp extract ",
     "`parse regex=PATTERN`"},
    {" json json_parse parse_json spath ",
     "`set FIELD = json(FIELD)`, and -f jsonl where all of the input is JSON"},
    {" logfmt kv parse_key_value ",
     "`split`, and -f logfmt where all of the input is so"},
    {" csv_parser csv ", "`split`, and -f csv where all of the input is CSV"},
    {" nest ", "`explode`, `implode` or `split`, and of objects `flatten` and "
               "`unflatten`"},
    {" lift ", "`flatten`"},
    {" unnest unarchive unroll mvexpand mv_expand ", "`explode`"},
    {" archive ", "`implode FIELD array=true`"},
    {" reshape ", "`unpivot`, wide to long, or `pivot`, long to wide"},
    {" crosstab cast spread pivot_wider dcast ", "`pivot`"},
    {" gather pivot_longer ", "`unpivot`"},
    {" fill_empty fillna fillnull denull ", "`fill FIELD value=0`"},
    {" fill_down ffill ", "`fill FIELD down=true`"},
    {" regularize sparsify ", "`unsparsify`"},
    {" fixlengths ", "`pass`, behind `input ragged=pad`"},
    {" ssub strreplace subst sed ", "`replace`"},
    {" tr ", "`replace` or `case`"},
    {" mask scrub obfuscate ", "`redact`"},
    {" pseudo fingerprint anonymize ", "`hash FIELD`"},
    {" type_converter to_int to_float typecast astype ", "`convert`"},
    {" datefmt sec2gmt strptime parse_timestamp split_time ", "`date FIELD`"},
    {" sec2gmtdate ", "`date FIELD epoch to=%F`"},
    {" gmt2sec ", "`date FIELD to=epoch`"},
    {" strftime ", "`date FIELD to=FORMAT`"},
    {" number_lines row_number seqno add_row_number ", "`enumerate`"},
    {" printf sprintf line_format ", "`format`"},
    {" enrichment translate checklist add_contextual_data vlookup left_join "
     "csvjoin iplocation ",
     "`lookup`"},
    {" inner_join semi_join ", "`lookup FILE unmatched=drop`"},
    {" anti_join ", "`lookup FILE unmatched=only`"},
    {" diff compare csvdiff ",
     "`lookup FILE key=KEY unmatched=only`, once from either side"},
    {" fill_gaps fillgaps gaps densify asfreq ",
     "`generate 60 | set t = time(\"2026-03-01\") + n * 1m | lookup FILE key=t "
     "default=0`, where FILE has what there is by its time"},
    {" decimate bootstrap take_nth ", "`sample`"},
    {" rate_limit ratelimit ", "`throttle 10 1s`"},
    {" partition group_by_value split_by ",
     "`file PATH`, with {FIELD} in the path"},
    {" clone broker fan_out ", "`broadcast`"},
    {" exclusive_route switch if rewrite_tag ", "`route`"},
    {" union merge stack funnel collector append ",
     "`pass` with \"from\": [\"ID\", ...], in a spec"},
    {" validate bounds_check ", "`expect`"},
    {" nothing blackhole devnull ", "`null`"},
    {" dummy demo_logs seqgen range seq ", "`generate`, at the beginning"},
    {" follow ", "`file PATH follow=true`, at the beginning, or --follow"},
    {" console output ", "`stdout`"},
    {" fmt ", "`stdout delimiter=;`"},
    {" spy log debug inspect ", "`tap`"},
};

/* Whether the list has the word between blanks. */
static bool is_listed(const char *names, const char *word, size_t length)
{
    for (const char *at = names; *at; at++) {
        size_t i = 0;

        while (i < length && at[i + 1] == (word[i] == '-' ? '_' : word[i]))
            i++;
        if (*at == ' ' && i == length && at[i + 1] == ' ')
            return true;
    }
    return false;
}

const char *cosend_name_here(const char *name)
{
    size_t length = strcspn(name, " (");

    for (size_t i = 0; length && i < sizeof(peers) / sizeof(peers[0]); i++)
        if (is_listed(peers[i].names, name, length))
            return peers[i].answer;
    return NULL;
}
