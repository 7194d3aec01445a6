/* SPDX-License-Identifier: MIT */
/* Members of an object as names and cells. */
#ifndef CSI_JSON_CELL_H
#define CSI_JSON_CELL_H

#include "format/json_scan.h"

/*
 * Of members of one name keep the first, with the last one's value. The names
 * are decoded: none is escaped any more. False without memory.
 */
bool csi_json_unite(struct csi_json *json);

/* *repeats: some name is there more than once, with escapes or without.
   False without memory. */
bool csi_json_repeats(const struct csi_json *json, bool *repeats);

/* Decode the inside of a valid string, which never becomes longer. Returns the
   length. */
size_t csi_json_decode(const char *p, size_t length, char *out);

/* The cell of a member: a string without quotes, decoded into the arena if it
   must be; any other value as it is. False without memory. */
bool csi_json_cell(const struct csi_json_member *member,
                   struct csi_arena *arena, struct cosend_cell *cell);

/* Decode what is between a valid string's quotes. False without memory. */
bool csi_json_unescape(struct cosend_cell *cell, struct csi_arena *arena);

/* Decode a member's name. False without memory. */
bool csi_json_name(struct csi_json_member *member, struct csi_arena *arena);

/* The last member of that name, or NULL; names are decoded. */
const struct csi_json_member *csi_json_find(const struct csi_json *json,
                                            const char *name, size_t length);

/* Follow a path a.b into an object: what it has of that very name, or b in its
   a. *repeats is set where a name that it follows is there more than once.
   False without memory; *cell stays as it is where the path leads nowhere. */
bool csi_json_follow(struct cosend_cell object, const char *path, size_t length,
                     struct csi_arena *arena, struct cosend_cell *cell,
                     bool *repeats);

#endif
