/* SPDX-License-Identifier: MIT */
/* Forms of access logs: lines that are made of random fields by a form come
   apart as those, and a damaged one as the same or not at all. */
#include "cosend.h"
#include "record/access_log.h"

#include <stdio.h>
#include <stdlib.h>

#include "chance.h"

/* ---- Values -------------------------------------------------------------- */

enum value {
    HOST,
    WORD,
    PAIR, /* text without : or | */
    USER,
    TIME,
    CLOCK,
    QUOTED,
    REQUEST,
    STATUS,
    NUMBER,
    LIST,
    TEXT, /* up to a tab */
    REST
};

static void put(char *out, const char *letters, unsigned most)
{
    size_t length = strlen(out);
    unsigned count = 1 + draw(most);

    while (count--)
        out[length++] = letters[draw((unsigned)strlen(letters))];
    out[length] = '\0';
}

/* Bytes as a server writes them in quotes. */
static void put_quoted(char *out)
{
    static const char *const pieces[] = {
        "a", "Z", "0",     " ",    "[",    "]",     "(",        ";",
        "-", ",", "\\x22", "\\\"", "\\\\", "\\xE4", "\xC3\xA9", "/"};

    for (unsigned count = draw(20); count--;)
        strcat(out, pieces[draw(sizeof(pieces) / sizeof(pieces[0]))]);
}

static void make_value(enum value value, char *out)
{
    static const char word[] = "abcxyz019._-/";
    static const char *const users[] = {"-", "bob", "John Smith", "a-b c"};

    out[0] = '\0';
    switch (value) {
    case HOST:
        sprintf(out, draw(2) ? "10.%u.0.%u" : "2001:db8::%x:%x", draw(256),
                draw(256));
        break;
    case PAIR:
        put(out, "abcxyz019.-/", 12);
        break;
    case WORD:
        put(out, word, draw(20) ? 12 : 90);
        break;
    case USER:
        strcpy(out, users[draw(4)]);
        break;
    case TIME:
        sprintf(out, "%02u/Oct/2026:%02u:%02u:%02u +0%u00", 1 + draw(28),
                draw(24), draw(60), draw(60), draw(10));
        break;
    case CLOCK:
        sprintf(out, "Thu Oct %2u %02u:%02u:59 2026", 1 + draw(28), draw(24),
                draw(60));
        break;
    case REQUEST:
        strcpy(out, draw(2) ? "GET /" : "POST /x");
        put_quoted(out);
        strcat(out, " HTTP/1.1");
        break;
    case QUOTED:
        put_quoted(out);
        break;
    case STATUS:
        sprintf(out, draw(9) ? "%03u" : "-", draw(600));
        break;
    case NUMBER:
        sprintf(out, draw(9) ? "%u" : "-",
                draw(2) ? draw(1000) : draw(1u << 31));
        break;
    case LIST:
        sprintf(out, "0.%u%s", draw(100),
                (const char *[]){"", ", 0.1", " : 1.5", ", - : 0.2"}[draw(4)]);
        break;
    case TEXT:
        put(out, "ab c\"[]-|", 20);
        break;
    case REST:
        strcpy(out, (const char *[]){"", "0.1", "\"a b\" 1", "x y"}[draw(4)]);
        break;
    }
}

/* ---- Forms --------------------------------------------------------------- */

/* A variable, and the text in front of it in settings and lines. */
struct row {
    const char *before, *variable;
    enum value value;
    const char *name;
};

enum { ROWS = 40 };

struct format {
    enum cosend_access_log_server server;
    bool rest;
    struct row rows[ROWS];
    const char *after;
    const struct cosend_access_log *log; /* one that has a name; or NULL */
};

#define COMBINED_BY_NGINX                                                      \
    {"", "$remote_addr", HOST, "host"}, {" - ", "$remote_user", USER, "user"}, \
        {" [", "$time_local", TIME, "time"},                                   \
        {"] \"", "$request", REQUEST, "request"},                              \
        {"\" ", "$status", STATUS, "status"},                                  \
        {" ", "$body_bytes_sent", NUMBER, "size"},                             \
        {" \"", "$http_referer", QUOTED, "referer"},                           \
    {                                                                          \
        "\" \"", "$http_user_agent", QUOTED, "agent"                           \
    }

