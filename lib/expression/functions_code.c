/* SPDX-License-Identifier: MIT */
/*
 * Hashes and encodings. SHA-256 is libmd's, which is on every Debian, and is
 * looked for when an expression asks for it: whoever does not needs none.
 */
#include "expression/functions_code.h"

#include "base/base64.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

enum { SHA256_DIGITS = 64 };

typedef char *sha256_data(const uint8_t *data, size_t length, char *digits);

static sha256_data *sha256;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void find_sha256(void)
{
    void *libmd = dlopen("libmd.so.0", RTLD_NOW | RTLD_LOCAL);

    if (libmd)
        *(void **)&sha256 = dlsym(libmd, "SHA256Data");
}

static struct cosend_value apply_sha256(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    char *digits = csi_evaluation_get(call->evaluation, SHA256_DIGITS + 1);

    if (!digits)
        return csi_null_value();
    sha256((const uint8_t *)x->as.text, x->length, digits);
    return csi_text_value(digits, SHA256_DIGITS);
}

const char *csi_function_lacks(const struct csi_function *function)
{
    if (function->apply != apply_sha256)
        return NULL;
    pthread_once(&sha256_once, find_sha256);
    return sha256 ? NULL : "libmd.so.0, which Debian has in libmd0";
}

static struct cosend_value apply_xxh3(struct csi_call *call)
{
    const struct cosend_value *x = &call->arguments[0];
    char *digits = csi_evaluation_get(call->evaluation, 17);

    if (!digits)
        return csi_null_value();
    snprintf(digits, 17, "%016llx",
             (unsigned long long)XXH3_64bits(x->as.text, x->length));
    return csi_text_value(digits, 16);
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
