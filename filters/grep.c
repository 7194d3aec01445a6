/* SPDX-License-Identifier: MIT */
/*
 * grep: emits, unchanged and as it comes, each record in which a pattern is
 * found, or one of several, or all of them; and those around it. Or marks it,
 * counts it, or emits what matched.
 *
 * All records of a batch are matched at once. What is done about the answers is
 * a function for each of these ways: `take`.
 */
#include "cosend.h"

#include <string.h>

enum { MOST = 100 }; /* patterns of `any`, and of `all` */

struct grep {
    struct cosend_string pattern, patterns_file, flag;
    struct cosend_strings any, all;
    struct cosend_fields fields;
    int64_t max_count, before, after, context;
    bool fixed, ignore_case, invert, word, whole, unicode;
    bool count_only, only_matching;
    struct cosend_regex *regex;
    struct cosend_field only;     /* of this one the matches are emitted, ... */
    struct cosend_regex *matches; /* ... which are these */
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
    {.name = "any",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct grep, any),
     .help = "more patterns, any of which may match",
     .example = "[\"ERROR\", \"FATAL\"]"},
    {.name = "all",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct grep, all),
     .help = "patterns, all of which must match, beside the others",
     .example = "[\"ERROR\", \"timeout\"]"},
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
    {.name = "before",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct grep, before),
     .maximum = 1 << 24,
     .help = "so many records before each that matches, too",
     .example = "2"},
    {.name = "after",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct grep, after),
     .maximum = INT64_C(1) << 40,
     .help = "so many records behind each that matches, too",
     .example = "2"},
    {.name = "context",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct grep, context),
     .maximum = 1 << 24,
     .help = "so many before and behind it, where `before` or `after` does not "
             "say otherwise",
     .example = "3"},
    {.name = "max_count",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct grep, max_count),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "stop behind so many that match, of all the input",
     .example = "1"},
    {.name = "flag",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct grep, flag),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "emit every record, and say in a field of this name, by true and "
             "false, whether it matches",
     .example = "\"is_error\""},
    {.name = "count_only",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, count_only),
     .help = "emit, in place of the records, how many match",
     .example = "true"},
    {.name = "only_matching",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct grep, only_matching),
     .help = "emit a record for each match, with what matched in place of the "
             "line or `field`",
     .example = "true"},
    {.name = NULL},
};

/* ---- The check ----------------------------------------------------------- */

/* Ways that exclude each other, and with whom else. */
static void check_ways(struct cosend_check *check)
{
    static const char *const ways[] = {"flag",   "count_only", "only_matching",
                                       "before", "after",      "context"};
    static const char *const pairs[][2] = {{"flag", "max_count"},
                                           {"only_matching", "invert"},
                                           {"only_matching", "all"},
                                           {"any", "patterns_file"}};
    const char *way = NULL;

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        bool given = cosend_check_given(check, ways[i]);

        if (given && way)
            cosend_check_error(check, ways[i],
                               "not with %s: a step does one of flag, "
                               "count_only, only_matching and context",
                               way);
        if (given && i < 3)
            way = ways[i];
    }
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (cosend_check_given(check, pairs[i][0]) &&
            cosend_check_given(check, pairs[i][1]))
            cosend_check_error(check, pairs[i][1], "not with %s", pairs[i][0]);
}

/* What any of the patterns makes; NULL where there are none, or with *option,
   which is wrong, and error. */
static struct cosend_regex *compile_any(const struct cosend_check *check,
                                        const struct grep *grep,
                                        const struct cosend_regex_options *how,
                                        const char **option,
                                        struct cosend_error *error)
{
    const char *texts[MOST + 1];
    size_t lengths[MOST + 1] = {0}, count = 0, which = 0;
    struct cosend_regex *regex = NULL;
    bool pattern = cosend_check_given(check, "pattern");

