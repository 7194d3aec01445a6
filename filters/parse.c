/* SPDX-License-Identifier: MIT */
/*
 * parse: emits every record, as it comes, with the parts of one of its fields
 * as fields: those of an access log's line, or a pattern's named groups.
 *
 * A log line is taken apart by a scanner, which does what this pattern does
 * (the unit test holds it to that), at a multiple of its speed:
 *
 *     ^(?<host>[^ ]*[^ ,]) (?<ident>[^ ]+)
 *      (?<user>-|(?!- )(?:(?! \[).)*(?<! -))
 *      \[(?<time>[^\[\]]+)\] "(?<request>(?:[^"\\]|\\.)*)"
 *      (?<status>\d{3}|-) (?<size>\d+|-)
 *      "(?<referer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)"$
 *
 * and then the request:
 *
 *     ^(?<method>[A-Za-z][A-Za-z_-]*) (?<path>.*?)(?: (?<protocol>HTTP/[^
 * ]*))?$
 *
 * where what is no such request, "-" or a probe's binary garbage, is all path.
 *
 * A user's name may hold spaces, which other forms of log must not profit from:
 * a line with more words before its time, as of a virtual host or of a list of
 * proxies, has a "-" among those of its user, or a host that ends in a comma,
 * and is none of these. vhost_combined is combined behind one more word, the
 * virtual host, and its host is not "-", which the ident of a combined line is.
 */
#include "cosend.h"

#include <string.h>

enum log { LOG_COMBINED, LOG_COMMON, LOG_VHOST, LOGS };

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
};

static const char *const logs[] = {
    "combined", "common", "vhost_combined", "combined_log", "common_log", NULL};
static const char *const no_matches[] = {"reject", "drop", "keep", NULL};

static const struct cosend_option options[] = {
    {.name = "as",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct parse, as),
     .flags = COSEND_MAIN,
     .choices = logs,
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

/* ---- Access logs --------------------------------------------------------- */

enum part {
    HOST,
    IDENT,
    USER,
    TIME,
    METHOD,
    PATH,
    PROTOCOL,
    STATUS,
    SIZE,
    REFERER,
    AGENT,
    PARTS
};

/* Those of LOG_VHOST, whose other parts follow its first. */
static const char *const vhost_names[] = {
    "vhost", "host",     "ident",  "user", "time",    "method",
    "path",  "protocol", "status", "size", "referer", "agent"};

static const char *const *const part_names = vhost_names + 1;

enum { MOST_PARTS = PARTS + 1 };

static unsigned part_count(int log)
{
    return log == LOG_COMMON ? REFERER : log == LOG_VHOST ? MOST_PARTS : PARTS;
}

/* What is left of a line. */
struct scan {
    const char *at, *end;
};

static bool skip(struct scan *scan, char c)
{
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

/* All before the next `stop`, which is skipped. */
static bool before(struct scan *scan, char stop, struct cosend_cell *cell)
{
    const char *found = memchr(scan->at, stop, (size_t)(scan->end - scan->at));

    if (!found)
        return false;
    *cell = cosend_text(scan->at, (size_t)(found - scan->at));
    scan->at = found + 1;
    return true;
}

static bool word(struct scan *scan, struct cosend_cell *cell)
{
    return before(scan, ' ', cell) && cell->length;
}

/* A word that does not go on in a list, as one of addresses does. */
static bool host_word(struct scan *scan, struct cosend_cell *cell)
{
    return word(scan, cell) && cell->data[cell->length - 1] != ',';
}

static bool is_dash(struct cosend_cell cell)
{
    return cell.length == 1 && *cell.data == '-';
}

/* Whether of several words the first or the last is "-". */
static bool has_dash(struct cosend_cell user)
{
    size_t length = user.length;

    return length > 1 && (memcmp(user.data, "- ", 2) == 0 ||
                          memcmp(user.data + length - 2, " -", 2) == 0);
}

/* A user's name may hold spaces. */
static bool user(struct scan *scan, struct cosend_cell *cell)
{
    const char *found =
        memmem(scan->at, (size_t)(scan->end - scan->at), " [", 2);

    if (!found)
        return false;
    *cell = cosend_text(scan->at, (size_t)(found - scan->at));
    scan->at = found + 2;
    return !has_dash(*cell);
}

static bool time_of_log(struct scan *scan, struct cosend_cell *cell)
{
    return before(scan, ']', cell) && cell->length &&
           !memchr(cell->data, '[', cell->length);
}

static bool is_escaped(const char *quote, const char *start)
{
    const char *at = quote;

    while (at > start && at[-1] == '\\')
        at--;
    return (quote - at) & 1;
}

/* A string in quotes, its escapes as they are. */
static bool quoted(struct scan *scan, struct cosend_cell *cell)
{
    const char *start, *found;

    if (!skip(scan, '"'))
        return false;
    start = found = scan->at;
    while ((found = memchr(found, '"', (size_t)(scan->end - found)))) {
        if (!is_escaped(found, start)) {
            *cell = cosend_text(start, (size_t)(found - start));
            scan->at = found + 1;
            return true;
        }
        found++;
    }
    return false;
}

/* Digits, or "-", which is empty. */
static bool digits(struct scan *scan, struct cosend_cell *cell)
{
    const char *start = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    *cell = cosend_text(start, (size_t)(scan->at - start));
    return cell->length || skip(scan, '-');
}

static bool is_method(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (i && (c == '-' || c == '_'))))
            return false;
    }
    return length > 0;
}

