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

static const char *part_name(const struct parse *parse, size_t i)
{
    return parse->compiled ? cosend_regex_group(parse->compiled, i)
                           : parse->columns[i].name;
}

static void add_columns(struct cosend_stage *self, const struct parse *parse,
                        struct parts *parts)
{
    parts->count = parse->compiled ? cosend_regex_groups(parse->compiled)
                                   : parse->column_count;
    if (!parse->keep_source)
        cosend_drop_column(self, parse->field);
    for (size_t i = 0; i < parts->count; i++) {
        parts->columns[i] = cosend_add_column(self, part_name(parse, i));
        parts->wanted[i] = cosend_column_wanted(self, parts->columns[i]);
    }
}

/* Whether a record that does not match can be kept as it is: what it has of the
   fields that others get, but for those of `but`, would be lost. */
static bool may_keep(struct cosend_stage *self, const struct parse *parse,
                     const struct parts *parts,
                     const struct cosend_record *record,
                     struct cosend_fields but)
{
    for (size_t i = 0; i < parts->count; i++)
        if (!cosend_name_free(
                self, record, part_name(parse, i), but,
                "one that does not match would lose it: rename it before"))
            return false;
    return true;
}

/* ---- Logs ---------------------------------------------------------------- */

/* Lines are looked at together up to so many bytes: what was found in them
   stays in the processor's nearest cache. */
enum { TOGETHER = 4096, WORDS = COSEND_FIND_WORDS(TOGETHER) };

/* The fields of a batch's lines. A field of which pieces are wanted is taken
   apart when somebody asks for them. */
struct cuts {
    const struct parse *parse;
    const struct parts *parts;
    struct cosend_access_log_cells cells;
};

/* Lines of a batch that lie together. */
struct lines {
    uint32_t next; /* the position behind them */
    struct cosend_access_log_text text;
    uint64_t bits[COSEND_FIND_BYTES * WORDS];
    uint32_t quotes[TOGETHER + COSEND_FIND_MORE];
};

static bool fill(struct cosend_fill *fill)
{
    const struct cuts *cuts = fill->own;
    const struct cosend_access_log_column *column =
        &cuts->parse->columns[fill->column.index];
    const struct cosend_cell *cells = cuts->cells.of[column->field];

    for (uint32_t i = 0; i < fill->count; i++)
        fill->cells[i] =
            cosend_access_log_piece(column, cells[fill->positions[i]]);
    return true;
}

/* The cells of a column's field, all absent. NULL without memory. */
static struct cosend_cell *new_cells(struct cosend_stage *self,
                                     const struct cuts *cuts,
                                     struct cosend_column column,
                                     uint32_t records)
{
    struct cosend_cell *cells;

    if (!cuts->parse->columns[column.index].piece)
        return cosend_set_column(self, column);
    cells = cosend_stage_bytes(self, records * sizeof(*cells));
    if (cells)
        memset(cells, 0, records * sizeof(*cells));
    return cells;
}

static struct cuts *new_cuts(struct cosend_stage *self,
                             const struct parse *parse,
                             const struct parts *parts, uint32_t records)
{
    struct cuts *cuts = cosend_stage_bytes(self, sizeof(*cuts));

    if (!cuts)
        return NULL;
    *cuts = (struct cuts){.parse = parse,
                          .parts = parts,
                          .cells.lines = cosend_column_of(self, parse->field)};
    for (size_t i = 0; i < parts->count; i++) {
        uint32_t field = parse->columns[i].field;
        struct cosend_cell **cells = &cuts->cells.of[field];

        if (!parts->wanted[i])
            continue;
        if (!*cells)
            *cells = new_cells(self, cuts, parts->columns[i], records);
        if (!*cells)
            return NULL;
        if (parse->columns[i].piece)
            cosend_fill_column(self, parts->columns[i], fill, cuts);
    }
    return cuts;
}

/* Find what ends fields. False without memory. */
static bool find(struct cosend_stage *self, struct lines *lines)
{
    struct cosend_access_log_text *text = &lines->text;
    size_t length = text->length, words = COSEND_FIND_WORDS(length), count;
    uint64_t *bits = lines->bits;
    uint32_t *quotes = lines->quotes;

    if (length > TOGETHER)
        bits =
            cosend_stage_bytes(self, COSEND_FIND_BYTES * words * sizeof(*bits));
    if (!bits)
        return false;
    cosend_find_bytes(text->text, length, COSEND_ACCESS_LOG_MARKS, bits);
    text->spaces = bits;
    text->opening = bits + words;
    text->closing = bits + 2 * words;
    bits += 3 * words;
    if (length > TOGETHER)
        quotes = cosend_stage_bytes(
            self, (cosend_found_places(bits, length, NULL) + COSEND_FIND_MORE) *
                      sizeof(*quotes));
    if (!quotes)
        return false;
    count = cosend_found_places(bits, length, quotes);
    quotes[count] = quotes[count + 1] = UINT32_MAX;
    text->quote = quotes;
    return true;
}

