/* SPDX-License-Identifier: MIT */
/* One task in parts, by several threads. */
#ifndef CSI_TOGETHER_H
#define CSI_TOGETHER_H

#include <stdint.h>

/*
 * Call the task with each number below `parts`, each in a thread of its own as
 * far as there are any, the first of them in this one; and wait for all. What
 * the parts write must not be each other's.
 */
void csi_together(uint32_t parts, void (*task)(void *context, uint32_t part),
                  void *context);

#endif
