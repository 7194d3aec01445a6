/* SPDX-License-Identifier: MIT */
/*
 * The context switch for AArch64, AAPCS64.
 *
 * A suspended stack, from its saved stack pointer up, 160 bytes: x29 and x30
 * (where to go on), x19 to x28, d8 to d15. All else is the caller's to save;
 * FPCR is left alone.
 */
#include "coroutine/switch/switch.h"

#ifdef __ARM_FEATURE_BTI_DEFAULT
#define LANDING hint #34
#else
#define LANDING
#endif

/* Where they are, below the caller's stack pointer. */
        .macro  where_saved
        .cfi_offset x29, -160
        .cfi_offset x30, -152
        .cfi_offset x19, -144
        .cfi_offset x20, -136
        .cfi_offset x21, -128
        .cfi_offset x22, -120
        .cfi_offset x23, -112
        .cfi_offset x24, -104
        .cfi_offset x25, -96
        .cfi_offset x26, -88
        .cfi_offset x27, -80
        .cfi_offset x28, -72
        .cfi_offset d8, -64
        .cfi_offset d9, -56
        .cfi_offset d10, -48
        .cfi_offset d11, -40
        .cfi_offset d12, -32
        .cfi_offset d13, -24
        .cfi_offset d14, -16
        .cfi_offset d15, -8
        .endm

        .macro  save_all
        sub     sp, sp, #160
        .cfi_def_cfa_offset 160
        stp     x29, x30, [sp]
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        where_saved
        .endm

        .macro  restore_all_and_leave
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        ldp     x29, x30, [sp], #160
        .irp    each, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30
        .cfi_restore \each
        .endr
        .irp    each, d8, d9, d10, d11, d12, d13, d14, d15
        .cfi_restore \each
        .endr
        .cfi_def_cfa_offset 0
        ret
        .endm

        .text
        .p2align 4
        .globl  csi_switch
        .hidden csi_switch
        .type   csi_switch, %function
csi_switch:
        .cfi_startproc
        LANDING
        save_all
        mov     x10, sp
        str     x10, [x0]
        mov     sp, x1
        mov     w0, w2
        restore_all_and_leave
        .cfi_endproc
        .size   csi_switch, .-csi_switch

        .p2align 4
        .globl  csi_switch_call
        .hidden csi_switch_call
        .type   csi_switch_call, %function
csi_switch_call:
        .cfi_startproc
        LANDING
        save_all
        mov     x10, sp
        str     x10, [x0]
        mov     sp, x1
        mov     x0, x3
        blr     x2
        restore_all_and_leave
        .cfi_endproc
        .size   csi_switch_call, .-csi_switch_call

/*
 * The first frame of a stack: entry in x19, its argument in x20. Its caller is
 * in the csi_switch that **(x20 + CSI_CALLED_FROM) is the stack pointer of. It
 * is marked as a signal's frame, since a debugger may take another stack for a
 * corrupt one elsewhere. The personality keeps exceptions from following.
 */
        .p2align 4
        .type   start, %function
start:
        .cfi_startproc
        .cfi_personality 0x1b, csi_unwind_barrier
        .cfi_signal_frame
        /* DW_CFA_def_cfa_expression: breg20, deref, deref, plus_uconst 160 */
        .cfi_escape 0x0f, 7, 0x84, CSI_CALLED_FROM, 0x06, 0x06, 0x23, 0xa0, 0x01
        where_saved
        LANDING
        mov     x29, xzr
        mov     x30, xzr
        mov     x0, x20
        blr     x19
        brk     #1
        .cfi_endproc
        .size   start, .-start

        .p2align 4
        .globl  csi_make
        .hidden csi_make
        .type   csi_make, %function
csi_make:
        .cfi_startproc
        LANDING
        and     x9, x1, #-16
        sub     x0, x9, #160
        adr     x10, start
        stp     xzr, x10, [x0]
        stp     x2, x3, [x0, #16]
        stp     xzr, xzr, [x0, #32]
        stp     xzr, xzr, [x0, #48]
        stp     xzr, xzr, [x0, #64]
        stp     xzr, xzr, [x0, #80]
        stp     xzr, xzr, [x0, #96]
        stp     xzr, xzr, [x0, #112]
        stp     xzr, xzr, [x0, #128]
        stp     xzr, xzr, [x0, #144]
        ret
        .cfi_endproc
        .size   csi_make, .-csi_make

        .p2align 4
        .globl  csi_fpenv_swap
        .hidden csi_fpenv_swap
        .type   csi_fpenv_swap, %function
csi_fpenv_swap:
        .cfi_startproc
        LANDING
        mrs     x9, fpcr
        str     w9, [x0]
        ldr     w10, [x1]
        msr     fpcr, x10
        ret
        .cfi_endproc
        .size   csi_fpenv_swap, .-csi_fpenv_swap

#ifdef __ARM_FEATURE_BTI_DEFAULT
        .section .note.gnu.property, "a"
        .p2align 3
        .word   4
        .word   16
        .word   5
        .asciz  "GNU"
        .word   0xc0000000
        .word   4
        .word   1
        .word   0
#endif

        .section .note.GNU-stack, "", %progbits
