/* SPDX-License-Identifier: MIT */
/*
 * The context switch: x86_64.S, aarch64.S or ucontext.c, one of them linked.
 *
 * A context is a stack and one word, its saved stack pointer; what else must
 * survive lies on the stack itself (Boost.Context's shape). The floating-point
 * environment is not part of it: csi_fpenv_swap is for those who want their
 * own. (ucontext.c has it in every context.)
 *
 * The first frame of a stack is unwound as if its caller were whoever waits
 * where **(argument + CSI_CALLED_FROM) says, so that a debugger goes on there.
 */
#ifndef CSI_SWITCH_H
#define CSI_SWITCH_H

/* Where in what csi_make's argument points at that pointer is. */
#define CSI_CALLED_FROM 0

#ifndef __ASSEMBLER__

/*
 * Leave the running context, saving it in *save, and go on in `load`: the
 * csi_switch that it is suspended in returns answer.
 */
int csi_switch(void **save, void *load, int answer);

/*
 * The same, but first of all call(argument) is called on the stack of `load`,
 * which may not be a fresh one; its answer is what the csi_switch there
 * returns.
 */
int csi_switch_call(void **save, void *load, int (*call)(void *),
                    void *argument);

/*
 * A context on the empty stack [low, high) that calls entry(argument) when it
 * is first switched to. entry must never return.
 */
void *csi_make(void *low, void *high, void (*entry)(void *), void *argument);

/* Rounding, masks and flags of the floating-point unit. */
struct csi_fpenv {
    unsigned words[2];
};

/* Save the environment in force, and put another in force. They may be one. */
void csi_fpenv_swap(struct csi_fpenv *save, const struct csi_fpenv *load);

#endif

#endif
