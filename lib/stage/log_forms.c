/* SPDX-License-Identifier: MIT */
/* The names of forms: a form more is a line more, here. */
#include "cosend/log_forms.h"

#include "record/access_log_forms.h"
#include "record/access_log_plain.h"
#include "record/line_forms.h"
#include "record/line_level.h"
#include "record/line_mysql_slow.h"
#include "record/line_servers.h"
#include "record/line_syslog.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define FORMS(ACCESS, LINES, PAIRS, FIRST)                                     \
    ACCESS(combined, combined)                                                 \
    ACCESS(common, common)                                                     \
    ACCESS(vhost_combined, vhost)                                              \
    ACCESS(nginx_main, nginx_main)                                             \
    ACCESS(traefik, traefik)                                                   \
    ACCESS(elb, elb)                                                           \
    ACCESS(alb, alb)                                                           \
    ACCESS(s3, s3)                                                             \
    ACCESS(cloudfront, cloudfront)                                             \
    ACCESS(combined_log, combined)                                             \
    ACCESS(common_log, common)                                                 \
    LINES(syslog)                                                              \
    LINES(systemd)                                                             \
    LINES(klog)                                                                \
    LINES(glog)                                                                \
    LINES(log4j)                                                               \
    LINES(python)                                                              \
    LINES(go)                                                                  \
    LINES(ruby)                                                                \
    LINES(php)                                                                 \
    LINES(dmesg)                                                               \
    LINES(android)                                                             \
    LINES(cbs)                                                                 \
    LINES(redis)                                                               \
    LINES(postgres)                                                            \
    LINES(pgbouncer)                                                           \
    LINES(mysql_error)                                                         \
    LINES(mysql_slow)                                                          \
    LINES(apache_error)                                                        \
    LINES(nginx_error)                                                         \
    LINES(haproxy)                                                             \
    LINES(uwsgi)                                                               \
    LINES(cri)                                                                 \
    LINES(timed)                                                               \
    PAIRS(logfmt, LOGFMT)                                                      \
    PAIRS(kv, KV)                                                              \
    PAIRS(json, JSON)                                                          \
    PAIRS(csv, CSV)                                                            \
    PAIRS(cef, CEF)                                                            \
    PAIRS(w3c, W3C)                                                            \
    PAIRS(caddy, CADDY)                                                        \
    PAIRS(docker, DOCKER)                                                      \
    FIRST(auto)

#define NAME(name, form)       #name,
#define LINE_NAME(name)        #name,
#define ACCESS_ROW(name, form) {.access = &csi_access_log_##form},
#define LINE_ROW(name)         {.lines = &csi_line_form_##name},
#define PAIR_ROW(name, FORM)   {.pairs = &cosend_pair_forms[COSEND_PAIR_##FORM]},

#define FIRST_ROW(name) {.access = NULL},

/* clang-format off */
const char *const cosend_log_form_names[] = {FORMS(NAME, LINE_NAME, NAME, LINE_NAME) NULL};
const struct cosend_log_form cosend_log_forms[] = {FORMS(ACCESS_ROW, LINE_ROW, PAIR_ROW, FIRST_ROW)};
/* clang-format on */

/* ---- Which --------------------------------------------------------------- */

static int index_of(const char *name)
{
    int i = 0;

    while (strcmp(cosend_log_form_names[i], name) != 0)
        i++;
    return i;
}

/* Whether a line begins with a host and its port: not an address of IPv6. */
static bool has_port(struct cosend_cell line)
{
    const char *colon = memchr(line.data, ':', line.length);
    const char *p = colon, *end = line.data + line.length;

    if (!colon || memchr(line.data, ' ', (size_t)(colon - line.data)))
        return false;
    for (p++; p < end && *p >= '0' && *p <= '9';)
        p++;
    return p > colon + 1 && p < end && *p == ' ';
}

/* The name of a form of access log that takes a line; NULL for none; "" without
   memory. The user of a combined one may have blanks, so that it takes what has
   one more in front. */
static const char *access_form_of(struct cosend_cell line)
{
    static const struct cosend_access_log none = {.name = ""};
    const struct cosend_access_log *vhost = &csi_access_log_vhost;
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_access_log_lines *lines = cosend_access_log_lines_new();
    struct cosend_cells cells = {&line, NULL, 0, UINT32_MAX, 0};
    const char *name = "";

    if (lines && cosend_access_log_look(lines, &cells, 1, 0)) {
        name = cosend_access_log_other(&none, &lines->text, 0, line.length);
        if (name && has_port(line) &&
            !cosend_access_log_cut(vhost, &lines->text, 0, line.length, parts))
            name = vhost->name;
    }
    cosend_access_log_lines_free(lines);
    return name;
}

/* What a host may be called; a level, or a number alone, is none. */
static bool is_host(struct cosend_cell text)
{
    bool named = false;

    for (uint32_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (!isalnum(c) && (!c || !strchr("-._:%", c)))
            return false;
        named |= !isdigit(c);
    }
    return named && !csi_is_level(text.data, text.length);
}

