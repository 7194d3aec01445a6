/* SPDX-License-Identifier: MIT */
#ifndef CSI_CLI_STATUS_H
#define CSI_CLI_STATUS_H

/* Exit statuses. A signal's is 128 + its number. */
enum csi_cli_status {
    CSI_CLI_DONE = 0,
    CSI_CLI_WRONG = 1,  /* check found something; -e: no record came out */
    CSI_CLI_USAGE = 2,  /* the command line, or a spec that cannot be run */
    CSI_CLI_DATA = 3,   /* bad data under `fail`, or too much of it */
    CSI_CLI_IO = 4,     /* input or output failed */
    CSI_CLI_LEDGER = 5, /* the ledger does not balance */
    CSI_CLI_PIPE = 141  /* nobody reads standard output any more */
};

#endif