    if (pattern) {
        texts[0] = grep->pattern.data;
        lengths[count++] = grep->pattern.length;
    }
    for (size_t i = 0; i < grep->any.count; i++) {
        texts[count] = grep->any.items[i].data;
        lengths[count++] = grep->any.items[i].length;
    }
    if (count == 1)
        regex = cosend_regex_new(texts[0], lengths[0], how, error);
    else if (count)
        regex = cosend_regex_new_any(texts, lengths, count, how, &which, error);
    *option = pattern && which == 0 ? "pattern" : "any";
    if (!cosend_check_given(check, "patterns_file") || (count && !regex))
        return regex;
    cosend_regex_free(regex);
    *option = "patterns_file";
    return cosend_regex_new_from_file(grep->patterns_file.data,
                                      pattern ? texts[0] : NULL, lengths[0],
                                      how, error);
}

/* What any of them makes, and all the others. */
static struct cosend_regex *compile_all(const struct cosend_check *check,
                                        const struct grep *grep,
                                        const struct cosend_regex_options *how,
                                        const char **option,
                                        struct cosend_error *error)
{
    struct cosend_regex *regexes[MOST + 1] = {
        compile_any(check, grep, how, option, error)};
    size_t count = regexes[0] != NULL;

    for (size_t i = 0; i < grep->all.count && !error->kind; i++) {
        const struct cosend_string *pattern = &grep->all.items[i];

        *option = "all";
        regexes[count] =
            cosend_regex_new(pattern->data, pattern->length, how, error);
        count += regexes[count] != NULL;
    }
    if (!error->kind)
        return count == 1 ? regexes[0]
                          : cosend_regex_of_all(regexes, count, error);
    while (count)
        cosend_regex_free(regexes[--count]);
    return NULL;
}

static void compile(struct cosend_check *check, struct grep *grep)
{
    struct cosend_error error = {0};
    struct cosend_regex_options how = {.fixed = grep->fixed,
                                       .ignore_case = grep->ignore_case,
                                       .word = grep->word,
                                       .whole = grep->whole,
                                       .unicode = grep->unicode};
    const char *option = "pattern";

    grep->regex = compile_all(check, grep, &how, &option, &error);
    if (grep->regex && grep->only_matching) {
        how.places = true;
        grep->matches = compile_any(check, grep, &how, &option, &error);
    }
    if (error.kind)
        cosend_check_failed(check, option, &error);
}

static void check(struct cosend_check *check, void *memory)
{
    struct grep *grep = memory;

    if (!cosend_check_given(check, "pattern") && !grep->any.count &&
        !grep->all.count && !cosend_check_given(check, "patterns_file"))
        cosend_check_error(check, "pattern",
                           "grep needs \"pattern\", \"patterns_file\", "
                           "\"any\" or \"all\"");
    else if (grep->any.count > MOST || grep->all.count > MOST)
        cosend_check_error(check, grep->any.count > MOST ? "any" : "all",
                           "there are %d patterns at most; patterns_file "
                           "takes any number, of which any may match",
                           MOST);
    else
        compile(check, grep);
    check_ways(check);
    if (grep->max_count)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    if (!cosend_check_given(check, "before"))
        grep->before = grep->context;
    if (!cosend_check_given(check, "after"))
        grep->after = grep->context;
    if (!grep->only_matching)
        return;
    if (grep->fields.count > 1)
        cosend_check_error(check, "field", "only_matching takes one field");
    grep->only = grep->fields.count
                     ? cosend_nth(grep->fields, 0)
                     : cosend_check_field(check, "field", NULL, 0);
}

static void release(void *memory)
{
    struct grep *grep = memory;

    cosend_regex_free(grep->regex);
    cosend_regex_free(grep->matches);
}

/* ---- Those that match ---------------------------------------------------- */

/* What the body works with. */
struct run {
    const struct grep *grep;
    signed char *answers; /* enum cosend_match, by position in the batch */
    uint32_t capacity;
    struct cosend_around *around;
    struct cosend_column column; /* of flag, and count_only */
    uint64_t count;              /* of count_only */
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

/* A record that could not be judged. Returns 0 for the loop to go on. */
static int bad(struct cosend_stage *self, const struct grep *grep,
               const struct cosend_record *record, enum cosend_match match)
{
    const char *problem = cosend_match_problem(match);

    if (match == COSEND_MATCH_MEMORY)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (grep->patterns_file.length)
        cosend_bad(self, record, "match_limit", "a pattern of \"%.300s\" %s",
                   grep->patterns_file.data, problem);
    else if (grep->any.count || grep->all.count)
        cosend_bad(self, record, "match_limit", "one of the patterns %s",
                   problem);
    else
        cosend_bad(self, record, "match_limit", "pattern \"%.100s\" %s",
                   grep->pattern.data, problem);
    return 0;
}

static int bad_at(struct cosend_stage *self, const struct run *run,
                  uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);

