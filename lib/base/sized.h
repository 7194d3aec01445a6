/* SPDX-License-Identifier: MIT */
/*
 * Structs that a program makes and that may grow: `size_t size` is their first
 * member, which the program sets to sizeof, so that one which was compiled with
 * an older header, or a later one, is understood. Members are added at their
 * end only, and zero means what was before them.
 */
#ifndef CSI_SIZED_H
#define CSI_SIZED_H

#include "base/base.h"

/*
 * Copy a program's struct `made`, called `what` ("struct cosend_options"), to
 * `own`, of `known` bytes, whose first layout was of `first`: what it has not
 * is zero, and the copy's size is `known`. NULL is one of which all is zero.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, with the error set and *own as it was,
 * where its size is none or less than `first`, or where one of the bytes that
 * are not known here is not zero: the program means what only a later version
 * knows.
 */
int csi_take_struct(void *own, size_t known, size_t first, const void *made,
                    const char *what, struct cosend_error *error);

/*
 * Fill a program's struct `made` from `own`: as many bytes as it has by its
 * size, which stays as it is, and those that are not known here are zero.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, as above for its size, with nothing
 * written.
 */
int csi_fill_struct(void *made, size_t first, const void *own, size_t known,
                    const char *what, struct cosend_error *error);

/* As these, by the struct's name, of a struct that did not grow yet: */
#define CSI_TAKE(name, own, made, error)                                       \
    csi_take_struct(own, sizeof(struct name), sizeof(struct name), made,       \
                    "struct " #name, error)
#define CSI_FILL(name, made, own, error)                                       \
    csi_fill_struct(made, sizeof(struct name), own, sizeof(struct name),       \
                    "struct " #name, error)

#endif
