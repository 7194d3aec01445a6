/* SPDX-License-Identifier: MIT */
#include "list.h"

#include "options.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

/* `average (averager, mean)` */
static void name_of(const struct cosend_filter *filter, char *name,
                    size_t capacity)
{
    size_t length = 0;
    const char *alias = filter->aliases ? filter->aliases : "";

    length += (size_t)snprintf(name, capacity, "%s", filter->name);
    for (bool first = true; *alias && length < capacity; first = false) {
        size_t word = strcspn(alias, " ");

        length += (size_t)snprintf(name + length, capacity - length, "%s%.*s",
                                   first ? " (" : ", ", (int)word, alias);
        alias += word + strspn(alias + word, " ");
    }
    if (filter->aliases && length < capacity)
        snprintf(name + length, capacity - length, ")");
}

static size_t widest(void)
{
    const struct cosend_filter *filter;
    char name[120];
    size_t width = 0;

    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        name_of(filter, name, sizeof(name));
        if (csi_cli_width(name) > width)
            width = csi_cli_width(name);
    }
    return width;
}

static void list_role(struct csi_cli_text *text, const char *title,
                      enum cosend_role role, size_t width)
{
    const struct cosend_filter *filter;
    char name[120];

    csi_cli_format(text, "%s\n", title);
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++) {
        if (filter->role != role)
            continue;
        name_of(filter, name, sizeof(name));
        csi_cli_format(text, "  ");
        csi_cli_pad(text, name, width);
        csi_cli_format(text, "  %s\n", filter->summary);
    }
}

int csi_cli_list(struct csi_cli_command *command)
{
    struct csi_cli_text text = {0};
    size_t width = widest();

    if (command->operand_count != 1) {
        csi_cli_message("usage: cosend list");
        return CSI_CLI_USAGE;
    }
    list_role(&text, "Filters", COSEND_FILTER, width);
    list_role(&text, "\nSources", COSEND_SOURCE, width);
    list_role(&text, "\nSinks", COSEND_SINK, width);
    return csi_cli_print(&text);
}
