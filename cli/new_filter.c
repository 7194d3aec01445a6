#include "new_filter.h"
#include "status.h"
int csi_cli_new_filter(struct csi_cli_command *command)
{ (void)command; return CSI_CLI_USAGE; }
