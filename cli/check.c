/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <string.h>

static int print_expanded(const struct cosend_pipeline *pipeline)
{
    struct csi_cli_text text = {0};
    char *expanded = cosend_pipeline_expand(pipeline);

    if (!expanded) {
        csi_cli_tell("out of memory");
        return CSI_CLI_IO;
    }
    csi_cli_format(&text, "%s", expanded);
    if (text.length && text.data[text.length - 1] != '\n')
        csi_cli_add(&text, "\n", 1);
    cosend_release_text(expanded);
    return csi_cli_print(&text);
}

int csi_cli_check(struct csi_cli_command *command)
{
    struct cosend_pipeline *pipeline;
    int status;

    if (command->operand_count != 2) {
        csi_cli_tell("usage: cosend check SPEC");
        return CSI_CLI_USAGE;
    }
    pipeline = csi_cli_pipeline(command, command->operands[1], false, &status);
    if (!pipeline)
        return status;
    status = command->expand ? print_expanded(pipeline) : CSI_CLI_DONE;
    cosend_pipeline_free(pipeline);
    return status;
}
