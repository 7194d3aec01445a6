/* SPDX-License-Identifier: MIT */
/*
 * parse: emits every record, as it comes, with the parts of one of its fields
 * as fields: those of an access log's line (cosend/access_log.h), or a
 * pattern's named groups.
 */
#include "cosend.h"

#include <string.h>

enum no_match { NO_MATCH_REJECT, NO_MATCH_DROP, NO_MATCH_KEEP };
enum rest { REST_KEEP, REST_REJECT };

/* Named groups that a pattern may have. */
enum { MOST_GROUPS = 256 };

struct parts;

struct parse {
    struct cosend_field field;
    int as;
    struct cosend_string regex, servers[2];
    int no_match, rest;
    bool keep_source;
    const struct way *way;
    struct cosend_regex *compiled;
    struct cosend_access_log log;   /* which lines are of this form */
    struct cosend_access_log *made; /* it, of a server's settings; or NULL */
    size_t column_count;            /* of the log */
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
};

/* A way to take a field apart, and the option that says so. */
struct way {
    const char *option;
    void (*check)(struct cosend_check *check, struct parse *parse);
    size_t (*count)(const struct parse *parse); /* of the fields it makes */
    const char *(*name)(const struct parse *parse, size_t i);
    int (*body)(struct cosend_stage *self, const struct parse *parse,
                struct parts *parts);
};

static const char *const no_matches[] = {"reject", "drop", "keep", NULL};
static const char *const rests[] = {"keep", "reject", NULL};

static const struct cosend_option options[] = {
    {.name = "as",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, as),
     .flags = COSEND_MAIN,
     .choices = cosend_access_log_names,
     .help = "a well-known form: lines of an access log as Apache, nginx, "
             "Traefik, or Amazon's load balancers, S3 or CloudFront write them",
     .example = "\"combined\""},
    {.name = "nginx",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct parse, servers[COSEND_SERVER_NGINX]),
     .help = "or lines of an access log by nginx's log_format, as it stands in "
             "its settings, or what is in its quotes: each variable becomes a "
             "field",
     .example = "\"$remote_addr [$time_local] \\\"$request\\\" $status\""},
    {.name = "apache",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct parse, servers[COSEND_SERVER_APACHE]),
     .help = "or by Apache's LogFormat: each directive becomes a field",
     .example = "\"%h %l %u %t \\\"%r\\\" %>s %b\""},
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
    {.name = "rest",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, rest),
     .choices = rests,
     .help = "what a line of an access log has behind its last field becomes "
             "the field rest, or makes it one that does not match; default "
             "\"keep\"; \"reject\" with nginx and apache, elb, s3 and "
             "cloudfront",
     .example = "\"reject\""},
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

static void check_regex(struct cosend_check *check, struct parse *parse)
{
    struct cosend_error error = {0};

    parse->compiled =
        cosend_regex_new(parse->regex.data, parse->regex.length, NULL, &error);
    if (parse->compiled)
        check_groups(check, parse->compiled);
    else
        cosend_check_failed(check, "regex", &error);
}

static void use_log(struct parse *parse, const struct cosend_access_log *log,
                    bool rest)
{
    parse->log = *log;
    if (log->has_rest && !rest) {
        parse->log.count--;
        parse->log.has_rest = false;
    }
    parse->column_count =
        cosend_access_log_columns(&parse->log, parse->columns);
}

static void check_name(struct cosend_check *check, struct parse *parse)
{
    const struct cosend_access_log *log = cosend_access_logs[parse->as];
    bool given = cosend_check_given(check, "rest");

    if (given && parse->rest == REST_KEEP && !log->has_rest)
        cosend_check_error(check, "rest", "%s has nothing behind its fields",
                           log->name);
    use_log(parse, log, parse->rest == REST_KEEP && (given || !log->is_strict));
}

/* A format says all that its lines have. */
static void check_server(struct cosend_check *check, struct parse *parse,
                         enum cosend_access_log_server server)
{
    struct cosend_string text = parse->servers[server];
    struct cosend_error error = {0};
    bool rest = cosend_check_given(check, "rest") && parse->rest == REST_KEEP;

    parse->made =
        cosend_access_log_new(server, text.data, text.length, rest, &error);
    if (parse->made)
        use_log(parse, parse->made, rest);
    else
        cosend_check_failed(check, parse->way->option, &error);
}

static void check_nginx(struct cosend_check *check, struct parse *parse)
{
    check_server(check, parse, COSEND_SERVER_NGINX);
}

