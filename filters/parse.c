/* SPDX-License-Identifier: MIT */
/*
 * parse: emits every record, as it comes, with the parts of one of its fields
 * as fields: those of an access log's line (cosend/access_log.h), or a
 * pattern's named groups.
 */
#include "cosend.h"

#include <string.h>

enum no_match { NO_MATCH_REJECT, NO_MATCH_DROP, NO_MATCH_KEEP };

/* Named groups that a pattern may have. */
enum { MOST_GROUPS = 256 };

struct parse {
    struct cosend_field field;
    int as;
    struct cosend_string regex;
    int no_match;
    bool keep_source;
    struct cosend_regex *compiled; /* NULL: a log */
    size_t column_count;           /* of the log */
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
};

static const char *const no_matches[] = {"reject", "drop", "keep", NULL};

static const struct cosend_option options[] = {
    {.name = "as",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, as),
     .flags = COSEND_MAIN,
     .choices = cosend_access_log_names,
     .help = "a well-known form: lines of an access log in Apache's combined, "
             "common or vhost_combined format",
     .example = "\"combined\""},
    {.name = "regex",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct parse, regex),
     .help = "or a PCRE2 pattern: each named group becomes a field",
     .example = "\"(?<level>[A-Z]+): (?<text>.*)\""},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct parse, field),
     .flags = COSEND_ONLY_COLUMN,
     .help = "the field to parse",
     .example = "\"message\""},
    {.name = "no_match",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, no_match),
     .fallback = "\"reject\"",
     .choices = no_matches,
     .help = "what becomes of a record that does not match: it is bad, or "
             "dropped, or kept without the new fields",
     .example = "\"drop\""},
    {.name = "keep_source",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct parse, keep_source),
     .help = "keep the field that was parsed too; no_match=keep implies it",
     .example = "true"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static void check_groups(struct cosend_check *check,
                         const struct cosend_regex *regex)
{
    size_t count = cosend_regex_groups(regex);

    if (!count)
        cosend_check_error(check, "regex",
                           "the pattern has no named group (?<name>...), so "
                           "there is no field to make");
    if (count > MOST_GROUPS)
        cosend_check_error(check, "regex",
                           "the pattern has %zu named groups; %d is the limit",
                           count, MOST_GROUPS);
    for (size_t i = 1; i < count && count <= MOST_GROUPS; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(cosend_regex_group(regex, i),
                       cosend_regex_group(regex, j)) == 0)
                cosend_check_error(check, "regex",
                                   "two groups have the name \"%s\"",
                                   cosend_regex_group(regex, i));
}

static void check(struct cosend_check *check, void *memory)
{
    struct parse *parse = memory;
    struct cosend_error error = {0};
    bool as = cosend_check_given(check, "as");
    bool regex = cosend_check_given(check, "regex");

    parse->keep_source |= parse->no_match == NO_MATCH_KEEP;
    if (as == regex)
        cosend_check_error(check, as ? "regex" : "as",
                           as ? "give as or regex, not both"
                              : "say what the field is: give as or regex");
    parse->column_count = cosend_access_log_columns(
        cosend_access_logs[parse->as], parse->columns);
    if (!regex)
        return;
    parse->compiled =
        cosend_regex_new(parse->regex.data, parse->regex.length, NULL, &error);
    if (parse->compiled)
        check_groups(check, parse->compiled);
    else
        cosend_check_failed(check, "regex", &error);
}

static void release(void *memory)
{
    struct parse *parse = memory;

    cosend_regex_free(parse->compiled);
}

/* ---- Body ---------------------------------------------------------------- */

struct parts {
    size_t count;
    struct cosend_column columns[MOST_GROUPS];
    bool wanted[MOST_GROUPS];
    struct cosend_cell cells[MOST_GROUPS];
};