static const struct format formats[] = {
    {COSEND_SERVER_NGINX, false, {COMBINED_BY_NGINX}, "\"", NULL},
    {COSEND_SERVER_NGINX,
     true,
     {COMBINED_BY_NGINX, {"\"", "", REST, "rest"}},
     "",
     NULL},
    {COSEND_SERVER_NGINX,
     false,
     {COMBINED_BY_NGINX,
      {"\" rt=", "$request_time", WORD, "request_time"},
      {" ut=", "$upstream_response_time", LIST, "upstream_response_time"},
      {" ", "$upstream_addr", LIST, "upstream_addr"},
      {" id=", "${request_id}", WORD, "request_id"}},
     "",
     NULL},
    {COSEND_SERVER_NGINX,
     false,
     {{"", "$host", PAIR, "vhost"},
      {":", "$server_port", NUMBER, "server_port"},
      {"|", "$time_local", TIME, "time"},
      {"|\"", "$request_method", WORD, "method"},
      {" ", "$uri", WORD, "uri"},
      {" ", "$server_protocol", WORD, "protocol"},
      {"\"|", "$status", STATUS, "status"},
      {"|", "$bytes_sent", NUMBER, "bytes_sent"},
      {"|x", "$a", PAIR, "a"},
      {"|", "$a", PAIR, "a_2"},
      {"|", "$http_x", PAIR, "http_x"}},
     "",
     NULL},
    {COSEND_SERVER_NGINX,
     false,
     {{"", "$remote_addr", WORD, "host"},
      {"\t", "$http_user_agent", TEXT, "agent"},
      {"\t", "$a", TEXT, "a"},
      {"\t", "$request_uri", TEXT, "path"}},
     "",
     NULL},
    {COSEND_SERVER_NGINX,
     false,
     {{"{\"time\": \"", "$time_iso8601", WORD, "time_iso8601"},
      {"\", \"status\": ", "$status", STATUS, "status"},
      {", \"q\": \"<", "$request", REQUEST, "request"},
      {"\", \"agent\": \"", "$http_user_agent", QUOTED, "agent"}},
     "\"}",
     NULL},
    {COSEND_SERVER_APACHE,
     false,
     {{"", "%h", HOST, "host"},
      {" ", "%l", WORD, "ident"},
      {" ", "%u", USER, "user"},
      {" ", "%t", TIME, "time"},
      {" \"", "%r", REQUEST, "request"},
      {"\" ", "%>s", STATUS, "status"},
      {" ", "%b", NUMBER, "size"},
      {" \"", "%{Referer}i", QUOTED, "referer"},
      {"\" \"", "%!200,304{User-agent}i", QUOTED, "agent"},
      {"\" ", "%D", NUMBER, "duration_us"}},
     "",
     NULL},
    {COSEND_SERVER_APACHE,
     false,
     {{"", "%v", PAIR, "vhost"},
      {":", "%{local}p", NUMBER, "local_port"},
      {" ", "%a", HOST, "address"},
      {" ", "%u", WORD, "user"},
      {" ", "%{%a %b %e %T %Y}t", CLOCK, "time"},
      {" ", "%D", NUMBER, "duration_us"},
      {" [", "%{X-Y}o", PAIR, "sent_http_x_y"},
      {"] '", "%q", PAIR, "query"},
      {"' ", "%{ms}T", NUMBER, "duration_ms"},
      {" ", "%<s", STATUS, "status"},
      {" ", "%{msec}t", NUMBER, "time_msec"},
      {" ", "%X", WORD, "connection_status"},
      {" ", "%{a}C", WORD, "cookie_a"},
      {" ", "%{N}n", WORD, "note_n"},
      {" ", "%P", NUMBER, "pid"},
      {" ", "%{tid}P", WORD, "tid"},
      {" %% ", "%{x}^ti", WORD, "trailer_x"}},
     "",
     NULL},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]), LONG = 8192 };