/* The place of the last space, if it is before a protocol; else the end. */
static const char *protocol_of(const char *at, const char *end)
{
    const char *space = memrchr(at, ' ', (size_t)(end - at));

    return space && end - space > 5 && memcmp(space + 1, "HTTP/", 5) == 0
               ? space
               : end;
}

static void split_request(struct cosend_cell request, struct cosend_cell *parts)
{
    const char *end = request.data + request.length, *path, *protocol;
    struct scan scan = {request.data, end};

    parts[PATH] = request;
    parts[METHOD] = parts[PROTOCOL] = cosend_text("", 0);
    if (!before(&scan, ' ', &parts[METHOD]) ||
        !is_method(parts[METHOD].data, parts[METHOD].length)) {
        parts[METHOD] = cosend_text("", 0);
        return;
    }
    path = scan.at;
    protocol = protocol_of(path, end);
    parts[PATH] = cosend_text(path, (size_t)(protocol - path));
    if (protocol != end)
        parts[PROTOCOL] =
            cosend_text(protocol + 1, (size_t)(end - protocol - 1));
}

/*
 * Take a line apart. Returns NULL, or the name of the part at which it is not
 * such a line.
 */
static const char *scan_log(struct cosend_cell line, int log,
                            struct cosend_cell *parts)
{
    struct scan scan = {line.data, line.data + line.length};
    unsigned last = log == LOG_COMMON ? REFERER : PARTS;
    struct cosend_cell request;

    if (log == LOG_VHOST && (!line.length || !host_word(&scan, parts++)))
        return vhost_names[0];
    if (!line.length || !host_word(&scan, &parts[HOST]))
        return part_names[HOST];
    if (log == LOG_VHOST && is_dash(parts[HOST])) /* an ident: no vhost */
        return part_names[HOST];
    if (!word(&scan, &parts[IDENT]))
        return part_names[IDENT];
    if (!user(&scan, &parts[USER]))
        return part_names[USER];
    if (!time_of_log(&scan, &parts[TIME]))
        return part_names[TIME];
    if (!skip(&scan, ' ') || !quoted(&scan, &request))
        return "request";
    split_request(request, parts);
    if (!skip(&scan, ' ') || !digits(&scan, &parts[STATUS]) ||
        (parts[STATUS].length && parts[STATUS].length != 3))
        return part_names[STATUS];
    if (!skip(&scan, ' ') || !digits(&scan, &parts[SIZE]))
        return part_names[SIZE];
    for (unsigned i = REFERER; i < last; i++)
        if (!skip(&scan, ' ') || !quoted(&scan, &parts[i]))
            return part_names[i];
    return scan.at == scan.end ? NULL : "end";
}

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

    parse->as %= LOGS; /* the other names of the first two */
    parse->keep_source |= parse->no_match == NO_MATCH_KEEP;
    if (as == regex)
        cosend_check_error(check, as ? "regex" : "as",
                           as ? "give as or regex, not both"
                              : "say what the field is: give as or regex");
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
    const char *const *names =
        parse->as == LOG_VHOST ? vhost_names : part_names;

    parts->count = parse->compiled ? cosend_regex_groups(parse->compiled)
                                   : part_count(parse->as);
    if (!parse->keep_source)
        cosend_drop_column(self, parse->field);
    for (size_t i = 0; i < parts->count; i++) {
        parts->columns[i] = cosend_add_column(
            self, parse->compiled ? cosend_regex_group(parse->compiled, i)
                                  : names[i]);
        parts->wanted[i] = cosend_column_wanted(self, parts->columns[i]);
    }
}

