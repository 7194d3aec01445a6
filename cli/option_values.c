/* SPDX-License-Identifier: MIT */
#include "option_values.h"

#include "status.h"
#include "terminal.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_at(const void *names, size_t i)
{
    return ((const char *const *)names)[i];
}

static void tell_choices(const char *option, const char *value,
                         const char *const *names)
{
    struct csi_cli_text list = {0};

    for (int i = 0; names[i]; i++)
        csi_cli_format(&list, "%s%s", i ? ", " : "", names[i]);
    csi_cli_message("%s: \"%s\" will not do; there are %s", option, value,
                    list.failed ? "others" : list.data);
    csi_cli_free(&list);
}

int csi_cli_choose(const char *option, const char *value,
                   const char *const *names)
{
    const char *near;
    int count = 0;

    for (; names[count]; count++)
        if (strcmp(value, names[count]) == 0)
            return count;
    near = cosend_suggest(value, (size_t)count, name_at, names);
    if (near)
        csi_cli_message("%s: \"%s\" will not do; did you mean \"%s\"?", option,
                        value, near);
    else
        tell_choices(option, value, names);
    return -1;
}

bool csi_cli_number(const char *option, const char *value, uint64_t minimum,
                    uint64_t maximum, uint64_t *out)
{
    const char *digit = value;

    *out = 0;
    for (; *digit >= '0' && *digit <= '9'; digit++)
        if (__builtin_mul_overflow(*out, (uint64_t)10, out) ||
            __builtin_add_overflow(*out, (uint64_t)(*digit - '0'), out))
            break;
    if (*value && !*digit && *out >= minimum && *out <= maximum)
        return true;
    csi_cli_message("%s: \"%s\" is not a number from %llu to %llu", option,
                    value, (unsigned long long)minimum,
                    (unsigned long long)maximum);
    return false;
}

/* Names that other programs have for formats. */
static const struct {
    const char *alias, *name;
} aliases[] = {{"ndjson", "jsonl"},    {"json-lines", "jsonl"},
               {"jsonlines", "jsonl"}, {"pprint", "table"},
               {"md", "markdown"},     {"txt", "text"}};

int csi_cli_format_of(const char *option, const char *value, int *format)
{
    int i;

    for (size_t a = 0; a < sizeof(aliases) / sizeof(aliases[0]); a++)
        if (strcmp(value, aliases[a].alias) == 0)
            value = aliases[a].name;
    /* What auto means is the lack of the option. */
    i = csi_cli_choose(option, value, cosend_format_names + 1);
    if (i < 0)
        return CSI_CLI_USAGE;
    *format = i + 1;
    return CSI_CLI_DONE;
}

bool csi_cli_is_readable(int format)
{
    int count = 0;

    while (cosend_reader_format_names[count])
        count++;
    return format < count;
}

bool csi_cli_is_interval(const char *value, int64_t *interval)
{
    return cosend_parse_duration(value, strlen(value), interval) &&
           *interval > 0;
}

int csi_cli_take_lines(const char *value, struct cosend_options *options)
{
    bool from = *value == '+';
    uint64_t count;

    options->follow_last = !from;
    if (!csi_cli_number("--lines", value + from, from, INT64_MAX, &count)) {
        csi_cli_message("--lines: 0 is what comes, +3 all from the third on");
        return CSI_CLI_USAGE;
    }
    *(from ? &options->skip_records : &options->last_records) = count - from;
    return CSI_CLI_DONE;
}

int csi_cli_take_text(const char *option, const char *value, const char **text)
{
    *text = value;
    if (*value)
        return CSI_CLI_DONE;
    csi_cli_message("%s: must not be empty", option);
    return CSI_CLI_USAGE;
}

/* What stands behind template: is the template, whatever is in it. */
static int take_template(const char *value, struct cosend_options *options)
{
    if (!*value || !value[1]) {
        csi_cli_message("-t: a template needs its text: -t "
                        "'template:{host} {status:>5}'");
        return CSI_CLI_USAGE;
    }
    options->output_template = value + 1;
    return CSI_CLI_DONE;
}

int csi_cli_take_output_format(const char *value,
                               struct cosend_options *options)
{
    size_t length = strcspn(value, ":");
    char name[32];
    int status, numbers;

    snprintf(name, sizeof(name), "%.*s", (int)length, value);
    status = csi_cli_format_of("-t", length < sizeof(name) ? name : value,
                               &options->output_format);
    options->output_template = NULL;
    options->output_numbers = 0;
    if (status == CSI_CLI_DONE &&
        options->output_format == COSEND_FORMAT_TEMPLATE)
        return take_template(value + length, options);
    if (status != CSI_CLI_DONE || !value[length])
        return status;
    if (options->output_format != COSEND_FORMAT_JSONL &&
        options->output_format != COSEND_FORMAT_JSON) {
        csi_cli_message("-t: \"%s\": only jsonl and json tell numbers from "
                        "text",
                        value);
        return CSI_CLI_USAGE;
    }
    numbers =
        csi_cli_choose("-t", value + length + 1, cosend_json_numbers_names);
    options->output_numbers = numbers;
    return numbers < 0 ? CSI_CLI_USAGE : CSI_CLI_DONE;
}

int csi_cli_load_plugin(const char *value)
{
    struct cosend_error error = {0};
    char *path = realpath(value, NULL);

    if (!path) {
        csi_cli_message("--plugin: %s: %s", value, strerror(errno));
        return CSI_CLI_IO;
    }
    if (cosend_load_plugin(path, &error) < 0)
        csi_cli_message("--plugin: %s", error.message);
    free(path);
    return error.kind == COSEND_E_USAGE ? CSI_CLI_USAGE
           : error.kind                 ? CSI_CLI_IO
                                        : CSI_CLI_DONE;
}