static void add_columns(struct cosend_stage *self, const struct parse *parse,
                        struct parts *parts)
{
    parts->count = parse->compiled ? cosend_regex_groups(parse->compiled)
                                   : parse->column_count;
    if (!parse->keep_source)
        cosend_drop_column(self, parse->field);
    for (size_t i = 0; i < parts->count; i++) {
        parts->columns[i] = cosend_add_column(
            self, parse->compiled ? cosend_regex_group(parse->compiled, i)
                                  : parse->columns[i].name);
        parts->wanted[i] = cosend_column_wanted(self, parts->columns[i]);
    }
}

/* ---- Logs ---------------------------------------------------------------- */

/* Lines are looked at together up to so many bytes: what was found in them
   stays in the processor's nearest cache. */
enum { TOGETHER = 2048, WORDS = COSEND_FIND_WORDS(TOGETHER), MORE_QUOTES = 3 };

/* Lines of a batch that lie together. */
struct lines {
    struct cosend_cells cells;
    uint32_t count;
    size_t length;
    struct cosend_access_log_text text;
    uint64_t bits[3 * WORDS];
    uint32_t quotes[TOGETHER + MORE_QUOTES];
    struct cosend_access_log_part
        parts[COSEND_ACCESS_LOG_FIELDS]; /* of the line at hand */
};

/*
 * Where the fields of a batch's lines are: nobody may ask for most of them, and
 * cells are made of those only that somebody does.
 */
struct cuts {
    const struct parse *parse;
    const struct cosend_access_log *log;
    struct cosend_cells lines;
    struct slice
        *slices[COSEND_ACCESS_LOG_FIELDS]; /* by position; NULL: unwanted */
    uint32_t wanted_count, wanted[COSEND_ACCESS_LOG_FIELDS];
};

/* Of a line. */
struct slice {
    uint32_t start, length;
};

/* Of what is no such line. */
static const struct slice no_slice = {UINT32_MAX, 0};

static bool fill(struct cosend_fill *fill)
{
    const struct cuts *cuts = fill->own;
    const struct cosend_access_log_column *column =
        &cuts->parse->columns[fill->column.index];

    for (uint32_t i = 0; i < fill->count; i++) {
        uint32_t at = fill->positions[i];
        struct slice slice = cuts->slices[column->field][at];

        if (slice.start != no_slice.start)
            fill->cells[i] = cosend_access_log_piece(
                column,
                cosend_text(cosend_cell_at(&cuts->lines, at).data + slice.start,
                            slice.length));
    }
    return true;
}

static struct cuts *new_cuts(struct cosend_stage *self,
                             const struct parse *parse,
                             const struct parts *parts, uint32_t records)
{
    struct cuts *cuts = cosend_stage_bytes(self, sizeof(*cuts));

    if (!cuts)
        return NULL;
    *cuts = (struct cuts){.parse = parse,
                          .log = cosend_access_logs[parse->as],
                          .lines = cosend_column_of(self, parse->field)};
    for (size_t i = 0; i < parts->count; i++) {
        uint32_t field = parse->columns[i].field;
        struct slice **slices = &cuts->slices[field];

        if (!parts->wanted[i])
            continue;
        if (!*slices) {
            cuts->wanted[cuts->wanted_count++] = field;
            *slices = cosend_stage_bytes(self, records * sizeof(**slices));
        }
        if (!*slices)
            return NULL;
        cosend_fill_column(self, parts->columns[i], fill, cuts);
    }
    return cuts;
}

/* Memory for what is found in a line that is too long; NULL without. */
static uint64_t *get_room(struct cosend_stage *self, const struct lines *lines,
                          uint32_t **quotes)
{
    size_t words = COSEND_FIND_WORDS(lines->length);
    size_t count =
        cosend_find_places(lines->text.text, lines->length, '"', NULL);

    *quotes =
        cosend_stage_bytes(self, (count + MORE_QUOTES) * sizeof(**quotes));
    return *quotes ? cosend_stage_bytes(self, 3 * words * sizeof(uint64_t))
                   : NULL;
}

