/* SPDX-License-Identifier: MIT */
/*
 * The context switch for x86-64, System V ABI.
 *
 * A suspended stack, from its saved stack pointer up: the control words (MXCSR,
 * then x87 CW), r15, r14, r13, r12, rbx, rbp, the address to go on at. All else
 * is the caller's to save. The x87 word is compared before it is loaded, since
 * loading it is slow and it is nearly always the same; for MXCSR the comparison
 * costs more than the load.
 *
 * It leaves by a jump: a ret would be mispredicted each time, for it does not
 * return to where the processor's return stack says.
 *
 * CSI_NO_FPENV leaves the control words alone.
 */

        .text
        .p2align 4
        .globl  csi_switch
        .hidden csi_switch
        .type   csi_switch, @function
csi_switch:
        .cfi_startproc
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        movl    %edx, %eax
#ifndef CSI_NO_FPENV
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movzwl  4(%rsp), %edx
#endif
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
#ifndef CSI_NO_FPENV
        ldmxcsr (%rsp)
        cmpw    4(%rsp), %dx
        jne     .Lload_x87
.Lx87_loaded:
#endif
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register rip, rcx
        jmpq    *%rcx
#ifndef CSI_NO_FPENV
        .cfi_def_cfa rsp, 64
        .cfi_offset rip, -8
        .cfi_offset rbp, -16
        .cfi_offset rbx, -24
        .cfi_offset r12, -32
        .cfi_offset r13, -40
        .cfi_offset r14, -48
        .cfi_offset r15, -56
.Lload_x87:
        fldcw   4(%rsp)
        jmp     .Lx87_loaded
#endif
        .cfi_endproc
        .size   csi_switch, .-csi_switch

/* The first frame of a stack: entry in r12, its argument in r13. */
        .p2align 4
        .type   start, @function
start:
        .cfi_startproc
        .cfi_undefined rip
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
        subq    $80, %rax
        leaq    start(%rip), %rsi
#ifndef CSI_NO_FPENV
        stmxcsr (%rax)
        fnstcw  4(%rax)
#endif
        movq    $0, 8(%rax)
        movq    $0, 16(%rax)
        movq    %rcx, 24(%rax)
        movq    %rdx, 32(%rax)
        movq    $0, 40(%rax)
        movq    $0, 48(%rax)
        movq    %rsi, 56(%rax)
        movq    $0, 64(%rax)
        ret
        .cfi_endproc
        .size   csi_make, .-csi_make

        .section .note.GNU-stack, "", @progbits