static void check_apache(struct cosend_check *check, struct parse *parse)
{
    check_server(check, parse, COSEND_SERVER_APACHE);
}

static void release(void *memory)
{
    struct parse *parse = memory;

    cosend_regex_free(parse->compiled);
    cosend_access_log_free(parse->made);
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
    parts->count = parse->way->count(parse);
    if (!parse->keep_source)
        cosend_drop_column(self, parse->field);
    for (size_t i = 0; i < parts->count; i++) {
        parts->columns[i] = cosend_add_column(self, parse->way->name(parse, i));
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
                self, record, parse->way->name(parse, i), but,
                "one that does not match would lose it: rename it before"))
            return false;
    return true;
}

/* ---- Logs ---------------------------------------------------------------- */

/* The fields of a batch's lines. A field of which pieces are wanted is taken
   apart when somebody asks for them. */
struct cuts {
    const struct parse *parse;
    const struct parts *parts;
    struct cosend_access_log_cells cells;
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

static void reject_line(struct cosend_stage *self,
                        const struct cosend_access_log *log, uint32_t position,
                        const char *where, const char *other)
{
    struct cosend_record record = cosend_record_at(self, position);
    bool itself = other && strcmp(other, log->name) == 0;

    cosend_bad(self, &record, "no_match",
               "not a%s %s log line, at its %s%s%s%s",
               strchr("aeins", *log->name) ? "n" : "", log->name, where,
               itself || !other ? "" : "; parse ",
               itself   ? "; rest=keep"
               : !other ? ""
                        : other,
               other ? " takes it" : "");
}

static bool keep_line(struct cosend_stage *self, const struct cuts *cuts,
                      uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);

    return may_keep(self, cuts->parse, cuts->parts, &record,
                    (struct cosend_fields){0, 0});
}

static bool is_comment(const struct cosend_access_log *log,
                       struct cosend_cell line)
{
    return log->comment && line.length && *line.data == log->comment;
}

/* Take any line apart. Returns whether the record is sent on. */
static bool cut_line(struct cosend_stage *self, const struct cuts *cuts,
                     struct cosend_access_log_text *text, uint32_t position)
{
    const struct cosend_access_log *log = &cuts->parse->log;
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_cell line = cosend_cell_at(&cuts->cells.lines, position);
    uint32_t start = line.length ? (uint32_t)(line.data - text->text) : 0;
    uint32_t end = start + line.length;
    const char *where = cosend_access_log_cut(log, text, start, end, parts);

    for (uint32_t i = 0; i < log->count; i++) {
        struct cosend_cell cell = {0};

        if (!where)
            cell = cosend_text(text->text + parts[i].start,
                               parts[i].end - parts[i].start);
        if (cuts->cells.of[i])
            cuts->cells.of[i][position] = cell;
    }
    if (!where || cuts->parse->no_match == NO_MATCH_DROP ||
        is_comment(log, line))
        return !where;
    if (cuts->parse->no_match == NO_MATCH_KEEP)
        return keep_line(self, cuts, position);
    reject_line(self, log, position, where,
                cosend_access_log_other(log, text, start, end));
    return false;
}

/* Which positions of the batch are sent on. False without memory. */
static bool cut_lines(struct cosend_stage *self, const struct cuts *cuts,
                      struct cosend_access_log_lines *lines, uint32_t count,
                      uint32_t *positions, uint32_t *kept)
{
    const struct cosend_access_log *log = &cuts->parse->log;
    uint32_t at = 0, plain;

    /* One that is bad may fail the step. */
    while (at < count && !cosend_ended(self)) {
        if (at >= lines->next &&
            !cosend_access_log_look(lines, &cuts->cells.lines, count, at))
            return false;
        plain =
            log->cut_plain(log, &lines->text, &cuts->cells, at, lines->next);
        for (; at < plain; at++)
            positions[(*kept)++] = at;
        if (at < lines->next && cut_line(self, cuts, &lines->text, at++))
            positions[(*kept)++] = at - 1;
    }
    return true;
}

static int parse_batch(struct cosend_stage *self, const struct parse *parse,
                       const struct parts *parts,
                       struct cosend_access_log_lines *lines, uint32_t records)
{
    const struct cuts *cuts = new_cuts(self, parse, parts, records);
    uint32_t *positions =
        cosend_stage_bytes(self, records * sizeof(*positions));
    uint32_t kept = 0;

