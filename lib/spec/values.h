/* SPDX-License-Identifier: MIT */
/*
 * The values of a JSON text, each with its place.
 *
 * Values stand in one array in the order of the text, each container before
 * what is in it; so a value's children follow it, and a sibling is `size`
 * values further on. Of duplicate keys the last one counts, as in jansson; the
 * others are passed over by csi_value_first and csi_value_next.
 */
#ifndef CSI_VALUES_H
#define CSI_VALUES_H

#include "base/base.h"

#include <jansson.h>

/* Where a character stands: from 1; columns in characters. */
struct csi_spot {
    uint32_t line, column;
};

/* Bytes of a string. */
struct csi_piece {
    uint32_t from, length;
};

struct csi_value {
    json_t *json;    /* the document's reference */
    const char *key; /* in an object; else NULL */
    uint32_t size;   /* values that it is, itself included */
    uint32_t up;     /* its container is this many before it; 0: the root */
    uint32_t index;  /* among its siblings */
    uint32_t count;  /* of its children */
    uint32_t line, column; /* from 1; in characters */
    uint32_t key_line, key_column;
    uint32_t key_offset, key_length; /* the key's bytes, between the quotes */
    uint32_t offset;                 /* of its first byte in the text */
    json_t *exact; /* of a number that json rounds, its text; or NULL. Own */
    bool bare;     /* a word: quotes do not tell text from numbers in it */
    bool large;    /* an integer beyond 64 bits; json is 0.0 */
    bool ignored;  /* the same key comes again */
    bool filled;   /* what parameters say was put in */
    bool unknown;  /* for its reader: what it is cannot be told */
    /* Where each byte of a string and its end stand, if it was made of a
       line's words; in the plan's arena. */
    const struct csi_spot *spots;
    /* What parameters that are text put into a string, among other text, in
       order; in the plan's arena. */
    const struct csi_piece *pieces;
    uint32_t piece_count;
};

/* All zero is an empty document. */
struct csi_document {
    struct csi_value *values; /* the root first */
    size_t count, capacity;
    size_t large_count;
    const char *text; /* that it was read from; it must live on */
    json_t *json;     /* what the values are part of */
    json_t *held;     /* an array of those that are part of nothing, or NULL */
};

/* Append a value in a container (a value's number, or SIZE_MAX for the root).
   NULL without memory; other values may have moved. */
struct csi_value *csi_document_add(struct csi_document *document,
                                   size_t container);
/* Keep json, whose reference is taken, for a value that is part of nothing.
   False without memory. */
bool csi_document_hold(struct csi_document *document, json_t *json);
/* No more values in this container. */
void csi_document_end(struct csi_document *document, size_t container);

/* Release what the document holds; it is empty afterwards. */
void csi_document_free(struct csi_document *document);

/* The first value in a container; the next one beside it; or NULL. */
const struct csi_value *csi_value_first(const struct csi_value *container);
const struct csi_value *csi_value_next(const struct csi_value *value);
/* The value of that key in an object, or NULL. */
const struct csi_value *csi_value_get(const struct csi_value *object,
                                      const char *key);
/* What contains a value; NULL for the root. */
static inline const struct csi_value *
csi_value_container(const struct csi_value *value)
{
    return value->up ? value - value->up : NULL;
}

/* Write the value's path, steps[2].where, as snprintf does. */
size_t csi_value_path(const struct csi_value *value, char *path, size_t room);

#endif
