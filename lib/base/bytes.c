/* SPDX-License-Identifier: MIT */
#include "base/bytes.h"

#include "base/base.h"

#include <string.h>

void cosend_bytes_free(struct cosend_bytes *bytes)
{
    csi_free(bytes->data);
    memset(bytes, 0, sizeof(*bytes));
}

void cosend_bytes_clear(struct cosend_bytes *bytes)
{
    bytes->length = 0;
    bytes->failed = false;
}

unsigned char *csi_bytes_extend(struct cosend_bytes *to, size_t length)
{
    unsigned char *place;
    size_t need;

    if (to->failed)
        return NULL;
    /* No bytes have a place too. */
    if (__builtin_add_overflow(to->length, length, &need) ||
        !csi_grow(&to->data, &to->capacity, need + !need, 1)) {
        to->failed = true;
        return NULL;
    }
    place = to->data + to->length;
    to->length = need;
    return place;
}

void cosend_put_u8(struct cosend_bytes *to, uint8_t value)
{
    unsigned char *place = csi_bytes_extend(to, 1);

    if (place)
        *place = value;
}

void cosend_put_u64(struct cosend_bytes *to, uint64_t value)
{
    unsigned char *place = csi_bytes_extend(to, 8);

    if (!place)
        return;
    for (unsigned i = 0; i < 8; i++)
        place[i] = (unsigned char)(value >> 8 * i);
}

unsigned char *csi_write_varint(unsigned char *place, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *place++ = (unsigned char)(value | 0x80);
    *place++ = (unsigned char)value;
    return place;
}

void cosend_put_varint(struct cosend_bytes *to, uint64_t value)
{
    unsigned char text[CSI_VARINT_MAX];
    size_t length = (size_t)(csi_write_varint(text, value) - text);
    unsigned char *place = csi_bytes_extend(to, length);

    if (place)
        memcpy(place, text, length);
}

void cosend_put_double(struct cosend_bytes *to, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    cosend_put_u64(to, bits);
}

void cosend_put_bytes(struct cosend_bytes *to, const void *data, size_t length)
{
    unsigned char *place;

    cosend_put_varint(to, length);
    place = csi_bytes_extend(to, length);
    if (place && length)
        memcpy(place, data, length);
}

void cosend_put_raw(struct cosend_bytes *to, const void *data, size_t length)
{
    unsigned char *place = csi_bytes_extend(to, length);

    if (place && length)
        memcpy(place, data, length);
}

struct cosend_reader_bytes cosend_read_bytes(const void *data, size_t length)
{
    struct cosend_reader_bytes from = {data, data, false};

    if (length)
        from.end += length;
    return from;
}

/* The next bytes, which count as read; or NULL. */
static const unsigned char *take_bytes(struct cosend_reader_bytes *from,
                                       uint64_t length)
{
    const unsigned char *place = from->next;

    if (from->failed || length > (size_t)(from->end - from->next)) {
        from->failed = true;
        return NULL;
    }
    if (length)
        from->next += length;
    return place;
}

uint8_t cosend_get_u8(struct cosend_reader_bytes *from)
{
    const unsigned char *place = take_bytes(from, 1);

    return place ? *place : 0;
}

uint64_t cosend_get_u64(struct cosend_reader_bytes *from)
{
    const unsigned char *place = take_bytes(from, 8);
    uint64_t value = 0;

    for (unsigned i = 0; place && i < 8; i++)
        value |= (uint64_t)place[i] << 8 * i;
    return value;
}

uint64_t cosend_get_varint(struct cosend_reader_bytes *from)
{
    uint64_t value = 0;
    uint8_t byte;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        byte = cosend_get_u8(from);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80 && (shift < 63 || byte <= 1))
            return value;
    }
    from->failed = true;
    return 0;
}

double cosend_get_double(struct cosend_reader_bytes *from)
{
    uint64_t bits = cosend_get_u64(from);
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

const char *cosend_get_bytes(struct cosend_reader_bytes *from, size_t *length)
{
    uint64_t wanted = cosend_get_varint(from);
    const unsigned char *place = take_bytes(from, wanted);

    *length = place ? (size_t)wanted : 0;
    return (const char *)place;
}
