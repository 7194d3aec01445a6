/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSON_SORT_H
#define CSI_JSON_SORT_H

#include "base/text.h"

struct csi_sorted_member;
struct csi_sorted_level;

/* What sorting needs; all zero is ready, for value after value. */
struct csi_json_sorter {
    struct csi_sorted_level *levels;
    size_t depth, level_capacity;
    struct csi_sorted_member *members; /* of all levels that are open */
    size_t count, capacity;
    struct csi_text names, sorted;
};

/*
 * Append a valid JSON value without the blanks in it, and with the members of
 * each object, at any depth, in the order of the bytes of their names; those of
 * one name stay as they were to each other.
 *
 * Returns false without memory.
 */
bool csi_json_sort(struct csi_json_sorter *sorter, struct csi_text *to,
                   const char *data, size_t length);

void csi_json_sorter_free(struct csi_json_sorter *sorter);

/* Append a valid JSON value with what is beyond ASCII as \u escapes. False
   without memory. */
bool csi_json_ascii(struct csi_text *to, const char *data, size_t length);

#endif