static uint32_t row_count(const struct format *format)
{
    uint32_t count = 0;

    while (count < ROWS && format->rows[count].name)
        count++;
    return count;
}

/* A value of a field by its kind, and what is around it. */
static enum value value_of(const struct cosend_access_log_field *field,
                           const char **open)
{
    *open = "";
    switch ((enum csi_log_kind)field->kind) {
    case CSI_LOG_HOST:
    case CSI_LOG_NAMED:
    case CSI_LOG_ADDRESS:
        return HOST;
    case CSI_LOG_USER:
        return USER;
    case CSI_LOG_TIME:
        *open = "[";
        return TIME;
    case CSI_LOG_QUOTED:
        *open = "\"";
        return field->is_request ? REQUEST : QUOTED;
    case CSI_LOG_STATUS:
        return STATUS;
    case CSI_LOG_NUMBER:
        return NUMBER;
    case CSI_LOG_REST:
        return REST;
    case CSI_LOG_UPTO:
        return TEXT;
    default:
        return WORD;
    }
}

/* The rows of a form that has a name. */
static struct format format_of(const struct cosend_access_log *log)
{
    static char befores[ROWS][8];
    struct format format = {.after = log->after, .log = log};
    const char *shut = "";

    /* What is strict refuses a rest, unless it is asked for. */
    for (uint32_t i = 0; i < log->count - log->is_strict; i++) {
        const struct cosend_access_log_field *field = &log->fields[i];
        const char *open;
        enum value value = value_of(field, &open);

        sprintf(befores[i], "%s%s%s", shut, field->before, open);
        format.rows[i] = (struct row){befores[i], "", value, field->name};
        shut = *open == '[' ? "]" : open;
    }
    return format;
}

static struct cosend_access_log *make_form(const struct format *format)
{
    char text[LONG] = "";
    struct cosend_error error = {0};
    struct cosend_access_log *log;

    if (format->log)
        return NULL;
    for (uint32_t i = 0; i < row_count(format); i++) {
        strcat(text, format->rows[i].before);
        strcat(text, format->rows[i].variable);
    }
    strcat(text, format->after);
    log = cosend_access_log_new(format->server, text, strlen(text),
                                format->rest, &error);
    if (!log)
        fail_msg("%s: %s", text, error.message);
    assert_int_equal(log->count, row_count(format));
    for (uint32_t i = 0; i < log->count; i++)
        assert_string_equal(log->fields[i].name, format->rows[i].name);
    return log;
}

/* ---- Lines --------------------------------------------------------------- */

/* A line, and what is in it. */
struct line {
    char text[LONG];
    size_t length;
    char values[ROWS][LONG / 8];
    size_t starts[ROWS + 1];
};

static void add_before(struct line *line, enum cosend_access_log_server server,
                       const char *before)
{
    for (; *before; before++) {
        if (server == COSEND_SERVER_APACHE && before[0] == '%')
            before++;
        line->text[line->length++] = *before;
    }
    line->text[line->length] = '\0';
}

static void make_line(const struct format *format, struct line *line)
{
    uint32_t count = row_count(format);

    line->length = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct row *row = &format->rows[i];
        char *value = line->values[i];
        bool brackets = strcmp(row->variable, "%t") == 0;

        make_value(row->value, value);
        add_before(line, format->server, row->before);
        line->starts[i] = line->length;
        line->length += (size_t)sprintf(line->text + line->length, "%s%s%s%s",
                                        brackets ? "[" : "",
                                        row->value == REST && *value ? " " : "",
                                        value, brackets ? "]" : "");
        if ((row->value == STATUS || row->value == NUMBER) && *value == '-')
            *value = '\0';
    }
    line->starts[count] = line->length;
    add_before(line, format->server, format->after);
}

enum { BATCH = 16 };

/* What became of a batch's lines. */
struct cut {
    struct cosend_cell lines[BATCH];
    struct cosend_cell of[ROWS][BATCH];
    bool taken[BATCH];
};