    return bad(self, run->grep, &record,
               (enum cosend_match)run->answers[position]);
}

static bool is_wanted(const struct run *run, uint32_t position)
{
    return (run->answers[position] == COSEND_MATCH) != run->grep->invert;
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

static int pick(struct cosend_stage *self, struct run *run, uint32_t count)
{
    const signed char *answers = run->answers;
    bool invert = run->grep->invert;

    for (uint32_t i = 0; i < count; i++) {
        if (answers[i] == COSEND_NO_MATCH && !invert) {
            i += skip(answers + i, count - i);
        } else if (answers[i] < 0) {
            if (bad_at(self, run, i) < 0)
                return COSEND_E_MEMORY;
        } else if ((answers[i] == COSEND_MATCH) != invert) {
            cosend_pick(self, i);
        }
    }
    return 0;
}

/* ---- And those around them ----------------------------------------------- */

static int surround(struct cosend_stage *self, struct run *run, uint32_t count)
{
    int status = 0;

    for (uint32_t i = 0; i < count && status == 0; i++)
        status = run->answers[i] < 0
                     ? bad_at(self, run, i)
                     : cosend_around_take(run->around, i, is_wanted(run, i));
    cosend_around_turn(run->around);
    return status;
}

/* ---- All, marked --------------------------------------------------------- */

static int mark(struct cosend_stage *self, struct run *run, uint32_t count)
{
    /* With the bytes behind that cosend_set_column asks for. */
    static const char words[2][40] = {"false", "true"};
    static const struct cosend_cell truth[] = {{words[0], 5, COSEND_BOOL},
                                               {words[1], 4, COSEND_BOOL}};
    struct cosend_cell *cells = cosend_set_column(self, run->column);
    uint32_t *good = cosend_stage_bytes(self, count * sizeof(*good));
    uint32_t good_count = 0;
    int status = 0;

    if (!cells || !good)
        return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < count && status == 0; i++)
        if (run->answers[i] < 0) {
            status = bad_at(self, run, i);
        } else {
            cells[i] = truth[is_wanted(run, i)];
            good[good_count++] = i;
        }
    cosend_emit_picked(self, good, good_count);
    return status;
}

/* ---- How many ------------------------------------------------------------ */

static int tally(struct cosend_stage *self, struct run *run, uint32_t count)
{
    uint64_t most = (uint64_t)run->grep->max_count;
    int status = 0;

    for (uint32_t i = 0; i < count && status == 0; i++) {
        if (run->answers[i] < 0) {
            status = bad_at(self, run, i);
        } else if (is_wanted(run, i) && ++run->count == most) {
            cosend_record_at(self, i);
            status = COSEND_DONE;
        }
    }
    return status;
}

static void emit_count(struct cosend_stage *self, const struct run *run)
{
    char digits[COSEND_NUMBER_MAX];
    struct cosend_cell cell =
        cosend_text(digits, cosend_format_unsigned(run->count, digits));

    cell.kind = COSEND_NUMBER;
    cosend_set(self, run->column, cell);
    cosend_emit_new(self);
    cosend_set_result(self, "count", cell);
}

