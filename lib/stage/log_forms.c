/* SPDX-License-Identifier: MIT */
/* The names of forms: a form more is a line more, here. */
#include "cosend/log_forms.h"

#include "record/access_log_forms.h"
#include "record/access_log_plain.h"
#include "record/line_forms.h"
#include "record/line_mysql_slow.h"
#include "record/line_servers.h"
#include "record/line_syslog.h"

#include <string.h>

#define FORMS(ACCESS, LINES, PAIRS)                                            \
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
    LINES(android)                                                             \
    LINES(cbs)                                                                 \
    LINES(redis)                                                               \
    LINES(postgres)                                                            \
    LINES(pgbouncer)                                                           \
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
    PAIRS(docker, DOCKER)

#define NAME(name, form)       #name,
#define LINE_NAME(name)        #name,
#define ACCESS_ROW(name, form) {.access = &csi_access_log_##form},
#define LINE_ROW(name)         {.lines = &csi_line_form_##name},
#define PAIR_ROW(name, FORM)   {.pairs = &cosend_pair_forms[COSEND_PAIR_##FORM]},

/* clang-format off */
const char *const cosend_log_form_names[] = {FORMS(NAME, LINE_NAME, NAME) NULL};
const struct cosend_log_form cosend_log_forms[] = {FORMS(ACCESS_ROW, LINE_ROW, PAIR_ROW)};
/* clang-format on */

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