/* Behind a line that ends there is no more than a line end before the next. */
static bool is_behind(const char *end, struct cosend_cell next)
{
    return (uintptr_t)next.data - (uintptr_t)end <= 2;
}

/* Look at the lines from a position on that lie together; what is absent or
   empty lies anywhere. False without memory. */
static bool look_at(struct cosend_stage *self, const struct cosend_cells *cells,
                    uint32_t count, struct lines *lines, uint32_t position)
{
    const char *text = NULL, *end = NULL;

    for (; position < count; position++) {
        struct cosend_cell line = cosend_cell_at(cells, position);

        if (!line.length)
            continue;
        if (!text)
            text = end = line.data;
        if (!is_behind(end, line) ||
            (text != end &&
             (size_t)(line.data - text) + line.length > TOGETHER))
            break;
        end = line.data + line.length;
    }
    lines->next = position;
    lines->text.text = text;
    lines->text.length = (uint32_t)(end - text);
    return find(self, lines);
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

static bool keep_line(struct cosend_stage *self, const struct cuts *cuts,
                      uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);

    return may_keep(self, cuts->parse, cuts->parts, &record,
                    (struct cosend_fields){0, 0});
}

/* Take any line apart. Returns whether the record is sent on. */
static bool cut_line(struct cosend_stage *self, const struct cuts *cuts,
                     struct cosend_access_log_text *text, uint32_t position)
{
    const struct cosend_access_log *log = cosend_access_logs[cuts->parse->as];
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_cell line = cosend_cell_at(&cuts->cells.lines, position);
    uint32_t start = line.length ? (uint32_t)(line.data - text->text) : 0;
    uint32_t end = start + line.length;
    const char *where = cosend_access_log_cut(log, text, start, end, parts);
    bool is_other;

    for (uint32_t i = 0; i < log->count; i++) {
        struct cosend_cell cell = {0};

        if (!where)
            cell = cosend_text(text->text + parts[i].start,
                               parts[i].end - parts[i].start);
        if (cuts->cells.of[i])
            cuts->cells.of[i][position] = cell;
    }
    if (!where || cuts->parse->no_match == NO_MATCH_DROP)
        return !where;
    if (cuts->parse->no_match == NO_MATCH_KEEP)
        return keep_line(self, cuts, position);
    is_other = log->other &&
               !cosend_access_log_cut(log->other, text, start, end, parts);
    reject_line(self, log, position, where, is_other);
    return false;
}

/* Which positions of the batch are sent on. False without memory. */
static bool cut_lines(struct cosend_stage *self, const struct cuts *cuts,
                      struct lines *lines, uint32_t count, uint32_t *positions,
                      uint32_t *kept)
{
    const struct cosend_access_log *log = cosend_access_logs[cuts->parse->as];
    uint32_t at = 0, plain;

    /* One that is bad may fail the step. */
    while (at < count && !cosend_ended(self)) {
        if (at >= lines->next &&
            !look_at(self, &cuts->cells.lines, count, lines, at))
            return false;
        plain = log->cut_plain(&lines->text, &cuts->cells, at, lines->next);
        for (; at < plain; at++)
            positions[(*kept)++] = at;
        if (at < lines->next && cut_line(self, cuts, &lines->text, at++))
            positions[(*kept)++] = at - 1;
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
        lines.next = 0;
        if (!cut_lines(self, cuts, &lines, records, positions, &kept))
            return COSEND_E_MEMORY;
        cosend_emit_picked(self, positions, kept);
    }
    return 0;
}

/* ---- Patterns ------------------------------------------------------------ */

/* A field that was to be parsed, and that one of its parts is called as, is
   left too. */
static void keep(struct cosend_stage *self, const struct parse *parse,
                 const struct parts *parts, struct cosend_record *record)
{
    const char *field = cosend_field_name(self, parse->field);

    if (!may_keep(self, parse, parts, record,
                  (struct cosend_fields){parse->field.slot, 1}))
        return;
    for (size_t i = 0; field && i < parts->count; i++)
        if (strcmp(field, part_name(parse, i)) == 0)
            cosend_set(self, parts->columns[i],
                       cosend_field(record, parse->field));
    cosend_emit(self, record);
}

static void no_match(struct cosend_stage *self, const struct parse *parse,
                     const struct parts *parts, struct cosend_record *record)
{
    if (parse->no_match == NO_MATCH_KEEP)
        keep(self, parse, parts, record);
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
            no_match(self, parse, parts, &record);
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

    /* One that is kept as it is must have none of the fields that are made. */
    if (parse->no_match != NO_MATCH_KEEP)
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
        "match is bad (no_match), unless no_match says otherwise; one that is "
        "kept goes on as it is.",
    .example = "parse combined | count status",
    .options_size = sizeof(struct parse),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .parallel = COSEND_STATELESS,
};
