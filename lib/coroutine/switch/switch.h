/* SPDX-License-Identifier: MIT */
/*
 * The context switch: x86_64.S, aarch64.S or ucontext.c, one of them linked.
 *
 * A context is a stack and one word, its saved stack pointer; what else must
 * survive lies on the stack itself (Boost.Context's shape).
 */
#ifndef CSI_SWITCH_H
#define CSI_SWITCH_H

/*
 * Leave the running context, saving it in *save, and go on in `load`: the
 * csi_switch that it is suspended in returns answer.
 */
int csi_switch(void **save, void *load, int answer);

/*
 * A context on the empty stack [low, high) that calls entry(argument) when it
 * is first switched to. entry must never return.
 */
void *csi_make(void *low, void *high, void (*entry)(void *), void *argument);

#endif
