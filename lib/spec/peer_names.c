/* SPDX-License-Identifier: MIT */
/*
 * What other programs call what filters do here: Miller, xsv and qsv and xan,
 * jq, csvkit, tsv-utils, angle-grinder, Vector, Fluent Bit, Logstash, Benthos,
 * data frames and SQL. A word of theirs is no alias: their options are others,
 * and who is told of the name finds the help with it.
 */
#include "cosend/pipeline.h"

#include <string.h>

/* Each answer begins with a filter's name. Words have blanks around them, and _
   for - too. */
static const struct peer {
    const char *names, *answer;
} peers[] = {
    {" search csvgrep rg egrep fgrep match ", "`grep`"},
    {" tsv_filter having query ", "`where`"},
    {" fields pluck only_fields csvcut project columns ", "`select`"},
    {" except remove del delete exclude without ", "`drop`"},
    {" label relabel ", "`rename old=new`"},
    {" transform mutate add_field add remap mapping compute derive assign "
     "merge_fields with_column ",
     "`set name = expression`"},
    {" limit take truncate first ", "`head`"},
    {" last ", "`tail`"},
    {" order orderby order_by sort_by sortby arrange csvsort ", "`sort`"},
    {" tac reverse ", "`enumerate | sort -n | drop n`"},
    {" topk nlargest max_by ", "`top 10 FIELD`"},
    {" nsmallest min_by ", "`top 10 FIELD lowest=true`"},
    {" rmdup unique distinct unique_by drop_duplicates ", "`dedup`"},
    {" count_distinct tally value_counts wc ", "`count`"},
    {" most_frequent frequencies ", "`frequency`"},
    {" stats1 agg tsv_summarize summarize summarise rollup group group_by ",
     "`aggregate count,mean(FIELD) by=FIELD`"},
    {" csvstat desc profile ", "`stats`"},
    {" accumulate scan running_mean total slwin rolling window cumsum shift "
     "shift_lag ",
     "`running`"},
    {" timeslice bucket tumbling ", "`set at = bucket(time(FIELD), 5m)`"},
    {" bin bins ", "`histogram`"},
    {" parser grok dissect regexp_parser regex ", "`parse regex=PATTERN`"},
    {" json json_parse parse_json ",
     "`set FIELD = json(FIELD)`, and -f jsonl where all of the input is JSON"},
    {" logfmt kv parse_key_value ",
     "`split`, and -f logfmt where all of the input is so"},
    {" csv_parser csv ", "`split`, and -f csv where all of the input is CSV"},
    {" nest ", "`explode`, `implode` or `split`"},
    {" unnest ", "`explode`"},
    {" reshape ", "`unpivot`, wide to long, or `pivot`, long to wide"},
    {" crosstab cast spread pivot_wider dcast ", "`pivot`"},
    {" gather pivot_longer ", "`unpivot`"},
    {" fill_empty fillna denull ", "`fill FIELD value=0`"},
    {" fill_down ffill ", "`fill FIELD down=true`"},
    {" regularize sparsify ", "`unsparsify`"},
    {" fixlengths ", "`pass`, behind `input ragged=pad`"},
    {" ssub strreplace subst sed ", "`replace`"},
    {" tr ", "`replace` or `case`"},
    {" redact mask ", "`replace`"},
    {" hash pseudo fingerprint ", "`set FIELD = sha256(FIELD)`"},
    {" type_converter to_int to_float typecast astype ", "`convert`"},
    {" date datefmt sec2gmt sec2gmtdate gmt2sec strptime strftime "
     "parse_timestamp ",
     "`convert FIELD=date` or `set FIELD = format_time(time(FIELD), ...)`"},
    {" number_lines row_number seqno ", "`enumerate`"},
    {" printf sprintf ", "`format`"},
    {" enrichment translate checklist add_contextual_data vlookup left_join "
     "csvjoin ",
     "`lookup`"},
    {" inner_join semi_join ", "`lookup FILE unmatched=drop`"},
    {" anti_join ", "`lookup FILE unmatched=only`"},
    {" decimate bootstrap shuffle shuf take_nth ", "`sample`"},
    {" clone broker fan_out ", "`broadcast`"},
    {" exclusive_route switch if ", "`route`"},
    {" union merge stack funnel collector append ",
     "`pass` with \"from\": [\"ID\", ...], in a spec"},
    {" validate bounds_check ", "`expect`"},
    {" nothing blackhole devnull ", "`null`"},
    {" dummy demo_logs seqgen range seq ", "`generate`, at the beginning"},
    {" follow ", "`file PATH follow=true`, at the beginning, or --follow"},
    {" console ", "`stdout`"},
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
    size_t length = strcspn(name, " ");

    for (size_t i = 0; length && i < sizeof(peers) / sizeof(peers[0]); i++)
        if (is_listed(peers[i].names, name, length))
            return peers[i].answer;
    return NULL;
}
