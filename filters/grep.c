/* SPDX-License-Identifier: MIT */
/*
 * grep: emits, unchanged and as it comes, each record in which a pattern is
 * found, or one of a file's.
 */
#include "cosend.h"

#include <string.h>

struct grep {
    struct cosend_string pattern, patterns_file;
    struct cosend_fields fields;
    bool fixed, ignore_case, invert, word, whole, unicode;
    struct cosend_regex *regex;
};

static const struct cosend_option options[] = {
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct grep, pattern),
     .flags = COSEND_MAIN,
     .help = "what to look for: a PCRE2 pattern, or a string with fixed",
     .example = "\"ERROR|FATAL\""},
    {.name = "patterns_file",
     .type = COSEND_OPTION_PATH,
     .offset = offsetof(struct grep, patterns_file),
     .help = "a file with more patterns, one a line, any of which may match; "
             "an empty line matches everything"},
    {.name = "field",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct grep, fields),
     .help = "where to look: a field or several, one of which must match; "
             "by default the line, or any field",
     .example = "[\"host\", \"path\"]"},
    {.name = "fixed",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, fixed),
     .help = "take the pattern as a string, not as an expression",
     .example = "true"},
    {.name = "ignore_case",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, ignore_case),
     .help = "upper and lower case are the same",
     .example = "true"},
    {.name = "invert",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, invert),
     .help = "emit the records that do not match",
     .example = "true"},
    {.name = "word",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, word),
     .help = "match only where no letter, digit or _ is beside the match",
     .example = "true"},
    {.name = "whole",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, whole),
     .help = "match only all of the line or field",
     .example = "true"},
    {.name = "unicode",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, unicode),
     .help = "match characters of UTF-8, not bytes; implied by word, \\b and "
             "\\p{..}, and by a letter beyond ASCII in a class, before a "
             "quantifier or with ignore_case",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct grep *grep = memory;
    struct cosend_error error = {0};
    struct cosend_regex_options how = {0};
    bool from_file = cosend_check_given(check, "patterns_file");
    const char *pattern = grep->pattern.data;

    how.fixed = grep->fixed;
    how.ignore_case = grep->ignore_case;
    how.word = grep->word;
    how.whole = grep->whole;
    how.unicode = grep->unicode;
    if (!cosend_check_given(check, "pattern")) {
        pattern = NULL;
        if (!from_file)
            cosend_check_error(check, "pattern",
                               "grep needs \"pattern\" or \"patterns_file\"");
    } else {
        grep->regex =
            cosend_regex_new(pattern, grep->pattern.length, &how, &error);
        if (!grep->regex)
            cosend_check_failed(check, "pattern", &error);
    }
    if (from_file && !error.kind) {
        cosend_regex_free(grep->regex);
        grep->regex =
            cosend_regex_new_from_file(grep->patterns_file.data, pattern,
                                       grep->pattern.length, &how, &error);
        if (!grep->regex)
            cosend_check_failed(check, "patterns_file", &error);
    }
}

static void release(void *memory)
{
    struct grep *grep = memory;

    cosend_regex_free(grep->regex);
}

/* What two cells come to, of which one must match. */
static enum cosend_match either(enum cosend_match a, enum cosend_match b)
{
    if (a == COSEND_NO_MATCH)
        return b;
    if (a == COSEND_MATCH || b == COSEND_MATCH)
        return COSEND_MATCH;
    if (a == COSEND_MATCH_MEMORY || b == COSEND_MATCH_MEMORY)
        return COSEND_MATCH_MEMORY;
    return a < b ? a : b;
}

static enum cosend_match find_in_fields(const struct grep *grep,
                                        const struct cosend_record *record)
{
    enum cosend_match match = COSEND_NO_MATCH;

    for (uint32_t i = 0; i < grep->fields.count && match != COSEND_MATCH; i++)
        match = either(match,
                       cosend_regex_match(
                           grep->regex,
                           cosend_field(record, cosend_nth(grep->fields, i))));
    return match;
}

static enum cosend_match find_anywhere(const struct grep *grep,
                                       const struct cosend_record *record)
{
    enum cosend_match match = COSEND_NO_MATCH;
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (match != COSEND_MATCH && cosend_next_item(record, &item, &error))
        match = either(match, cosend_regex_match(grep->regex, item.cell));
    return error.kind ? COSEND_MATCH_MEMORY : match;
}

