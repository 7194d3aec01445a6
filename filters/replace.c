/* SPDX-License-Identifier: MIT */
/*
 * replace: emits every record, as it comes, with other text where a pattern
 * matches in its fields. Lines of text are searched many at a time, and only
 * those in which it is found are made anew.
 */
#include "cosend.h"

#include <string.h>

struct replace {
    struct cosend_string pattern, with;
    struct cosend_fields fields;
    bool fixed, ignore_case, word, unicode, first;
    struct cosend_regex *regex;
    struct cosend_replacement *replacement;
};

static const struct cosend_option options[] = {
    {.name = "pattern",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct replace, pattern),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "what to replace: a PCRE2 pattern, or a string with fixed",
     .example = "\"[0-9]+\""},
    {.name = "with",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct replace, with),
     .flags = COSEND_SECOND | COSEND_REQUIRED,
     .maximum = 1 << 20,
     .help = "what it becomes: $1 is what the first group matched, $name that "
             "of a name, $0 the whole match, $$ a dollar",
     .example = "\"<$0>\""},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct replace, fields),
     .flags = COSEND_PATTERNS,
     .help = "where, fields or patterns of them; by default the line, or every "
             "field",
     .example = "[\"path\", \"*_name\"]"},
    {.name = "fixed",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct replace, fixed),
     .help = "take pattern and with as strings, as they stand",
     .example = "true"},
    {.name = "ignore_case",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct replace, ignore_case),
     .help = "upper and lower case are the same in the pattern",
     .example = "true"},
    {.name = "word",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct replace, word),
     .help = "only where no letter, digit or _ is beside the match",
     .example = "true"},
    {.name = "unicode",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct replace, unicode),
     .help = "match characters of UTF-8, not bytes, as grep has it",
     .example = "true"},
    {.name = "first",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct replace, first),
     .help = "only the first match in each field",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    static const struct cosend_string all = {"*", 1};
    struct replace *replace = memory;
    struct cosend_error error = {0};
    struct cosend_regex_options how = {0};

    how.fixed = replace->fixed;
    how.ignore_case = replace->ignore_case;
    how.word = replace->word;
    how.unicode = replace->unicode;
    how.places = true;
    if (!cosend_check_given(check, "fields"))
        replace->fields = cosend_check_fields(check, "fields", &all, 1);
    if (!replace->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (!replace->pattern.length) {
        cosend_check_error(check, "pattern", "is empty, and is everywhere");
        return;
    }
    replace->regex = cosend_regex_new(replace->pattern.data,
                                      replace->pattern.length, &how, &error);
    if (!replace->regex) {
        cosend_check_failed(check, "pattern", &error);
        return;
    }
    replace->replacement =
        cosend_replacement_new(replace->regex, replace->with.data,
                               replace->with.length, replace->fixed, &error);
    if (!replace->replacement)
        cosend_check_failed(check, "with", &error);
}

static void release(void *memory)
{
    struct replace *replace = memory;

    cosend_replacement_free(replace->replacement);
    cosend_regex_free(replace->regex);
}

/* ---- One cell ------------------------------------------------------------ */

/* What the body works with. */
struct run {
    const struct replace *replace;
    struct cosend_bytes text; /* what a cell becomes */
    signed char *answers;     /* enum cosend_match, by position in the batch */
    signed char *lines;       /* the same of lines, where they were searched */
    uint32_t *positions;
};

static void free_text(void *memory)
{
    cosend_bytes_free(&((struct run *)memory)->text);
}

/* An array or object of JSON stays what it is. Else run->text is what the cell
   becomes where it matches. */
static enum cosend_match replace_in(struct run *run, struct cosend_cell cell)
{
    if (cell.kind == COSEND_NESTED)
        return COSEND_NO_MATCH;
    cosend_bytes_clear(&run->text);
    return cosend_replace(run->replace->replacement, cell, run->replace->first,
                          &run->text);
}

static void report_limit(struct cosend_stage *self, const struct run *run,
                         uint32_t position, enum cosend_match match)
{
    struct cosend_record record = cosend_record_at(self, position);

    cosend_bad(self, &record, "match_limit", "pattern \"%.100s\" %s",
               run->replace->pattern.data, cosend_match_problem(match));
}

/* ---- Columns ------------------------------------------------------------- */

/* Replace in a column of the batch in hand. False with the step failed. */
static bool replace_column(struct cosend_stage *self, struct run *run,
                           struct cosend_field field,
                           struct cosend_column column, uint32_t count)
{
    struct cosend_cells from = cosend_column_of(self, field);
    struct cosend_cell *to = cosend_set_column(self, column);