/* Find what ends fields. False without memory. */
static bool find(struct cosend_stage *self, struct lines *lines)
{
    const char *text = lines->text.text;
    size_t length = lines->length, words = COSEND_FIND_WORDS(length), count;
    uint64_t *bits = lines->bits;
    uint32_t *quotes = lines->quotes;

    if (length > TOGETHER)
        bits = get_room(self, lines, &quotes);
    if (!bits)
        return false;
    cosend_find_byte(text, length, ' ', bits);
    cosend_find_byte(text, length, '[', bits + words);
    cosend_find_byte(text, length, ']', bits + 2 * words);
    count = cosend_find_places(text, length, '"', quotes);
    quotes[count] = quotes[count + 1] = UINT32_MAX;
    lines->text = (struct cosend_access_log_text){text, bits, bits + words,
                                                  bits + 2 * words, quotes};
    return true;
}

/* One that is absent is a line all the same, an empty one. */
static inline struct cosend_cell line_at(const struct cosend_cells *cells,
                                         uint32_t position)
{
    struct cosend_cell line = cosend_cell_at(cells, position);

    return line.length ? line : cosend_text("", 0);
}

/* Behind a line that ends there is no more than a line end before the next. */
static bool is_behind(const char *end, struct cosend_cell next)
{
    return (uintptr_t)next.data - (uintptr_t)end <= 2;
}

/* Look at the line at a position, and at those that lie behind it. False
   without memory. */
static bool look_at(struct cosend_stage *self, struct lines *lines,
                    uint32_t position)
{
    struct cosend_cell line = line_at(&lines->cells, position);
    const char *text = line.data;
    size_t length = line.length;

    while (++position < lines->count) {
        line = line_at(&lines->cells, position);
        if (!is_behind(text + length, line) ||
            (size_t)(line.data - text) + line.length > TOGETHER)
            break;
        length = (size_t)(line.data - text) + line.length;
    }
    lines->text.text = text;
    lines->length = length;
    return find(self, lines);
}

static bool is_in(const struct lines *lines, struct cosend_cell line)
{
    size_t start = (uintptr_t)line.data - (uintptr_t)lines->text.text;

    return lines->text.text && start <= lines->length &&
           line.length <= lines->length - start;
}

static void reject_line(struct cosend_stage *self,
                        const struct cosend_access_log *log, uint32_t position,
                        const char *where, bool is_other)
{
    struct cosend_record record = cosend_record_at(self, position);

    cosend_bad(self, &record, "no_match", "not a %s log line, at its %s%s%s%s",
               log->name, where, is_other ? "; " : "",
               is_other ? log->other->name : "", is_other ? " takes it" : "");
}

/* Returns whether the record is sent on. */
static bool cut_line(struct cosend_stage *self, const struct cuts *cuts,
                     struct lines *lines, struct cosend_cell line,
                     uint32_t position)
{
    const struct cosend_access_log *log = cuts->log;
    struct cosend_access_log_text *text = &lines->text;
    struct cosend_access_log_part *parts = lines->parts;
    uint32_t start = (uint32_t)(line.data - text->text);
    uint32_t end = start + line.length;
    const char *where = log->cut(text, start, end, parts);

    for (uint32_t i = 0; i < cuts->wanted_count; i++) {
        uint32_t field = cuts->wanted[i];

        cuts->slices[field][position] =
            where ? no_slice
                  : (struct slice){parts[field].start - start,
                                   parts[field].end - parts[field].start};
    }
    if (!where || cuts->parse->no_match != NO_MATCH_REJECT)
        return !where || cuts->parse->no_match == NO_MATCH_KEEP;
    reject_line(self, log, position, where,
                log->other && !log->other->cut(text, start, end, parts));
    return false;
}

