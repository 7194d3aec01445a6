/* SPDX-License-Identifier: MIT */
#include "help_json.h"

#include "help_words.h"
#include "option_schema.h"
#include "text.h"

static void key(struct csi_cli_text *text, const char *name)
{
    csi_cli_format(text, ", \"%s\": ", name);
}

static void add_string(struct csi_cli_text *text, const char *name,
                       const char *value)
{
    key(text, name);
    csi_cli_json_string(text, value);
}

static void add_flag(struct csi_cli_text *text, const char *name, bool value)
{
    key(text, name);
    csi_cli_format(text, value ? "true" : "false");
}

static void add_option(struct csi_cli_text *text,
                       const struct cosend_option *option)
{
    struct csi_cli_text type = {0};

    csi_cli_option_type(&type, option);
    csi_cli_format(text, "{\"name\": ");
    csi_cli_json_string(text, option->name);
    add_string(text, "type", type.data);
    key(text, "schema");
    csi_cli_option_schema(text, option);
    add_flag(text, "main", option->flags & COSEND_MAIN);
    add_flag(text, "second", option->flags & COSEND_SECOND);
    add_flag(text, "required", option->flags & COSEND_REQUIRED);
    key(text, "default");
    csi_cli_format(text, "%s", option->fallback ? option->fallback : "null");
    add_string(text, "help", option->help);
    key(text, "example");
    csi_cli_format(text, "%s}", option->example ? option->example : "null");
    text->failed |= type.failed;
    csi_cli_free(&type);
}

static void add_filter(struct csi_cli_text *text,
                       const struct cosend_filter *filter)
{
    static const char *const roles[] = {"filter", "source", "sink"};
    struct cosend_option option;

    csi_cli_format(text, "{\"name\": ");
    csi_cli_json_string(text, filter->name);
    add_string(text, "aliases", filter->aliases);
    add_string(text, "role", roles[filter->role]);
    add_string(text, "summary", filter->summary);
    add_string(text, "details", filter->details);
    add_string(text, "example", filter->example);
    add_string(text, "threads", csi_cli_threads(filter));
    key(text, "options");
    csi_cli_format(text, "[");
    for (size_t i = 0; cosend_option_at(filter->options, i, &option); i++) {
        csi_cli_format(text, i ? ",\n    " : "\n    ");
        add_option(text, &option);
    }
    csi_cli_format(text, "]}");
}

void csi_cli_help_json(struct csi_cli_text *text)
{
    const struct cosend_filter *filter;

    csi_cli_format(text, "[");
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        csi_cli_format(text, i ? ",\n  " : "\n  ");
        add_filter(text, filter);
    }
    csi_cli_format(text, "\n]\n");
}
