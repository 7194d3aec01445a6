/* SPDX-License-Identifier: MIT */
/* A stack for signal handlers, in a thread of our own. */
#ifndef CSI_SIGNAL_STACK_H
#define CSI_SIGNAL_STACK_H

/*
 * Give this thread an alternate signal stack, if the program has a handler for
 * faults that wants one and the thread has none. The library installs no
 * handlers; but one that tells of a stack that overflows cannot run on it.
 *
 * Returns what csi_signal_stack_end takes, in the same thread; NULL is none.
 */
void *csi_signal_stack_begin(void);
void csi_signal_stack_end(void *stack);

#endif