static void cut_line(const struct cosend_access_log *log,
                     struct cosend_access_log_text *text, struct cut *cut,
                     uint32_t at)
{
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    uint32_t start = (uint32_t)(cut->lines[at].data - text->text);

    cut->taken[at] = !cosend_access_log_cut(
        log, text, start, start + cut->lines[at].length, parts);
    for (uint32_t i = 0; cut->taken[at] && i < log->count; i++)
        cut->of[i][at] = cosend_text(text->text + parts[i].start,
                                     parts[i].end - parts[i].start);
}

/* Cut the lines of a batch, as parse does. */
static void cut_batch(const struct cosend_access_log *log, struct cut *cut,
                      uint32_t count)
{
    struct cosend_access_log_lines *lines = cosend_access_log_lines_new();
    struct cosend_access_log_cells cells = {
        .lines = {cut->lines, NULL, 0, UINT32_MAX, 0}};
    uint32_t at = 0;

    assert_non_null(lines);
    for (uint32_t i = 0; i < log->count; i++)
        cells.of[i] = cut->of[i];
    while (at < count) {
        uint32_t plain;

        if (at >= lines->next)
            assert_true(cosend_access_log_look(lines, &cells.lines, count, at));
        plain = log->cut_plain(log, &lines->text, &cells, at, lines->next);
        for (; at < plain; at++)
            cut->taken[at] = true;
        if (at < lines->next)
            cut_line(log, &lines->text, cut, at++);
    }
    cosend_access_log_lines_free(lines);
}

static bool is_value(struct cosend_cell cell, const char *value)
{
    return cell.length == strlen(value) &&
           memcmp(cell.data, value, cell.length) == 0;
}

/* ---- Tests --------------------------------------------------------------- */

static struct line made[BATCH];

static void round_trip(const struct format *format)
{
    static struct cut cut;
    struct cosend_access_log *of_settings = make_form(format);
    struct cosend_access_log form = of_settings ? *of_settings : *format->log;
    const struct cosend_access_log *log = &form;

    form.count = row_count(format);
    for (int round = 0; round < 100000 / BATCH; round++) {
        for (uint32_t i = 0; i < BATCH; i++) {
            make_line(format, &made[i]);
            cut.lines[i] = cosend_text(made[i].text, made[i].length);
        }
        cut_batch(log, &cut, BATCH);
        for (uint32_t i = 0; i < BATCH; i++)
            for (uint32_t k = 0; k < log->count; k++)
                if (!cut.taken[i] || !is_value(cut.of[k][i], made[i].values[k]))
                    fail_msg("%s: %s: %s", log->name, made[i].text,
                             cut.taken[i] ? log->fields[k].name : "none");
    }
    cosend_access_log_free(of_settings);
}

static void a_line_comes_apart_as_it_was_made(void **state)
{
    (void)state;
    for (size_t f = 0; f < FORMATS; f++)
        round_trip(&formats[f]);
    for (size_t i = 0; cosend_access_logs[i]; i++) {
        struct format format = format_of(cosend_access_logs[i]);

        round_trip(&format);
    }
}

/* Damage a byte; which field is at it, or in front of it. */
static uint32_t damage(struct line *line, uint32_t count)
{
    static const char bytes[] = " ,\"\\[]-0a\t|:\xFF";
    size_t at = draw((unsigned)line->length);
    char byte = bytes[draw(sizeof(bytes) - 1)];
    uint32_t field = 0;

    while (field + 1 < count && line->starts[field + 1] <= at)
        field++;
    switch (draw(3)) {
    case 0:
        memmove(line->text + at + 1, line->text + at, line->length++ - at);
        line->text[at] = byte;
        break;
    case 1:
        memmove(line->text + at, line->text + at + 1, --line->length - at);
        break;
    default:
        line->text[at] = byte;
    }
    line->text[line->length] = '\0';
    return field;
}

/* A user may have several words, and so one of those before it. */
static uint32_t behind_user(const struct format *format)
{
    for (uint32_t i = 0; i < row_count(format); i++)
        if (format->rows[i].value == USER)
            return i + 1;
    return 0;
}