/* Which positions of the batch are sent on. False without memory. */
static bool cut_lines(struct cosend_stage *self, const struct cuts *cuts,
                      struct lines *lines, uint32_t *positions, uint32_t *kept)
{
    for (uint32_t i = 0; i < lines->count; i++) {
        struct cosend_cell line = line_at(&lines->cells, i);

        if (!is_in(lines, line) && !look_at(self, lines, i))
            return false;
        if (cut_line(self, cuts, lines, line, i))
            positions[(*kept)++] = i;
        else if (cosend_ended(self)) /* it was bad, which may fail the step */
            break;
    }
    return true;
}

static int parse_log(struct cosend_stage *self, const struct parse *parse,
                     struct parts *parts)
{
    const struct cosend_batch *batch;
    struct lines lines;

    while ((batch = cosend_receive_batch(self))) {
        uint32_t records = cosend_batch_count(batch), kept = 0;
        const struct cuts *cuts = new_cuts(self, parse, parts, records);
        uint32_t *positions =
            cosend_stage_bytes(self, records * sizeof(*positions));

        if (!cuts || !positions)
            return COSEND_E_MEMORY;
        lines.cells = cuts->lines;
        lines.count = records;
        lines.text = (struct cosend_access_log_text){0};
        if (!cut_lines(self, cuts, &lines, positions, &kept))
            return COSEND_E_MEMORY;
        cosend_emit_picked(self, positions, kept);
    }
    return 0;
}

/* ---- Patterns ------------------------------------------------------------ */

static void no_match(struct cosend_stage *self, const struct parse *parse,
                     struct cosend_record *record)
{
    if (parse->no_match == NO_MATCH_KEEP)
        cosend_emit(self, record);
    else if (parse->no_match == NO_MATCH_REJECT)
        cosend_bad(self, record, "no_match", "the pattern does not match");
}

static int send(struct cosend_stage *self, const struct parts *parts,
                struct cosend_record *record)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->wanted[i])
            cosend_set_slice(self, parts->columns[i], parts->cells[i]);
    return cosend_emit(self, record);
}

static int parse_regex(struct cosend_stage *self, const struct parse *parse,
                       struct parts *parts)
{
    struct cosend_record record;
    enum cosend_match answer;

    while (cosend_receive(self, &record))
        switch (answer = cosend_regex_captures(
                    parse->compiled, cosend_field(&record, parse->field),
                    parts->cells)) {
        case COSEND_MATCH:
            send(self, parts, &record);
            break;
        case COSEND_NO_MATCH:
            no_match(self, parse, &record);
            break;
        case COSEND_MATCH_LIMIT:
        case COSEND_MATCH_TOO_LONG:
            cosend_bad(self, &record, "match_limit", "pattern \"%.100s\" %s",
                       parse->regex.data, cosend_match_problem(answer));
            break;
        case COSEND_MATCH_MEMORY:
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct parse *parse = memory;
    struct parts parts;

    cosend_only_fields(self);
    add_columns(self, parse, &parts);
    return parse->compiled ? parse_regex(self, parse, &parts)
                           : parse_log(self, parse, &parts);
}

const struct cosend_filter csi_filter_parse = {
    .name = "parse",
    .role = COSEND_FILTER,
    .summary = "Take a field apart into fields",
    .details =
        "Emits every record as it comes, the parsed field replaced by its "
        "parts, which come behind the other fields. combined is an access "
        "log's line: host, ident, user, time, method, path, protocol, status, "
        "size, referer, agent; common is the same without the last two, "
        "vhost_combined is combined "
        "behind a first word, vhost. A "
        "status or size of \"-\" becomes empty; other \"-\" and the escapes in "
        "quotes stay as they are. A request that is no request is all path, "
        "with an empty method and protocol. With regex each named group is a "
        "field, absent where the group took no part. A record that does not "
        "match is bad (no_match), unless no_match says otherwise.",
    .example = "parse combined | count status",
    .options_size = sizeof(struct parse),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .parallel = COSEND_STATELESS,
};
