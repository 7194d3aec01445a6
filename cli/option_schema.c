/* SPDX-License-Identifier: MIT */
/*
 * JSON Schema, draft 2020-12, of what the parsers of options take: no more, but
 * for what only they can judge, as patterns and fields, and no less, but for
 * parameters, "${name}", which may stand for any value.
 */
#include "option_schema.h"

#include <inttypes.h>

static void add_bounds(struct csi_cli_text *text,
                       const struct cosend_option *option)
{
    if (option->minimum >= option->maximum)
        return;
    csi_cli_format(text, ", \"minimum\": %" PRId64, option->minimum);
    if (option->maximum != INT64_MAX)
        csi_cli_format(text, ", \"maximum\": %" PRId64, option->maximum);
}

static void add_choices(struct csi_cli_text *text,
                        const struct cosend_option *option)
{
    csi_cli_format(text, "{\"enum\": [");
    for (size_t i = 0; option->choices[i]; i++) {
        csi_cli_format(text, i ? ", " : "");
        csi_cli_json_string(text, option->choices[i]);
    }
    csi_cli_format(text, "]}");
}

/* The object that an item is. */
static void add_object(struct csi_cli_text *text,
                       const struct cosend_option *rows)
{
    const char *before = "";
    struct cosend_option row;

    csi_cli_format(text, "{\"type\": \"object\", \"properties\": {");
    for (size_t i = 0; cosend_option_at(rows, i, &row); i++) {
        csi_cli_format(text, i ? ", " : "");
        csi_cli_json_string(text, row.name);
        csi_cli_format(text, ": ");
        csi_cli_option_schema(text, &row);
    }
    csi_cli_format(text, "}, \"required\": [");
    for (size_t i = 0; cosend_option_at(rows, i, &row); i++) {
        if (!(row.flags & COSEND_REQUIRED))
            continue;
        csi_cli_format(text, "%s", before);
        csi_cli_json_string(text, row.name);
        before = ", ";
    }
    csi_cli_format(text, "], \"additionalProperties\": false}");
}

/* An item, or the value that stands for it. */
static void add_item(struct csi_cli_text *text,
                     const struct cosend_option *rows)
{
    struct cosend_option row;
    size_t i = 0;

    while (cosend_option_at(rows, i, &row) && !(row.flags & COSEND_MAIN))
        i++;
    if (!cosend_option_at(rows, i, &row)) {
        add_object(text, rows);
        return;
    }
    csi_cli_format(text, "{\"anyOf\": [");
    csi_cli_option_schema(text, &row);
    csi_cli_format(text, ", ");
    add_object(text, rows);
    csi_cli_format(text, "]}");
}

static void add_list(struct csi_cli_text *text,
                     const struct cosend_option *option)
{
    csi_cli_format(text, "{\"anyOf\": [{\"type\": \"array\", \"items\": ");
    add_item(text, option->group);
    csi_cli_format(text, "}, ");
    add_item(text, option->group);
    csi_cli_format(text, "]}");
}

void csi_cli_option_schema(struct csi_cli_text *text,
                           const struct cosend_option *option)
{
    static const char *const fixed[] = {
        [COSEND_OPTION_BOOL] = "\"type\": \"boolean\"",
        [COSEND_OPTION_INT] = "\"type\": \"integer\"",
        [COSEND_OPTION_STRING] = "\"type\": \"string\"",
        [COSEND_OPTION_STRINGS] = "\"type\": [\"string\", \"array\"], "
                                  "\"items\": {\"type\": \"string\"}",
        [COSEND_OPTION_PATH] = "\"type\": \"string\"",
        [COSEND_OPTION_PATHS] = "\"type\": [\"string\", \"array\"], "
                                "\"items\": {\"type\": \"string\"}",
        [COSEND_OPTION_PATTERN] = "\"type\": \"string\"",
        [COSEND_OPTION_FIELD] = "\"type\": \"string\"",
        [COSEND_OPTION_FIELDS] = "\"type\": [\"string\", \"array\"], "
                                 "\"items\": {\"type\": \"string\"}",
        [COSEND_OPTION_CONDITION] = "\"type\": [\"string\", \"object\"]",
        [COSEND_OPTION_HEADER] = "\"type\": [\"boolean\", \"array\"], "
                                 "\"items\": {\"type\": \"string\"}",
        [COSEND_OPTION_BRANCHES] = "\"type\": [\"object\", \"array\"]",
        [COSEND_OPTION_NUMBER] = "\"type\": \"number\"",
        [COSEND_OPTION_DURATION] =
            "\"type\": \"string\", \"pattern\": "
            "\"^[-+]?(0|([0-9]+(\\\\.[0-9]+)?(ns|us|ms|s|m|h|d|w))+)$\"",
        [COSEND_OPTION_SIZE] =
            "\"type\": [\"integer\", \"string\"], \"minimum\": 0, "
            "\"pattern\": \"^[0-9]+(B|[KMGTkmgt](iB|B|b)?)?$\"",
        [COSEND_OPTION_TIME] = "\"type\": [\"string\", \"integer\"]",
        [COSEND_OPTION_EXPRESSION] = "\"type\": \"string\"",
        [COSEND_OPTION_TEMPLATE] = "\"type\": \"string\"",
        [COSEND_OPTION_STEPS] = "\"type\": [\"array\", \"object\"]"};

    switch (option->type) {
    case COSEND_OPTION_ENUM:
        add_choices(text, option);
        return;
    case COSEND_OPTION_LIST:
        add_list(text, option);
        return;
    case COSEND_OPTION_MAP:
        csi_cli_format(text,
                       "{\"type\": \"object\", \"additionalProperties\": ");
        add_item(text, option->group);
        csi_cli_format(text, "}");
        return;
    default:
        break;
    }
    csi_cli_format(text, "{%s", fixed[option->type]);
    if (option->type == COSEND_OPTION_INT ||
        option->type == COSEND_OPTION_NUMBER)
        add_bounds(text, option);
    csi_cli_format(text, "}");
}
