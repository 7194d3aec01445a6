/* SPDX-License-Identifier: MIT */
#include "base/sized.h"

#include "cosend/version.h"

#include <string.h>

/* What is larger is not a struct of ours, but was never set. */
enum { LARGEST = 4096 };

static int check_size(size_t size, size_t first, const char *what,
                      struct cosend_error *error)
{
    if (size >= first && size <= LARGEST)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE,
                            "%s: its size is %zu: set it, as by {.size = "
                            "sizeof(%s)}",
                            what, size, what);
}

int csi_take_struct(void *own, size_t known, size_t first, const void *made,
                    const char *what, struct cosend_error *error)
{
    const unsigned char *bytes = made;
    size_t size = known;
    int status;

    if (made)
        memcpy(&size, made, sizeof(size));
    status = check_size(size, first, what, error);
    if (status < 0)
        return status;
    for (size_t i = known; i < size; i++)
        if (bytes[i])
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "%s: byte %zu of it is not zero: made for "
                                    "a later cosend than %s, or not "
                                    "initialized",
                                    what, i, cosend_version());
    memset(own, 0, known);
    if (made)
        memcpy(own, made, size < known ? size : known);
    memcpy(own, &known, sizeof(known));
    return COSEND_OK;
}

int csi_fill_struct(void *made, size_t first, const void *own, size_t known,
                    const char *what, struct cosend_error *error)
{
    size_t size;
    int status;

    memcpy(&size, made, sizeof(size));
    status = check_size(size, first, what, error);
    if (status < 0)
        return status;
    memset(made, 0, size);
    memcpy(made, own, size < known ? size : known);
    memcpy(made, &size, sizeof(size));
    return COSEND_OK;
}
