/* SPDX-License-Identifier: MIT */
/*
 * Text going out. Standard output belongs to data, everything else goes to
 * standard error; what goes there is always escaped, and so is what a terminal
 * gets on standard output, so that no text from a spec, a record or a path can
 * play with it.
 */
#ifndef CSI_CLI_TERMINAL_H
#define CSI_CLI_TERMINAL_H

#include "status.h"
#include "text.h"

/* Whether standard output is a terminal that has colors and moves its cursor.
 */
bool csi_cli_has_screen(void);

/* Print `cosend: ` and a line on standard error. */
void csi_cli_message(const char *format, ...) COSEND_PRINTF(1, 2);

/* Print text on standard error, escaped but for its line ends, and free it. */
void csi_cli_show(struct csi_cli_text *text);

/*
 * Print text on standard output, and free it.
 *
 * Returns CSI_CLI_DONE, or CSI_CLI_IO after telling.
 */
int csi_cli_print(struct csi_cli_text *text);

#endif