    lines->next = 0;
    if (!cuts || !positions ||
        !cut_lines(self, cuts, lines, records, positions, &kept))
        return COSEND_E_MEMORY;
    cosend_emit_picked(self, positions, kept);
    return 0;
}

static int parse_log(struct cosend_stage *self, const struct parse *parse,
                     struct parts *parts)
{
    const struct cosend_batch *batch;
    struct cosend_access_log_lines *lines = cosend_access_log_lines_new();
    int status = lines ? 0 : COSEND_E_MEMORY;

    while (!status && (batch = cosend_receive_batch(self)))
        status =
            parse_batch(self, parse, parts, lines, cosend_batch_count(batch));
    cosend_access_log_lines_free(lines);
    return status < 0 ? cosend_fail(self, status, "out of memory") : 0;
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
        if (strcmp(field, parse->way->name(parse, i)) == 0)
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

/* ---- Ways ---------------------------------------------------------------- */

static size_t log_columns(const struct parse *parse)
{
    return parse->column_count;
}

static const char *log_column(const struct parse *parse, size_t i)
{
    return parse->columns[i].name;
}

static size_t groups(const struct parse *parse)
{
    return cosend_regex_groups(parse->compiled);
}

static const char *group_name(const struct parse *parse, size_t i)
{
    return cosend_regex_group(parse->compiled, i);
}

static const struct way ways[] = {
    {"as", check_name, log_columns, log_column, parse_log},
    {"nginx", check_nginx, log_columns, log_column, parse_log},
    {"apache", check_apache, log_columns, log_column, parse_log},
    {"regex", check_regex, groups, group_name, parse_regex},
    {NULL, NULL, NULL, NULL, NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct parse *parse = memory;

    parse->keep_source |= parse->no_match == NO_MATCH_KEEP;
    for (const struct way *way = ways; way->option; way++) {
        if (!cosend_check_given(check, way->option))
            continue;
        if (parse->way)
            cosend_check_error(check, way->option, "give %s or %s, not both",
                               parse->way->option, way->option);
        else
            parse->way = way;
    }
    if (!parse->way) {
        cosend_check_error(check, "as",
                           "say what the field is: give as, nginx, apache or "
                           "regex");
        return;
    }
    parse->way->check(check, parse);
    if (parse->compiled && cosend_check_given(check, "rest"))
        cosend_check_error(check, "rest",
                           "a pattern says itself what a line may have behind "
                           "its groups");
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct parse *parse = memory;
    struct parts parts;

    /* One that is kept as it is must have none of the fields that are made. */
    if (parse->no_match != NO_MATCH_KEEP)
        cosend_only_fields(self);
    add_columns(self, parse, &parts);
    return parse->way->body(self, parse, &parts);
}

const struct cosend_filter csi_filter_parse = {
    .name = "parse",
    .role = COSEND_FILTER,
    .summary = "Take a field apart into fields",
    .details =
        "Emits every record as it comes, the parsed field replaced by its "
        "parts, which come behind the other fields. combined is an access "
        "log's line: host, ident, user, time, method, path, protocol, status, "
        "size, referer, agent, and rest, what it has behind them, which is "
        "mostly nothing; common is the same without referer and agent, "
        "vhost_combined is combined behind a first word, vhost. nginx_main, "
        "traefik, elb, alb, s3 and cloudfront have what their manuals list, "
        "the "
        "client being host, the bytes that it was sent size; all of it must be "
        "there, but for what alb has at its end. cloudfront's lines that begin "
        "with # are dropped. With nginx and "
        "apache what combined has is called as there, request being method, "
        "path and protocol; another variable of nginx by its own name, and of "
        "Apache's %D is duration_us, %T duration_s, %O bytes_sent, %I "
        "bytes_received, %v vhost, %a address, %p server_port, %P pid, %q "
        "query, %{X-Y}i http_x_y, %{X-Y}o sent_http_x_y, %{X}C cookie_x (the "
        "manual has all). A second field of a name is called size_2. A value "
        "ends where the text that follows it in the format begins; one with "
        "nothing behind it is refused where it has a space in it. A status, "
        "size or other number of \"-\" becomes empty; other \"-\" and the "
        "escapes in quotes stay as they are. A request that is no request is "
        "all path, with an empty method and protocol. With regex each named "
        "group is a field, absent where the group took no part. A record that "
        "does not match is bad (no_match), unless no_match says otherwise; one "
        "that is kept goes on as it is.",
    .example = "parse combined | count status",
    .options_size = sizeof(struct parse),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .parallel = COSEND_STATELESS,
};
