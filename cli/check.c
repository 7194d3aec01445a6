/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "options.h"
#include "spec.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

static int print_expanded(const struct cosend_pipeline *pipeline)
{
    struct csi_cli_text text = {0};
    char *expanded = cosend_pipeline_expand(pipeline);

    if (!expanded) {
        csi_cli_message("out of memory");
        return CSI_CLI_IO;
    }
    csi_cli_format(&text, "%s", expanded);
    if (text.length && text.data[text.length - 1] != '\n')
        csi_cli_add(&text, "\n", 1);
    cosend_release_text(expanded);
    return csi_cli_print(&text);
}

/* Whether it is a pipeline in one line: no file is called so, and none would
   be. */
static bool is_line(const char *spec)
{
    return strpbrk(spec, " |") && access(spec, F_OK) != 0;
}

static int check(struct csi_cli_command *command, const char *spec)
{
    struct cosend_pipeline *pipeline;
    int status;

    pipeline = csi_cli_pipeline(command, spec, is_line(spec), &status);
    if (!pipeline)
        return status;
    status = command->expand ? print_expanded(pipeline) : CSI_CLI_DONE;
    cosend_pipeline_free(pipeline);
    return status;
}

/* Of several specs, the status of the worst: one that cannot be read is worse
   than one that is wrong. */
int csi_cli_check(struct csi_cli_command *command)
{
    int worst = CSI_CLI_DONE;

    if (command->operand_count < 2) {
        csi_cli_message("usage: cosend check SPEC|PIPELINE...");
        return CSI_CLI_USAGE;
    }
    command->options.only_check = !command->expand;
    for (size_t i = 1; i < command->operand_count; i++) {
        int status = check(command, command->operands[i]);

        if (status > worst)
            worst = status;
    }
    return worst;
}