/*
 * Whether vhost_combined takes a line that failed to be combined at `where`.
 * Its second and third words are combined's first two; and that "-" is no host
 * is soon known of nearly every line.
 */
static bool is_vhost(const struct parse *parse, struct parts *parts,
                     struct cosend_cell line, const char *where)
{
    return parse->as == LOG_COMBINED && where != part_names[HOST] &&
           where != part_names[IDENT] && !is_dash(parts->cells[IDENT]) &&
           !scan_log(line, LOG_VHOST, parts->cells);
}

/*
 * Where the parts of a batch's lines are: nobody may ask for most of them, and
 * cells are made of those only that somebody does.
 */
struct slice {
    uint32_t start, length; /* start is UINT32_MAX: no such part */
};

struct cuts {
    struct cosend_cells lines;
    size_t count;
    struct slice *slices; /* [position][part] */
};

static bool fill(struct cosend_fill *fill)
{
    const struct cuts *cuts = fill->own;

    for (uint32_t i = 0; i < fill->count; i++) {
        uint32_t at = fill->positions[i];
        const struct slice *slice =
            &cuts->slices[at * cuts->count + fill->column.index];

        if (slice->start != UINT32_MAX)
            fill->cells[i] = cosend_text(cosend_cell_at(&cuts->lines, at).data +
                                             slice->start,
                                         slice->length);
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
    cuts->lines = cosend_column_of(self, parse->field);
    cuts->count = parts->count;
    cuts->slices = cosend_stage_bytes(self, parts->count * records *
                                                sizeof(*cuts->slices));
    for (size_t i = 0; i < parts->count; i++)
        if (parts->wanted[i])
            cosend_fill_column(self, parts->columns[i], fill, cuts);
    return cuts->slices ? cuts : NULL;
}

/* Parts are slices of the line, or empty. */
static void note_parts(const struct parts *parts, struct cosend_cell line,
                       struct slice *slices)
{
    for (size_t i = 0; i < parts->count; i++) {
        uint32_t length = parts->cells[i].length;

        if (!parts->wanted[i])
            continue;
        slices[i].length = length;
        slices[i].start =
            length ? (uint32_t)(parts->cells[i].data - line.data) : 0;
    }
}

/* A line that is no such log's. Returns whether it is kept. */
static bool keep_other(struct cosend_stage *self, const struct parse *parse,
                       struct parts *parts, uint32_t position,
                       const char *where)
{
    struct cosend_record record;

    if (parse->no_match != NO_MATCH_REJECT)
        return parse->no_match == NO_MATCH_KEEP;
    record = cosend_record_at(self, position);
    cosend_bad(
        self, &record, "no_match", "not a %s log line, at its %s%s",
        logs[parse->as], where,
        is_vhost(parse, parts, cosend_field(&record, parse->field), where)
            ? "; vhost_combined takes it"
            : "");
    return false;
}

static bool cut_line(struct cosend_stage *self, const struct parse *parse,
                     struct parts *parts, const struct cuts *cuts,
                     uint32_t position)
{
    struct slice *slices = &cuts->slices[position * cuts->count];
    struct cosend_cell line = cosend_cell_at(&cuts->lines, position);
    const char *where = scan_log(line, parse->as, parts->cells);

    if (!where) {
        note_parts(parts, line, slices);
        return true;
    }
    for (size_t i = 0; i < cuts->count; i++)
        slices[i].start = UINT32_MAX;
    return keep_other(self, parse, parts, position, where);
}

static int parse_log(struct cosend_stage *self, const struct parse *parse,
                     struct parts *parts)
{
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self))) {
        uint32_t records = cosend_batch_count(batch), kept = 0;
        const struct cuts *cuts = new_cuts(self, parse, parts, records);
        uint32_t *positions =
            cosend_stage_bytes(self, records * sizeof(*positions));

        if (!cuts || !positions)
            return COSEND_E_MEMORY;
        for (uint32_t i = 0; i < records && !cosend_ended(self); i++)
            if (cut_line(self, parse, parts, cuts, i))
                positions[kept++] = i;
        cosend_emit_picked(self, positions, kept);
    }
    return 0;
}

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