static int save(const void *state, struct cosend_bytes *to)
{
    cosend_put_u64(to, ((const struct run *)state)->count);
    return COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    ((struct run *)state)->count += cosend_get_u64(from);
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

/* ---- What matched -------------------------------------------------------- */

static void free_matches(void *matches)
{
    cosend_matches_free(matches);
}

/* A record for each match; all are known before the first goes out, since a
   record of which one is not is bad. */
static int extract(struct cosend_stage *self, const struct grep *grep)
{
    struct cosend_column column = cosend_replace_column(self, grep->only);
    struct cosend_matches *matches =
        cosend_stage_memory(self, sizeof(*matches));
    struct cosend_record record;
    int64_t count = 0;
    int status = 0;

    if (!matches || !cosend_stage_defer(self, free_matches, matches))
        return COSEND_E_MEMORY;
    while (status == 0 && (!count || count != grep->max_count) &&
           cosend_receive(self, &record)) {
        enum cosend_match answer = cosend_regex_find_all(
            grep->matches, cosend_field(&record, grep->only), matches);

        count += answer == COSEND_MATCH;
        if (answer < 0)
            status = bad(self, grep, &record, answer);
        for (size_t i = 0; i < matches->count && answer == COSEND_MATCH; i++) {
            if (!matches->items[i].length)
                continue;
            cosend_set_slice(self, column, matches->items[i]);
            cosend_emit(self, &record);
        }
    }
    return status;
}

/* ---- The body ------------------------------------------------------------ */

typedef int (*take_answers)(struct cosend_stage *self, struct run *run,
                            uint32_t count);

static take_answers count_matches(struct cosend_stage *self, struct run *run)
{
    cosend_drop_columns(self);
    run->column = cosend_add_column(self, "count");
    if (!run->grep->max_count) {
        cosend_set_parallel(self, COSEND_MERGES);
        cosend_publish(self, run);
    }
    return tally;
}

/* Which way it is, and what that asks of the stage; NULL without memory. */
static take_answers prepare(struct cosend_stage *self, struct run *run)
{
    const struct grep *grep = run->grep;
    bool around = grep->before || grep->after;

    if (grep->fields.count)
        cosend_only_fields(self);
    cosend_set_note(self, cosend_regex_engine(grep->regex));
    if (!grep->invert && !grep->fields.count && !around && !grep->flag.length)
        cosend_sieve(self, grep->regex);
    if (around || grep->max_count)
        cosend_set_parallel(self, COSEND_SERIAL);
    if (grep->count_only)
        return count_matches(self, run);
    if (grep->flag.length) {
        run->column = cosend_add_column(self, grep->flag.data);
        return mark;
    }
    if (!around && !grep->max_count)
        return pick;
    run->around =
        cosend_around_new(self, (uint64_t)grep->before, (uint64_t)grep->after,
                          (uint64_t)grep->max_count);
    return run->around ? surround : NULL;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct run run = {.grep = memory};
    take_answers take = prepare(self, &run);
    const struct cosend_batch *batch;
    int status = take ? 0 : COSEND_E_MEMORY;

    if (run.grep->only_matching)
        return extract(self, run.grep);
    while (status == 0 && (batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);

        if (!make_room(self, &run, count))
            return COSEND_E_MEMORY;
        cosend_match_batch(self, run.grep->regex, run.grep->fields,
                           run.answers);
        status = take(self, &run, count);
    }
    if (run.grep->count_only && status >= 0)
        emit_count(self, &run);
    return status < 0 ? status : 0;
}

const struct cosend_filter csi_filter_grep = {
    .abi = COSEND_ABI,
    .name = "grep",
    .role = COSEND_FILTER,
    .summary = "Keep the records that match a pattern",
    .details =
        "Emits each record in which the pattern is found, unchanged, as it "
        "comes; with `any` and `patterns_file`, in which one of several is "
        "found, and with `all` each of them. "
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
        "the other, so that thousands take their time. `--stats` says by "
        "what.\n\n"
        "`before`, `after` and `context` emit what is around a match, each "
        "record once, whatever file it is of. Between lines that are not "
        "neighbours stands a line `--`, where they go straight to an output "
        "of text: nowhere else would it be known for what it is. "
        "`max_count` ends the step, and no more input is read. Both see "
        "records one after the other, in one thread; `before` holds so many "
        "records. `count_only` emits one record `count` at the end. "
        "`flag` keeps every record, and replaces a field of its name. "
        "`only_matching` emits matches from the left to the right, without "
        "those of no bytes; each begins behind the last one. Of several "
        "patterns the one that begins first counts, of those the longest; "
        "they are looked for one after the other.",
    .example = "grep ERROR | count",
    .options_size = sizeof(struct grep),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .save = save,
    .merge = merge,
    .parallel = COSEND_STATELESS,
};
