/* SPDX-License-Identifier: MIT */
/*
 * The context switch for x86-64, System V ABI.
 *
 * A suspended stack, from its saved stack pointer up: r15, r14, r13, r12, rbx,
 * rbp, the address to go on at: 56 bytes. All else is the caller's to save. The
 * control words of the FPU are left alone: storing MXCSR takes half as long as
 * all the rest, and hardly anybody changes it.
 *
 * It leaves by a jump: a ret would be mispredicted each time, for it does not
 * return to where the processor's return stack says.
 */
#include "coroutine/switch/switch.h"

        .macro  save register
        pushq   %\register
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset \register, 0
        .endm

        .macro  restore register
        popq    %\register
        .cfi_adjust_cfa_offset -8
        .cfi_restore \register
        .endm

        .macro  save_all
        save    rbp
        save    rbx
        save    r12
        save    r13
        save    r14
        save    r15
        .endm

        .macro  restore_all_and_leave
        restore r15
        restore r14
        restore r13
        restore r12
        restore rbx
        restore rbp
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register rip, rcx
        jmpq    *%rcx
        .endm

        .text
        .p2align 4
        .globl  csi_switch
        .hidden csi_switch
        .type   csi_switch, @function
csi_switch:
        .cfi_startproc
        save_all
        movl    %edx, %eax
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        restore_all_and_leave
        .cfi_endproc
        .size   csi_switch, .-csi_switch

        .p2align 4
        .globl  csi_switch_call
        .hidden csi_switch_call
        .type   csi_switch_call, @function
csi_switch_call:
        .cfi_startproc
        save_all
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        movq    %rcx, %rdi
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        callq   *%rdx
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        restore_all_and_leave
        .cfi_endproc
        .size   csi_switch_call, .-csi_switch_call

/*
 * The first frame of a stack: entry in r12, its argument in r13. Its caller is
 * in the csi_switch that **(r13 + CSI_CALLED_FROM) is the stack pointer of. It
 * is marked as a signal's frame, since a debugger may take another stack for a
 * corrupt one elsewhere. The personality keeps exceptions from following.
 */
        .p2align 4
        .type   start, @function
start:
        .cfi_startproc
        .cfi_personality 0x1b, csi_unwind_barrier
        .cfi_signal_frame
        /* DW_CFA_def_cfa_expression: breg13, deref, deref, plus_uconst 56 */
        .cfi_escape 0x0f, 6, 0x7d, CSI_CALLED_FROM, 0x06, 0x06, 0x23, 56
        .cfi_offset rip, -8
        .cfi_offset rbp, -16
        .cfi_offset rbx, -24
        .cfi_offset r12, -32
        .cfi_offset r13, -40
        .cfi_offset r14, -48
        .cfi_offset r15, -56
        movq    %r13, %rdi
        callq   *%r12
        ud2
        .cfi_endproc
        .size   start, .-start

        .p2align 4
        .globl  csi_make
        .hidden csi_make
        .type   csi_make, @function
csi_make:
        .cfi_startproc
        movq    %rsi, %rax
        andq    $-16, %rax
        subq    $72, %rax
        leaq    start(%rip), %rsi
        movq    $0, (%rax)
        movq    $0, 8(%rax)
        movq    %rcx, 16(%rax)
        movq    %rdx, 24(%rax)
        movq    $0, 32(%rax)
        movq    $0, 40(%rax)
        movq    %rsi, 48(%rax)
        movq    $0, 56(%rax)
        ret
        .cfi_endproc
        .size   csi_make, .-csi_make

/* Loading is slow, and hardly ever needed. */
        .p2align 4
        .globl  csi_fpenv_swap
        .hidden csi_fpenv_swap
        .type   csi_fpenv_swap, @function
csi_fpenv_swap:
        .cfi_startproc
        stmxcsr (%rdi)
        fnstcw  4(%rdi)
        movl    (%rdi), %eax
        cmpl    (%rsi), %eax
        je      .Lsame_mxcsr
        ldmxcsr (%rsi)
.Lsame_mxcsr:
        movzwl  4(%rdi), %eax
        cmpw    4(%rsi), %ax
        je      .Lsame_x87
        fldcw   4(%rsi)
.Lsame_x87:
        ret
        .cfi_endproc
        .size   csi_fpenv_swap, .-csi_fpenv_swap

        .section .note.GNU-stack, "", @progbits
