/* SPDX-License-Identifier: MIT */
/* Compressed input that is anything: it is unpacked in pieces as it is whole,
   and told when it is damaged. */
#include "io/unpack.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20 };

/* Returns how it ended. */
static int unpack(enum csi_packed kind, const uint8_t *bytes, size_t size,
                  size_t piece, size_t room, uint8_t *out, size_t *length)
{
    struct csi_unpack *unpack = csi_unpack_new(kind, "fuzz", NULL);
    int status = COSEND_OK;
    size_t at = 0;

    *length = 0;
    while (status == COSEND_OK && *length < MOST) {
        size_t got, free;

        status = csi_unpack_read(unpack, out + *length,
                                 room < MOST - *length ? room : MOST - *length,
                                 &got, NULL);
        *length += got;
        if (status == COSEND_OK && !got) {
            void *to = csi_unpack_room(unpack, &free);
            size_t some = size - at < piece ? size - at : piece;

            if (!free)
                abort();
            memcpy(to, bytes + at, some < free ? some : free);
            csi_unpack_fed(unpack, some < free ? some : free);
            at += some < free ? some : free;
        }
    }
    csi_unpack_free(unpack);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t one[MOST], other[MOST];
    enum csi_packed kind;
    size_t one_length, other_length;
    int one_status, other_status;

    if (!size || size > 4096)
        return 0;
    kind = csi_magic_of(bytes, size);
    /* All else is refused by its name, and never unpacked. */
    if (kind != CSI_PACKED_GZIP && kind != CSI_PACKED_ZSTD)
        return 0;
    one_status = unpack(kind, bytes, size, size, MOST, one, &one_length);
    other_status = unpack(kind, bytes, size, 7, 1000, other, &other_length);
    /* How much is made before the damage is seen depends on the pieces; and
       libzstd is stricter with a frame that it is given whole. */
    if (one_status == COSEND_DONE && other_status == COSEND_DONE &&
        one_length != other_length)
        abort();
    if (memcmp(one, other,
               one_length < other_length ? one_length : other_length) != 0)
        abort();
    return 0;
}
