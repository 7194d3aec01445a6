/* SPDX-License-Identifier: MIT */
#include "show.h"

#include "program.h"
#include "spec.h"
#include "status.h"
#include "terminal.h"
#include "text.h"

#include <string.h>

static bool has_json(const struct csi_cli_command *command,
                     struct csi_cli_text *text, struct cosend_error *error)
{
    char *json =
        cosend_line_to_json(command->operands[1], &command->options, error);

    if (json)
        csi_cli_add(text, json, strlen(json));
    cosend_release_text(json);
    return json;
}

int csi_cli_show_line(struct csi_cli_command *command)
{
    struct cosend_error error = {0};
    struct csi_cli_text text = {0};
    int status;

    if (command->operand_count != 2) {
        csi_cli_message(
            "usage: cosend show [--as json|c] PIPELINE; a pipeline is "
            "one argument, quoted");
        return CSI_CLI_USAGE;
    }
    csi_cli_hooks(command);
    if (command->as_c ? csi_cli_program(command, &text, &error)
                      : has_json(command, &text, &error))
        return csi_cli_print(&text);
    csi_cli_free(&text);
    status = csi_cli_status_of(error.kind);
    if (!command->problems)
        csi_cli_print_error(&error, command->json_errors);
    return status;
}
