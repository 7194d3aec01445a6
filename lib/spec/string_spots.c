/* SPDX-License-Identifier: MIT */
#include "spec/string_spots.h"

#include "base/utf8.h"

/* How many bytes a character of a JSON string stands for, and of how many
   characters it is made: `\n` of two. */
static size_t measure(const char *raw, uint32_t *width)
{
    unsigned char first = (unsigned char)*raw;
    unsigned code;

    *width = 1;
    if (first != '\\')
        return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *width = 2;
    if (raw[1] != 'u')
        return 1;
    *width = 6;
    code = (unsigned)csi_hex4(raw + 2);
    if (code >= 0xD800 && code < 0xDC00) {
        *width = 12;
        return 4;
    }
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

struct csi_spot *csi_string_spots(const struct csi_document *document,
                                  const struct csi_value *value)
{
    size_t length = json_string_length(value->json), at = 0;
    struct csi_spot *spots = csi_calloc(length + 1, sizeof(*spots));
    struct csi_spot spot = {value->line, value->column + 1};
    const char *raw = document->text + value->offset + 1;

    if (!spots)
        return NULL;
    while (at < length) {
        uint32_t width;
        size_t bytes = measure(raw, &width);

        raw += *raw == '\\' ? width : bytes;
        for (size_t i = 0; i < bytes && at < length; i++)
            spots[at++] = spot;
        spot.column += width;
    }
    spots[length] = spot;
    return spots;
}

void csi_string_spots_in_word(const char *raw, const struct csi_spot *of,
                              size_t length, struct csi_spot *spots)
{
    size_t at = 0;

    while (at < length) {
        uint32_t width;
        size_t bytes = measure(raw, &width), taken;

        taken = *raw == '\\' ? width : bytes;
        for (size_t i = 0; i < bytes && at < length; i++)
            spots[at++] = *of;
        raw += taken;
        of += taken;
    }
    spots[length] = *of;
}