/* A field that was not beside the damage is what it was. */
static unsigned damage_some(const struct format *format)
{
    static struct cut cut;
    struct cosend_access_log *of_settings = make_form(format);
    struct cosend_access_log form = of_settings ? *of_settings : *format->log;
    const struct cosend_access_log *log = &form;
    unsigned taken = 0;

    form.count = row_count(format);
    for (int round = 0; round < 30000; round++) {
        uint32_t field;

        make_line(format, &made[0]);
        field = damage(&made[0], log->count);
        cut.lines[0] = cosend_text(made[0].text, made[0].length);
        if (!made[0].length)
            continue;
        cut_batch(log, &cut, 1);
        taken += cut.taken[0];
        for (uint32_t k = behind_user(format); cut.taken[0] && k < log->count;
             k++)
            if ((k > field + 1 || k + 1 < field) &&
                !is_value(cut.of[k][0], made[0].values[k]))
                fail_msg("%s: %s: %s is \"%.*s\", not \"%s\"", log->name,
                         made[0].text, log->fields[k].name,
                         (int)cut.of[k][0].length, cut.of[k][0].data,
                         made[0].values[k]);
    }
    cosend_access_log_free(of_settings);
    return taken;
}

static void a_damaged_line_is_none_or_the_same_elsewhere(void **state)
{
    (void)state;
    for (size_t f = 0; f < FORMATS; f++)
        assert_true(damage_some(&formats[f]) > 5000);
    for (size_t i = 0; cosend_access_logs[i]; i++) {
        struct format format = format_of(cosend_access_logs[i]);

        assert_true(damage_some(&format) > 5000);
    }
}

/* Any bytes as settings: taken or refused, with a reason. */
static void any_settings_are_taken_or_refused(void **state)
{
    static const char *const pieces[] = {
        "%h",        "%{",        "}t", "%%",  "$a", "${b}",
        "$",         "\"",        "'",  "\\",  ";",  " ",
        "[",         "]",         "%t", "%>s", "$",  "x",
        "\n",        "%{%F %T}t", "%^", "!2",  "%r", "log_format a ",
        "LogFormat "};

    (void)state;
    for (int round = 0; round < 100000; round++) {
        char text[256] = "";
        struct cosend_error error = {0};
        struct cosend_access_log *log;

        for (unsigned count = draw(12); count--;)
            strcat(text, pieces[draw(sizeof(pieces) / sizeof(pieces[0]))]);
        log = cosend_access_log_new(draw(2) ? COSEND_SERVER_NGINX
                                            : COSEND_SERVER_APACHE,
                                    text, strlen(text), draw(2), &error);
        assert_true(log ? log->count > 0 : error.message[0] != '\0');
        cosend_access_log_free(log);
    }
}

static void nothing_is_no_form_and_no_lines(void **state)
{
    struct cosend_access_log_lines *lines = cosend_access_log_lines_new();
    struct cosend_cells none = {NULL, NULL, 0, UINT32_MAX, 0};
    struct cosend_error error = {0};

    (void)state;
    assert_null(cosend_access_log_new(COSEND_SERVER_NGINX, "", 0, true, NULL));
    assert_null(
        cosend_access_log_new(COSEND_SERVER_APACHE, "", 0, false, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
    cosend_access_log_free(NULL);
    assert_non_null(lines);
    assert_true(cosend_access_log_look(lines, &none, 0, 0));
    assert_int_equal(lines->next, 0);
    assert_int_equal(lines->text.length, 0);
    assert_null(
        cosend_access_log_other(cosend_access_logs[0], &lines->text, 0, 0));
    cosend_access_log_lines_free(lines);
    cosend_access_log_lines_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_apart_as_it_was_made),
        cmocka_unit_test(a_damaged_line_is_none_or_the_same_elsewhere),
        cmocka_unit_test(any_settings_are_taken_or_refused),
        cmocka_unit_test(nothing_is_no_form_and_no_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
