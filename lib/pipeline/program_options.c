/* SPDX-License-Identifier: MIT */
#include "cosend/program_options.h"

#include <string.h>

const struct cosend_option cosend_program_options[] = {
    {.name = "nginx",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_program_options, nginx),
     .help = "or lines of an access log by nginx's log_format, as it stands in "
             "its settings, or what is in its quotes: each variable becomes a "
             "field",
     .example = "\"$remote_addr [$time_local] \\\"$request\\\" $status\""},
    {.name = "apache",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_program_options, apache),
     .help = "or by Apache's LogFormat: each directive becomes a field",
     .example = "\"%h %l %u %t \\\"%r\\\" %>s %b\""},
    {.name = "log4j",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_program_options, log4j),
     .help = "or lines by the pattern of a layout of log4j or logback: each "
             "conversion becomes a field",
     .example = "\"%d{ISO8601} %-5p [%t] %c: %m%n\""},
    {.name = "postgres",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_program_options, postgres),
     .help = "or lines by PostgreSQL's log_line_prefix: each escape becomes a "
             "field, and level and message behind it do",
     .example = "\"%m [%p] %q%u@%d \""},
    {.name = NULL},
};

struct cosend_access_log *
cosend_check_access_log(struct cosend_check *check, const char *option,
                        const struct cosend_program_options *options, bool rest)
{
    bool nginx = strcmp(option, "nginx") == 0;
    struct cosend_string text = nginx ? options->nginx : options->apache;
    struct cosend_error error = {0};
    struct cosend_access_log *log = cosend_access_log_new(
        nginx ? COSEND_SERVER_NGINX : COSEND_SERVER_APACHE, text.data,
        text.length, rest, &error);

    if (!log)
        cosend_check_failed(check, option, &error);
    return log;
}

struct cosend_line_form *
cosend_check_line_form(struct cosend_check *check, const char *option,
                       const struct cosend_program_options *options)
{
    bool log4j = strcmp(option, "log4j") == 0;
    struct cosend_string text = log4j ? options->log4j : options->postgres;
    struct cosend_error error = {0};
    struct cosend_line_form *form =
        cosend_line_form_new(log4j ? COSEND_LINE_LOG4J : COSEND_LINE_POSTGRES,
                             text.data, text.length, &error);

    if (!form)
        cosend_check_failed(check, option, &error);
    return form;
}
