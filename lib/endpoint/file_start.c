/* SPDX-License-Identifier: MIT */
#include "endpoint/file_start.h"

#include <string.h>

void csi_file_start_begin(struct csi_file_start *start, const char *name,
                          uint64_t offset)
{
    *start = (struct csi_file_start){.known = offset > 0, .name = name};
}

static int refuse_packed(const struct csi_file_start *start,
                         struct csi_stage *stage)
{
    return cosend_fail(&stage->face, COSEND_E_INPUT,
                       "%.200s: it is %s data, which nobody unpacks on this "
                       "way: unpack it before",
                       start->name,
                       csi_magic_name(start->bytes, start->length));
}

int csi_file_start_look(struct csi_file_start *start, struct csi_stage *stage,
                        const char *data, size_t length)
{
    size_t room = sizeof(start->bytes) - start->length;
    enum csi_packed kind;

    if (start->known || !length)
        return COSEND_OK;
    if (length > room)
        length = room;
    memcpy(start->bytes + start->length, data, length);
    start->length += length;
    kind = csi_magic_of(start->bytes, start->length);
    if (kind == CSI_PACKED_UNKNOWN)
        return COSEND_OK;
    start->known = true;
    return kind == CSI_PACKED_NOT ? COSEND_OK : refuse_packed(start, stage);
}