/* The part that has a name; one of no bytes where the form has none. */
static struct cosend_cell part_of(const struct cosend_line_form *form,
                                  const struct cosend_cell *parts,
                                  const char *name)
{
    for (uint32_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return parts[i];
    return (struct cosend_cell){0};
}

static bool has_part(const struct cosend_line_form *form,
                     const struct cosend_cell *parts, const char *name)
{
    return part_of(form, parts, name).length > 0;
}

/* Whether a host is called by two points at least, and is no address. */
static bool has_domain(struct cosend_cell host)
{
    return host.length && isalpha((unsigned char)host.data[host.length - 1]) &&
           memchr(host.data, '.', host.length) !=
               memrchr(host.data, '.', host.length);
}

/* Syslog, and a journal, have no more behind its time than a host: what other
   logs have there, a level, a thread or a name in brackets, must not be one.
   Where a time is not as only they have it, an app must be behind that, or the
   host have a domain. Behind an uptime the kernel's own log, dmesg, has no host
   at all. */
static bool is_surely_syslog(const struct cosend_line_form *form,
                             const struct cosend_cell *parts)
{
    struct cosend_cell host = part_of(form, parts, "host");
    struct cosend_cell app = part_of(form, parts, "app");
    struct cosend_cell time = part_of(form, parts, "time");

    if (has_part(form, parts, "uptime") || (host.length && !is_host(host)) ||
        csi_is_level(app.data, app.length))
        return false;
    return app.length || has_part(form, parts, "priority") ||
           (time.length && isalpha((unsigned char)*time.data)) ||
           has_domain(host);
}

/* PgBouncer has other levels than most, and no word with a context in brackets
   behind them. */
static bool is_surely_pgbouncer(const struct cosend_line_form *form,
                                const struct cosend_cell *parts)
{
    static const char *const levels[] = {"LOG",   "DEBUG", "WARNING", "ERROR",
                                         "FATAL", "NOISE", NULL};
    struct cosend_cell level = part_of(form, parts, "level");
    struct cosend_cell message = part_of(form, parts, "message");
    const char *end = message.data + message.length;
    const char *blank = memchr(message.data, ' ', message.length);
    size_t i = 0;

    while (levels[i] && (strlen(levels[i]) != level.length ||
                         memcmp(levels[i], level.data, level.length) != 0))
        i++;
    return levels[i] && (!blank || blank + 1 == end || blank[1] != '[');
}

/* Whether a line that a form takes is not likelier to be of a later one. */
static bool is_sure(const struct cosend_line_form *form,
                    const struct cosend_cell *parts, struct cosend_cell line)
{
    struct cosend_cell timed[COSEND_LINE_FIELDS];

    if (form == &csi_line_form_syslog || form == &csi_line_form_systemd)
        return is_surely_syslog(form, parts);
    if (form == &csi_line_form_pgbouncer)
        return is_surely_pgbouncer(form, parts);
    if (form == &csi_line_form_log4j)
        return has_part(form, parts, "logger") ||
               has_part(form, parts, "thread") || has_part(form, parts, "file");
    if (form == &csi_line_form_go && !has_part(form, parts, "file"))
        return csi_line_form_timed.cut(&csi_line_form_timed, line, timed) ||
               !has_part(&csi_line_form_timed, timed, "level");
    return true;
}

/* ---- Which of those that name their fields ------------------------------- */

/* What heads a log of the W3C's begins with: the line that names the fields, or
   one that comes before it. */
static bool is_w3c_head(struct cosend_cell line)
{
    static const char *const heads[] = {
        "#Fields:", "#Version:",    "#Software:", "#Date:",
        "#Remark:", "#Start-Date:", NULL};

    for (size_t i = 0; heads[i]; i++)
        if (line.length >= strlen(heads[i]) &&
            strncasecmp(line.data, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

/* Logfmt takes nearly all text, as names of what is true: a line that is sure
   to be it is all of pairs, and there are two of them at least. */
static bool is_all_pairs(struct cosend_pair_cutter *cutter)
{
    struct cosend_item item = {0};
    bool failed = false;
    size_t count = 0;

    for (; cosend_pair_next(cutter, &item, &failed); count++)
        if (item.cell.kind == COSEND_BOOL && !item.raw)
            return false;
    return !failed && count > 1;
}

/* Whether a text, with some bytes behind it, is of a form. Returns -1 without
   memory. */
static int is_of_pairs(const struct cosend_pair_form *form,
                       struct cosend_cell text)
{
    const struct cosend_pair_options none = {0};
    struct cosend_error error = {0};
    struct cosend_pair_cutter *cutter =
        cosend_pair_cutter_new(form, &none, &error);
    enum cosend_pair_result result =
        cutter ? cosend_pair_cut(cutter, text, NULL) : COSEND_PAIRS_MEMORY;
    int is = result == COSEND_PAIRS_MEMORY ? -1 : result == COSEND_PAIRS_CUT;

    if (is == 1 && form == &cosend_pair_forms[COSEND_PAIR_LOGFMT])
        is = is_all_pairs(cutter);
    cosend_pair_cutter_free(cutter);
    return is;
}

/* The form of a line that names its fields: not kv and csv, which nearly any
   line is. NULL for none; one without a name without memory. */
static const struct cosend_pair_form *pair_form_of(struct cosend_cell line)
{
    static const enum cosend_pair_form_name order[] = {
        COSEND_PAIR_CADDY, COSEND_PAIR_DOCKER, COSEND_PAIR_JSON,
        COSEND_PAIR_CEF, COSEND_PAIR_LOGFMT};
    enum { BEHIND = 8 };
    static const struct cosend_pair_form no_memory = {.name = ""};
    const struct cosend_pair_form *form = NULL;
    char *copy;

    if (is_w3c_head(line))
        return &cosend_pair_forms[COSEND_PAIR_W3C];
    copy = csi_calloc(line.length + (size_t)BEHIND, 1);
    if (!copy)
        return &no_memory;
    if (line.length)
        memcpy(copy, line.data, line.length);
    for (size_t i = 0; !form && i < sizeof(order) / sizeof(order[0]); i++) {
        int is = is_of_pairs(&cosend_pair_forms[order[i]],
                             cosend_text(copy, line.length));

        if (is)
            form = is < 0 ? &no_memory : &cosend_pair_forms[order[i]];
    }
    csi_free(copy);
    return form;
}

/* ---- Which of all -------------------------------------------------------- */

int cosend_log_form_of(struct cosend_cell line)
{
    /* Those that say more come first. */
    static const char *const order[] = {
        "mysql_slow", "klog",        "glog",  "redis",        "postgres",
        "pgbouncer",  "mysql_error", "cri",   "apache_error", "nginx_error",
        "haproxy",    "uwsgi",       "dmesg", "android",      "ruby",
        "log4j",      "cbs",         "php",   "syslog",       "systemd",
        "python",     "go",          "timed"};
    const struct cosend_pair_form *pairs = pair_form_of(line);
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    const char *name = pairs ? pairs->name : NULL;

    if (!name && line.length)
        name = access_form_of(line);
    if (name)
        return *name ? index_of(name) : -2;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        int at = index_of(order[i]);
        const struct cosend_line_form *form = cosend_log_forms[at].lines;

        if (!form->cut(form, line, parts) && is_sure(form, parts, line))
            return at;
    }
    return -1;
}

/* ---- For people ---------------------------------------------------------- */

static void add_words(struct cosend_bytes *to, const char *text)
{
    cosend_put_raw(to, text, strlen(text));
}

static void list_name(struct cosend_bytes *to, const char *name, size_t i)
{
    add_words(to, i ? ", " : "");
    add_words(to, name);
}

static void add_access_fields(struct cosend_bytes *to,
                              const struct cosend_access_log *log)
{
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS];
    size_t count = cosend_access_log_columns(log, columns);

    for (size_t i = 0; i < count; i++)
        list_name(to, columns[i].name, i);
}

/* Each line of it by itself, a little to the right. */
static void add_example(struct cosend_bytes *to, const char *example)
{
    for (size_t length; *example; example += length) {
        length = strcspn(example + 1, "\n") + 1;
        add_words(to, *example == '\n' ? "" : "\n");
        add_words(to, *example == '\n' ? "\n  " : "  ");
        cosend_put_raw(to, example + (*example == '\n'),
                       length - (*example == '\n'));
    }
}

void cosend_log_form_describe(size_t i, struct cosend_bytes *to)
{
    const struct cosend_log_form *form = &cosend_log_forms[i];
    const char *help, *example, *name;

    if (!form->access && !form->lines && !form->pairs) {
        add_words(to, "The first line of the input says which of these the "
                      "lines are, but for kv and csv, and standard error "
                      "tells which. No step before may change "
                      "lines or add fields; multiline may join them.");
        return;
    }
    if (form->access) {
        add_access_fields(to, form->access);
        name = form->access->name;
        help = form->access->help;
        example = NULL;
    } else if (form->lines) {
        for (uint32_t k = 0; k < form->lines->count; k++)
            list_name(to, form->lines->fields[k].name, k);
        name = form->lines->name;
        help = form->lines->help;
        example = form->lines->example;
    } else {
        name = form->pairs->name;
        help = form->pairs->help;
        example = form->pairs->example;
    }
    if (strcmp(name, cosend_log_form_names[i]) != 0) {
        cosend_bytes_clear(to);
        add_words(to, "the same as ");
        add_words(to, name);
        return;
    }
    add_words(to, form->pairs ? "" : ". ");
    add_words(to, help);
    if (example) {
        add_example(to, example);
    }
}
