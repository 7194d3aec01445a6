/* SPDX-License-Identifier: MIT */
/*
 * A record as a few bytes: what a store holds of each.
 *
 *     uint32_t size           of all of it
 *     void *group             where the records are by group
 *     varint shape and flags  what many records share, by number
 *     varint ordinal
 *     varint line, offset     where it was read; the latter as its distance
 *                             from the ordinal, which is the same for a file
 *     varint length, bytes    as it was read, its line end included
 *     varint length, items    fields that are walked and not to be had from
 *                             these bytes: seldom any
 *     cells, one a column     varint place and kind, varint length, and the
 *                             bytes of those that are no part of the above
 *
 * A line of text takes some 16 bytes beside its own, a CSV cell two or three.
 * All of it means the same in a file of this process, and nothing elsewhere.
 */
#ifndef CSI_STORED_H
#define CSI_STORED_H

#include "cosend/bytes.h"
#include "record/record.h"

#include <string.h>

/* What many records have in common. */
struct csi_shape {
    struct cosend_schema *schema;
    bool has_rows; /* it was read; what follows is of those that were */
    bool remapped;
    bool complete;
    const char *source;
    bool (*walk)(struct csi_rows *rows, uint32_t row, struct cosend_item *item,
                 struct cosend_error *error);
};

struct csi_shapes {
    struct csi_shape *all;
    size_t count, capacity;
    size_t latest; /* the last one asked for */
    bool grouped;  /* records have a group */
};

/* The number of a shape that is equal to this one, which is copied if there was
   none. False without memory. */
bool csi_shapes_get(struct csi_shapes *shapes, const struct csi_shape *shape,
                    size_t *number);
void csi_shapes_free(struct csi_shapes *shapes);

/* Write a record behind what is in `to`. False without memory. */
bool csi_stored_put(struct csi_shapes *shapes, struct cosend_bytes *to,
                    const struct cosend_record *record, void *group);

static inline uint32_t csi_stored_size(const unsigned char *stored)
{
    uint32_t size;

    memcpy(&size, stored, sizeof(size));
    return size;
}

/* The bytes that mean the same elsewhere: from the shape on. */
static inline const unsigned char *
csi_stored_body(const struct csi_shapes *shapes, const unsigned char *stored,
                size_t *length)
{
    size_t head = sizeof(uint32_t) + (shapes->grouped ? sizeof(void *) : 0);

    *length = csi_stored_size(stored) - head;
    return stored + head;
}

static inline void *csi_stored_group(const unsigned char *stored)
{
    void *group;

    memcpy(&group, stored + sizeof(uint32_t), sizeof(group));
    return group;
}

static inline void csi_stored_set_group(unsigned char *stored, void *group)
{
    memcpy(stored + sizeof(uint32_t), &group, sizeof(group));
}

/* A record taken apart. All of it points into the bytes. */
struct csi_stored {
    const struct csi_shape *shape;
    uint64_t ordinal, line, offset;
    const char *raw;
    size_t raw_length;
    const unsigned char *items; /* NULL: none */
    size_t items_length;
    const unsigned char *cells, *end;
    bool reshaped;
};

struct csi_stored csi_stored_get(const struct csi_shapes *shapes,
                                 const unsigned char *stored);
/* The next cell of those from *at on, which moves behind it. */
struct cosend_cell csi_stored_next_cell(const unsigned char **at,
                                        const char *raw);
/* The cell of a column; absent where there is no such column. */
struct cosend_cell csi_stored_cell(const struct csi_stored *stored,
                                   uint32_t column);

/* Add the fields that are walked to rows of one record. False without
   memory. */
bool csi_stored_add_items(const struct csi_stored *stored,
                          struct csi_rows *rows);

/*
 * Whether bytes from anywhere can be a record from its shape on: its number is
 * that among `count` others', numbers[i] is ours.
 *
 * Returns COSEND_OK, COSEND_E_TYPE or COSEND_E_MEMORY.
 */
int csi_stored_check(const struct csi_shapes *shapes, const size_t *numbers,
                     size_t count, const void *bytes, size_t length);
/* Write a record of such bytes, of no group, to empty bytes. False without
   memory. */
bool csi_stored_load(const struct csi_shapes *shapes, const size_t *numbers,
                     const void *bytes, size_t length, struct cosend_bytes *to);

#endif
