/* SPDX-License-Identifier: MIT */
/*
 * Snapshots on a terminal, each drawn over the one before.
 */
#ifndef CSI_SCREEN_H
#define CSI_SCREEN_H

#include "cosend/io.h"

struct csi_screen;

/* For an output that is a terminal, and outlives it. NULL without memory. */
struct csi_screen *csi_screen_new(struct cosend_output *output);
/* What is shown stays. NULL is fine. */
void csi_screen_free(void *screen);

/* More of the next snapshot. COSEND_OK or COSEND_E_MEMORY. */
int csi_screen_add(struct csi_screen *screen, const char *data, size_t length,
                   struct cosend_error *error);
/* That was all of it: show it, as much as there is room for. Answers as
   cosend_output_write. */
int csi_screen_draw(struct csi_screen *screen, struct cosend_error *error);

/* Somebody else is about to write to the terminal: what is shown goes. NULL is
   fine. Answers as cosend_output_write. */
int csi_screen_erase(struct csi_screen *screen, struct cosend_error *error);
/* The run itself writes to the output: no snapshot is shown any more. */
int csi_screen_leave(struct csi_screen *screen, struct cosend_error *error);

#endif
