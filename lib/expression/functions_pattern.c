/* SPDX-License-Identifier: MIT */
/* Functions that look for a pattern, the second argument, which is compiled
   with the expression. */
#include "expression/functions_pattern.h"

#include "cosend/bytes.h"
#include "match/regex_find.h"

#include <string.h>

/* A pattern that could not be decided. */
static struct cosend_value undecided(struct csi_call *call,
                                     enum cosend_match answer)
{
    if (answer == COSEND_MATCH_MEMORY) {
        call->evaluation->no_memory = true;
        return csi_null_value();
    }
    return csi_bad_value(
        call->evaluation, "match_limit", "pattern \"%.100s\" %s",
        call->term->parts[1]->value.as.text, cosend_match_problem(answer));
}

static enum cosend_match find_from(struct csi_call *call, size_t from,
                                   struct csi_regex_place *place)
{
    const struct cosend_value *x = &call->arguments[0];

    return csi_regex_find_place(call->term->regex, x->as.text, x->length, from,
                                place);
}

static struct cosend_value apply_match(struct csi_call *call)
{
    struct csi_regex_place place;
    enum cosend_match answer = find_from(call, 0, &place);

    return answer < 0 ? undecided(call, answer)
                      : csi_bool_value(answer == COSEND_MATCH);
}

static struct cosend_value apply_extract(struct csi_call *call)
{
    const char *text = call->arguments[0].as.text;
    struct csi_regex_place place;
    enum cosend_match answer = find_from(call, 0, &place);
    uint32_t group = call->term->group;
    const size_t *at;

    if (answer < 0)
        return undecided(call, answer);
    if (answer == COSEND_NO_MATCH)
        return csi_null_value();
    if (!group)
        return csi_text_value(text + place.start, place.end - place.start);
    if (!place.groups || group >= place.pairs)
        return csi_null_value();
    /* One that took no part has no offsets, SIZE_MAX. */
    at = place.groups + 2 * (size_t)group;
    if (at[0] > at[1] || at[0] == SIZE_MAX)
        return csi_null_value();
    return csi_text_value(text + at[0], at[1] - at[0]);
}

static struct cosend_value apply_replace_all(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    struct cosend_bytes to = {0};
    struct cosend_value value = *x;
    enum cosend_match answer =
        cosend_replace(call->term->replacement,
                       cosend_text(x->as.text, x->length), false, &to);

    if (answer < 0) {
        value = undecided(call, answer);
    } else if (to.length >= UINT32_MAX) {
        value = csi_bad_value(call->evaluation, "out_of_range",
                              "%s makes text of 4 GiB or more",
                              call->term->function->shown.name);
    } else if (answer == COSEND_MATCH) {
        char *out = csi_evaluation_get(call->evaluation, to.length + 1);

        if (out && to.length)
            memcpy(out, to.data, to.length);
        value = out ? csi_text_value(out, to.length) : csi_null_value();
    }
    cosend_bytes_free(&to);
    return value;
}

/* The next match that is of some bytes. */
static enum cosend_match next_separator(struct csi_call *call, size_t from,
                                        struct csi_regex_place *place)
{
    enum cosend_match answer;

    do {
        answer = find_from(call, from, place);
        from = place->end + 1;
    } while (answer == COSEND_MATCH && place->start == place->end &&
             from <= call->arguments[0].length);
    if (answer == COSEND_MATCH && place->start == place->end)
        return COSEND_NO_MATCH;
    return answer;
}

/* The part of that number, from 0; *parts becomes how many there are, as far as
   was looked. */
static struct cosend_value find_part(struct csi_call *call, int64_t number,
                                     int64_t *parts)
{
    const struct cosend_value *x = &call->arguments[0];
    struct csi_regex_place place = {0};
    size_t from = 0;

    for (*parts = 1;; ++*parts) {
        enum cosend_match answer = next_separator(call, from, &place);
        size_t end = answer == COSEND_MATCH ? place.start : x->length;

        if (answer < 0)
            return undecided(call, answer);
        if (*parts == number + 1)
            return csi_text_value(x->as.text + from, end - from);
        if (answer == COSEND_NO_MATCH)
            return csi_null_value();
        from = place.end;
    }
}

static struct cosend_value apply_split_by(struct csi_call *call)
{
    int64_t number = call->arguments[2].as.integer, parts;
    struct cosend_value value;

    if (number < 0) {
        value = find_part(call, INT64_MAX - 1, &parts);
        if (value.type == COSEND_TYPE_BAD || number < -parts)
            return value;
        number += parts;
    }
    return find_part(call, number, &parts);
}

#define TEXT CSI_TERM_TEXT, CSI_TERM_CALL

const struct csi_function csi_functions_pattern[] = {
    {{"match", "x, pattern", "text", "Whether a pattern is found in it, as =~",
      "match(\"error 7\", \"r \\d\")", "true"},
     "sp",
     2,
     false,
     CSI_TERM_BOOL,
     CSI_TERM_CALL,
     apply_match},
    {{"extract", "x, pattern, group", "text",
      "What the first group matched, or one by number or name, or null",
      "extract(\"took 12 ms\", \"(\\d+) ms\")", "12"},
     "spg",
     2,
     false,
     TEXT,
     apply_extract},
    {{"replace_all", "x, pattern, with", "text",
      "Each match replaced; $1 is the first group, $0 the match",
      "replace_all(\"2026-11-28\", \"(\\d+)-(\\d+)\", \"$2/$1\")",
      "11/2026-28"},
     "spw",
     3,
     false,
     TEXT,
     apply_replace_all},
    {{"split_by", "x, pattern, n", "text",
      "The part between matches, the first of which is 0, -1 the last",
      "split_by(\"a,  b;c\", \"[,;]\\s*\", 1)", "b"},
     "spi",
     3,
     false,
     TEXT,
     apply_split_by},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
