/* SPDX-License-Identifier: MIT */
/* Text as others read it. */
#ifndef COSEND_TEXT_H
#define COSEND_TEXT_H

#include "cosend/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Write text as a JSON string, quotes included, which a terminal may be shown:
 * controls and what turns the direction of writing are escaped, and each
 * ill-formed piece of UTF-8 becomes U+FFFD. As many bytes as fit in capacity
 * are written, the last a NUL unless capacity is 0.
 *
 * Returns the length of the whole, without the NUL: at most 6 times length, and
 * 2.
 */
COSEND_API size_t cosend_json_string(const char *text, size_t length, char *out,
                                     size_t capacity);

/* How much of a text a message is to show, for %.*s: at most so many bytes, and
   no part of a character. */
COSEND_API int cosend_shown(const char *text, size_t length, size_t most);

enum cosend_case {
    COSEND_CASE_LOWER,
    COSEND_CASE_UPPER,
    COSEND_CASE_TITLE /* each word begins with a capital, and has no other */
};

/*
 * Append text in another case, by Unicode's simple mappings: each character of
 * UTF-8 becomes one, and bytes that are none stay. Without memory to->failed is
 * set.
 */
COSEND_API void cosend_put_case(struct cosend_bytes *to, const char *text,
                                size_t length, enum cosend_case letters);

#ifdef __cplusplus
}
#endif

#endif
