/* SPDX-License-Identifier: MIT */
/* Base64, RFC 4648. */
#ifndef CSI_BASE64_H
#define CSI_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes csi_base64_encode writes of so many. */
static inline size_t csi_base64_length(size_t length)
{
    return (length + 2) / 3 * 4;
}

/* Write bytes by the standard alphabet, padded. */
void csi_base64_encode(const char *data, size_t length, char *out);

/*
 * Write the bytes that text stands for, of which there are no more than it has
 * itself: *decoded. Takes the alphabet for addresses, with - and _, too, and
 * text without padding. False where it is no base64.
 */
bool csi_base64_decode(const char *text, size_t length, char *out,
                       size_t *decoded);

#endif