    for (uint32_t i = 0; to && i < count; i++) {
        enum cosend_match match;
        char *text;

        to[i] = cosend_cell_at(&from, i);
        if (run->lines && run->lines[i] == COSEND_NO_MATCH)
            continue;
        match = replace_in(run, to[i]);
        if (match == COSEND_MATCH_MEMORY)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory") >= 0;
        if (match < 0 && run->answers[i] >= 0)
            run->answers[i] = (signed char)match;
        if (match != COSEND_MATCH)
            continue;
        if (run->text.length >= UINT32_MAX)
            return cosend_fail(self, COSEND_E_LIMIT,
                               "it makes a value of 4 GiB or more") >= 0;
        text = cosend_stage_bytes(self, run->text.length + 1);
        if (!text)
            return false;
        if (run->text.length)
            memcpy(text, run->text.data, run->text.length);
        to[i] = cosend_text(text, run->text.length);
    }
    return to;
}

/* Send on all but those that are bad. */
static void emit_good(struct cosend_stage *self, const struct run *run,
                      uint32_t count)
{
    uint32_t good = 0;

    for (uint32_t i = 0; i < count && !cosend_ended(self); i++)
        if (run->answers[i] >= 0)
            run->positions[good++] = i;
        else
            report_limit(self, run, i, run->answers[i]);
    cosend_emit_picked(self, run->positions, good);
}

static bool replace_columns(struct cosend_stage *self, struct run *run,
                            const struct cosend_batch *batch)
{
    struct cosend_fields fields = cosend_matched(self, run->replace->fields);
    uint32_t count = cosend_batch_count(batch);

    run->answers = cosend_stage_bytes(self, 2 * (size_t)count);
    run->positions = cosend_stage_bytes(self, count * sizeof(uint32_t));
    if (!run->answers || !run->positions)
        return false;
    memset(run->answers, COSEND_NO_MATCH, count);
    run->lines = run->answers + count;
    if (!cosend_regex_match_lines(run->replace->regex, batch, run->lines))
        run->lines = NULL;
    for (uint32_t i = 0; i < fields.count; i++)
        if (!replace_column(self, run, cosend_nth(fields, i),
                            cosend_changed_column(self, i), count))
            return false;
    emit_good(self, run, count);
    return true;
}

/* ---- Records of JSON lines ----------------------------------------------- */

static bool replace_record(struct cosend_stage *self, struct run *run,
                           uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);
    struct cosend_item item = {0};

    while (cosend_next_match(self, run->replace->fields, &record, &item)) {
        enum cosend_match match = replace_in(run, item.cell);

        if (match == COSEND_MATCH_MEMORY)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory") >= 0;
        if (match < 0) {
            report_limit(self, run, position, match);
            return true;
        }
        if (match == COSEND_MATCH)
            cosend_change(
                self, &item,
                cosend_text((const char *)run->text.data, run->text.length));
    }
    cosend_emit(self, &record);
    return true;
}

static bool replace_records(struct cosend_stage *self, struct run *run,
                            const struct cosend_batch *batch)
{
    uint32_t count = cosend_batch_count(batch);

    for (uint32_t i = 0; i < count && !cosend_ended(self); i++)
        if (!replace_record(self, run, i))
            return false;
    return true;
}

/* ---- Body ---------------------------------------------------------------- */

static int body(struct cosend_stage *self, void *memory)
{
    struct run *run = cosend_stage_memory(self, sizeof(*run));
    const struct cosend_batch *batch;
    bool ok = true;

    if (!run || !cosend_stage_defer(self, free_text, run))
        return COSEND_E_MEMORY;
    run->replace = memory;
    cosend_only_fields(self);
    cosend_change_fields(self, run->replace->fields);
    cosend_set_note(self, cosend_regex_engine(run->replace->regex));
    while (ok && (batch = cosend_receive_batch(self)))
        ok = cosend_matches_vary(self, run->replace->fields)
                 ? replace_records(self, run, batch)
                 : replace_columns(self, run, batch);
    return ok ? 0 : COSEND_E_MEMORY;
}

const struct cosend_filter csi_filter_replace = {
    .abi = COSEND_ABI,
    .name = "replace",
    .aliases = "sub gsub",
    .role = COSEND_FILTER,
    .summary = "Replace what a pattern matches in fields",
    .details =
        "Emits every record as it comes. In each of the fields, by default the "
        "line or all of them, every match of the pattern becomes `with`, from "
        "the left to the right; with `first` only the first one. In `with` $1 "
        "is what the pattern's first group matched, nothing where it took no "
        "part, ${name} that of a name, $0 the whole match and $$ a dollar; "
        "with fixed=true both are strings as they stand. Patterns are as grep "
        "has them. A field without a match, and an array or object of JSON, "
        "stays as it is, to the byte; a number in which something is replaced "
        "becomes text. A record that takes the pattern too long is bad "
        "(match_limit). Each record is treated by itself, in all threads, and "
        "at once under --follow.",
    .example = "replace \"user=(\\w+)\" \"user=<$1>\"",
    .options_size = sizeof(struct replace),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .parallel = COSEND_STATELESS,
};
