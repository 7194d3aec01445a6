/* SPDX-License-Identifier: MIT */
/*
 * A TZif file is a header of counts and a block of data with 32 bits a time,
 * then, from version 2 on, both again with 64 bits, then a line that holds the
 * rule for all time behind the last change (zone_rule.c).
 */
#include "record/zone_file.h"

#include "record/zone_rule.h"

#include <string.h>

enum { HEADER = 44, KIND = 6, OFFSET_LIMIT = 93600 /* 26 hours */ };

struct block {
    const unsigned char *changes, *after, *kinds, *letters, *end;
    uint32_t change_count, kind_count, letter_count, leap_count;
    size_t time_size;
};

static uint32_t read32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static int64_t read_time(const unsigned char *p, size_t size)
{
    if (size == 4)
        return (int32_t)read32(p);
    return (int64_t)((uint64_t)read32(p) << 32 | read32(p + 4));
}

/* The block that begins at p, its header first. False where it does not fit. */
static bool find_block(const unsigned char *p, const unsigned char *end,
                       size_t time_size, struct block *block)
{
    uint64_t size;
    uint32_t utc_count, standard_count;

    if (end - p < HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    utc_count = read32(p + 20);
    standard_count = read32(p + 24);
    *block = (struct block){.leap_count = read32(p + 28),
                            .change_count = read32(p + 32),
                            .kind_count = read32(p + 36),
                            .letter_count = read32(p + 40),
                            .changes = p + HEADER,
                            .time_size = time_size};
    size = (uint64_t)block->change_count * (time_size + 1) +
           (uint64_t)block->kind_count * KIND + block->letter_count +
           (uint64_t)block->leap_count * (time_size + 4) + standard_count +
           utc_count;
    if (size > (uint64_t)(end - block->changes))
        return false;
    block->after = block->changes + block->change_count * time_size;
    block->kinds = block->after + block->change_count;
    block->letters = block->kinds + (size_t)block->kind_count * KIND;
    block->end = block->changes + size;
    return block->kind_count > 0 && block->kind_count <= 256;
}

/* The kind of a number in the file, as one of the zone's. */
static bool add_kind(struct cosend_zone *zone, const struct block *block,
                     uint32_t number, uint8_t *index)
{
    const unsigned char *kind = block->kinds + (size_t)number * KIND;
    const char *letters = (const char *)block->letters + kind[5];
    int32_t offset = (int32_t)read32(kind);
    size_t room = block->letter_count - kind[5];

    return csi_zone_add_kind(zone, offset, letters, strnlen(letters, room),
                             index);
}

static bool makes_sense(const struct block *block)
{
    int64_t last = INT64_MIN;

    for (uint32_t i = 0; i < block->kind_count; i++) {
        const unsigned char *kind = block->kinds + (size_t)i * KIND;
        int32_t offset = (int32_t)read32(kind);

        if (offset < -OFFSET_LIMIT || offset > OFFSET_LIMIT ||
            kind[5] >= block->letter_count)
            return false;
    }
    for (uint32_t i = 0; i < block->change_count; i++) {
        int64_t at =
            read_time(block->changes + i * block->time_size, block->time_size);

        if (block->after[i] >= block->kind_count || (i && at <= last))
            return false;
        last = at;
    }
    return true;
}

/* A time that no sum of it and an offset overflows: some files begin with a
   change before there was anything. */
static int64_t bounded(int64_t at)
{
    static const int64_t limit = INT64_C(1) << 40;

    return at < -limit ? -limit : at > limit ? limit : at;
}

static bool add_block(struct cosend_zone *zone, const struct block *block)
{
    uint8_t kind;

    if (!add_kind(zone, block, 0, &kind))
        return false;
    for (uint32_t i = 0; i < block->change_count; i++) {
        int64_t at =
            read_time(block->changes + i * block->time_size, block->time_size);

        if (!add_kind(zone, block, block->after[i], &kind) ||
            !csi_zone_add_change(zone, bounded(at), kind))
            return false;
    }
    return true;
}

static int broken(const char *name, const char *why, struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_INPUT, "time zone \"%.80s\": %s",
                            name, why);
}

int csi_zone_decode(struct cosend_zone *zone, const unsigned char *data,
                    size_t length, const char *name, struct cosend_error *error)
{
    const unsigned char *end = data + length, *rule, *newline;
    struct block block;

    if (!find_block(data, end, 4, &block))
        return broken(name, "its file is no TZif file", error);
    if (data[4] >= '2' && !find_block(block.end, end, 8, &block))
        return broken(name, "its file is cut off", error);
    if (!makes_sense(&block))
        return broken(name, "its file makes no sense", error);
    if (block.leap_count)
        return broken(name,
                      "its file counts leap seconds, which times here do not; "
                      "use the zone without \"right/\"",
                      error);
    if (!add_block(zone, &block))
        return csi_no_memory(error);
    if (data[4] < '2')
        return COSEND_OK;
    rule = block.end;
    newline = rule < end && *rule == '\n'
                  ? memchr(rule + 1, '\n', (size_t)(end - rule - 1))
                  : NULL;
    if (!newline)
        return broken(name, "its file is cut off", error);
    switch (csi_zone_add_rule(zone, (const char *)rule + 1,
                              (size_t)(newline - rule - 1))) {
    case COSEND_OK:
        return COSEND_OK;
    case COSEND_E_MEMORY:
        return csi_no_memory(error);
    default:
        return broken(name, "its file ends in a rule that makes no sense",
                      error);
    }
}
