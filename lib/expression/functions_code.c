/* SPDX-License-Identifier: MIT */
/* Hashes and encodings. */
#include "expression/functions_code.h"

#include "base/base64.h"
#include "base/digest.h"

#include <string.h>

/* Its digest in hexadecimal digits. */
static struct cosend_value digits_of(struct csi_call *call, int algorithm)
{
    const struct cosend_value *x = &call->arguments[0];
    struct cosend_digest digest;
    char text[COSEND_DIGEST_MAX], *digits;
    size_t length;

    if (cosend_digest_init(&digest, algorithm, NULL, 0, NULL) < 0)
        return csi_null_value(); /* csi_function_lacks has refused the call */
    length = cosend_digest_text(&digest, x->as.text, x->length,
                                COSEND_DIGEST_HEX, text);
    digits = csi_evaluation_get(call->evaluation, length + 1);
    if (!digits)
        return csi_null_value();
    memcpy(digits, text, length + 1);
    return csi_text_value(digits, length);
}

static struct cosend_value apply_sha256(struct csi_call *call)
{
    return digits_of(call, COSEND_DIGEST_SHA256);
}

static struct cosend_value apply_xxh3(struct csi_call *call)
{
    return digits_of(call, COSEND_DIGEST_XXH3);
}

const char *csi_function_lacks(const struct csi_function *function)
{
    return function->apply == apply_sha256
               ? csi_digest_lacks(COSEND_DIGEST_SHA256)
               : NULL;
}

static struct cosend_value apply_base64(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    size_t length = csi_base64_length(x->length);
    char *out = csi_evaluation_get(call->evaluation, length + 1);

    if (!out)
        return csi_null_value();
    csi_base64_encode(x->as.text, x->length, out);
    return csi_text_value(out, length);
}

static struct cosend_value apply_base64_decode(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    char *out = csi_evaluation_get(call->evaluation, x->length + 1);
    size_t length;

    if (!out)
        return csi_null_value();
    if (!csi_base64_decode(x->as.text, x->length, out, &length))
        return csi_bad_operand(call->evaluation, "not_base64",
                               call->term->parts[0], x, "not base64");
    return csi_text_value(out, length);
}

#define TEXT CSI_TERM_TEXT, CSI_TERM_CALL

const struct csi_function csi_functions_code[] = {
    {{"xxh3", "x", "codes",
      "Its XXH3 of 64 bits as 16 digits; others can guess it", "xxh3(\"abc\")",
      "78af5f94892f3950"},
     "s",
     1,
     false,
     TEXT,
     apply_xxh3},
    {{"sha256", "x", "codes", "Its SHA-256 as 64 digits",
      "substr(sha256(\"abc\"), 0, 16)", "ba7816bf8f01cfea"},
     "s",
     1,
     false,
     TEXT,
     apply_sha256},
    {{"base64", "x", "codes", "Its bytes in base64", "base64(\"any text\")",
      "YW55IHRleHQ="},
     "s",
     1,
     false,
     TEXT,
     apply_base64},
    {{"base64_decode", "x", "codes",
      "The bytes that base64, of either alphabet, padded or not, stands for",
      "base64_decode(\"YW55IHRleHQ\")", "any text"},
     "s",
     1,
     false,
     TEXT,
     apply_base64_decode},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
