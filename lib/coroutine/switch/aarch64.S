/* SPDX-License-Identifier: MIT */
/*
 * The context switch for AArch64, AAPCS64.
 *
 * A suspended stack, from its saved stack pointer up, 176 bytes: x29 and x30
 * (where to go on), x19 to x28, d8 to d15, FPCR, 8 bytes of padding. All else
 * is the caller's to save. FPCR is compared before it is written, which is
 * slow and hardly ever needed. CSI_NO_FPENV leaves it alone.
 */

#ifdef __ARM_FEATURE_BTI_DEFAULT
#define LANDING hint #34
#else
#define LANDING
#endif

        .text
        .p2align 4
        .globl  csi_switch
        .hidden csi_switch
        .type   csi_switch, %function
csi_switch:
        .cfi_startproc
        LANDING
        stp     x29, x30, [sp, #-176]!
        .cfi_def_cfa_offset 176
        .cfi_offset x29, -176
        .cfi_offset x30, -168
        stp     x19, x20, [sp, #16]
        .cfi_offset x19, -160
        .cfi_offset x20, -152
        stp     x21, x22, [sp, #32]
        .cfi_offset x21, -144
        .cfi_offset x22, -136
        stp     x23, x24, [sp, #48]
        .cfi_offset x23, -128
        .cfi_offset x24, -120
        stp     x25, x26, [sp, #64]
        .cfi_offset x25, -112
        .cfi_offset x26, -104
        stp     x27, x28, [sp, #80]
        .cfi_offset x27, -96
        .cfi_offset x28, -88
        stp     d8, d9, [sp, #96]
        .cfi_offset d8, -80
        .cfi_offset d9, -72
        stp     d10, d11, [sp, #112]
        .cfi_offset d10, -64
        .cfi_offset d11, -56
        stp     d12, d13, [sp, #128]
        .cfi_offset d12, -48
        .cfi_offset d13, -40
        stp     d14, d15, [sp, #144]
        .cfi_offset d14, -32
        .cfi_offset d15, -24
#ifndef CSI_NO_FPENV
        mrs     x9, fpcr
        str     x9, [sp, #160]
#endif
        mov     x10, sp
        str     x10, [x0]
        mov     sp, x1
        mov     w0, w2
#ifndef CSI_NO_FPENV
        ldr     x10, [sp, #160]
        cmp     x9, x10
        b.eq    1f
        msr     fpcr, x10
1:
#endif
        ldp     x19, x20, [sp, #16]
        .cfi_restore x19
        .cfi_restore x20
        ldp     x21, x22, [sp, #32]
        .cfi_restore x21
        .cfi_restore x22
        ldp     x23, x24, [sp, #48]
        .cfi_restore x23
        .cfi_restore x24
        ldp     x25, x26, [sp, #64]
        .cfi_restore x25
        .cfi_restore x26
        ldp     x27, x28, [sp, #80]
        .cfi_restore x27
        .cfi_restore x28
        ldp     d8, d9, [sp, #96]
        .cfi_restore d8
        .cfi_restore d9
        ldp     d10, d11, [sp, #112]
        .cfi_restore d10
        .cfi_restore d11
        ldp     d12, d13, [sp, #128]
        .cfi_restore d12
        .cfi_restore d13
        ldp     d14, d15, [sp, #144]
        .cfi_restore d14
        .cfi_restore d15
        ldp     x29, x30, [sp], #176
        .cfi_restore x29
        .cfi_restore x30
        .cfi_def_cfa_offset 0
        ret
        .cfi_endproc
        .size   csi_switch, .-csi_switch

/* The first frame of a stack: entry in x19, its argument in x20. */
        .p2align 4
        .type   start, %function
start:
        .cfi_startproc
        .cfi_undefined x30
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
        sub     x0, x9, #176
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
        mrs     x9, fpcr
        stp     x9, xzr, [x0, #160]
        ret
        .cfi_endproc
        .size   csi_make, .-csi_make

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