static enum cosend_match find(const struct grep *grep,
                              const struct cosend_record *record)
{
    return grep->fields.count ? find_in_fields(grep, record)
                              : find_anywhere(grep, record);
}

/* What the body works with. */
struct run {
    const struct grep *grep;
    signed char *answers; /* enum cosend_match, by position in the batch */
    uint32_t capacity;
};

static bool make_room(struct cosend_stage *self, struct run *run,
                      uint32_t count)
{
    if (count <= run->capacity)
        return true;
    run->capacity = count * 2;
    run->answers = cosend_stage_memory(self, run->capacity);
    return run->answers != NULL;
}

static void answer(struct cosend_stage *self, const struct run *run,
                   const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);

    if (!run->grep->fields.count &&
        cosend_regex_match_lines(run->grep->regex, batch, run->answers))
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_record record = cosend_record_at(self, i);

        run->answers[i] = (signed char)find(run->grep, &record);
    }
}

/* How many answers from here on are no, eight at a time, but for one. */
static uint32_t skip(const signed char *answers, uint32_t count)
{
    static const signed char no[8];
    uint32_t i = 0;

    while (count - i >= sizeof(no) && memcmp(answers + i, no, sizeof(no)) == 0)
        i += sizeof(no);
    return i ? i - 1 : 0;
}

static void report_limit(struct cosend_stage *self, const struct grep *grep,
                         const struct cosend_record *record,
                         enum cosend_match match)
{
    const char *problem = cosend_match_problem(match);

    if (grep->patterns_file.length)
        cosend_bad(self, record, "match_limit", "a pattern of \"%.300s\" %s",
                   grep->patterns_file.data, problem);
    else
        cosend_bad(self, record, "match_limit", "pattern \"%.100s\" %s",
                   grep->pattern.data, problem);
}

static int pick(struct cosend_stage *self, const struct run *run,
                uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        enum cosend_match match = run->answers[i];
        struct cosend_record record;

        if (match == COSEND_NO_MATCH && !run->grep->invert) {
            i += skip(run->answers + i, count - i);
            continue;
        }
        if (match == COSEND_MATCH_MEMORY)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        if (match < 0) {
            record = cosend_record_at(self, i);
            report_limit(self, run->grep, &record, match);
        } else if ((match == COSEND_MATCH) != run->grep->invert) {
            cosend_pick(self, i);
        }
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct run run = {.grep = memory};
    const struct cosend_batch *batch;
    int status = 0;

    if (run.grep->fields.count)
        cosend_only_fields(self);
    cosend_set_note(self, cosend_regex_engine(run.grep->regex));
    if (!run.grep->invert && !run.grep->fields.count)
        cosend_sieve(self, run.grep->regex);
    while (status == 0 && (batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);

        if (!make_room(self, &run, count))
            return COSEND_E_MEMORY;
        answer(self, &run, batch);
        status = pick(self, &run, count);
    }
    return status;
}

const struct cosend_filter csi_filter_grep = {
    .name = "grep",
    .role = COSEND_FILTER,
    .summary = "Keep the records that match a pattern",
    .details =
        "Emits each record in which the pattern is found, unchanged, as it "
        "comes; with `patterns_file`, in which one of the file's is found. "
        "Without `field` it looks at the line, or at every field: at "
        "what the field holds, not at its quotes. Patterns are PCRE2's and "
        "match bytes, or characters (see unicode); a dot matches no newline, "
        "`$` is the end of the field. A field that is absent or null matches "
        "nothing. A record that takes the pattern too long, or too much "
        "memory, is bad (match_limit); possessive quantifiers, `a++` and "
        "`(...)*+`, do not go back over what they took, and need neither. "
        "Lines of text are searched many at a "
        "time: for a string, for a choice of strings, however many they are, "
        "or by PCRE2; of a file, expressions that are no strings one after "
        "the other, so that thousands take their time. `--stats` says by what.",
    .example = "grep ERROR | count",
    .options_size = sizeof(struct grep),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .parallel = COSEND_STATELESS,
};
