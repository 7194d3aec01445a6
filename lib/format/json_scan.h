/* SPDX-License-Identifier: MIT */
/*
 * One JSON text: is it valid (RFC 8259), and which members has its object?
 *
 * A single pass without recursion. Accepts and refuses what jansson 2.14 does
 * with JSON_DECODE_ANY and JSON_ALLOW_NUL, but for two things that a stream of
 * data must survive: a number may be of any size, since its text is kept, and
 * a name may have \u0000 in it.
 */
#ifndef CSI_JSON_SCAN_H
#define CSI_JSON_SCAN_H

#include "record/record.h"

/* Values inside each other, the outermost counted: as jansson has it. */
enum { CSI_JSON_DEPTH = 2048 };

/* A member of the outermost object, as slices of the text. */
struct csi_json_member {
    const char *name;  /* between the quotes */
    const char *value; /* quotes included */
    uint32_t name_length;
    uint32_t length;
    enum cosend_kind kind;
    bool name_escaped, escaped; /* there is a backslash in it */
};

/* All zero but for the arena that members are taken from; reuse it for text
   after text. */
struct csi_json {
    struct csi_arena *arena;
    struct csi_json_member *members;
    size_t count, capacity;
    const char *bad;    /* where an invalid text went wrong, */
    const char *reason; /* and how */
};

/* Add a member behind the others. False without memory. */
bool csi_json_add_member(struct csi_json *json,
                         const struct csi_json_member *member);

enum csi_json_result {
    CSI_JSON_OBJECT,
    CSI_JSON_OTHER, /* valid, but no object */
    CSI_JSON_INVALID,
    CSI_JSON_MEMORY
};

enum csi_json_result csi_json_scan(struct csi_json *json, const char *text,
                                   const char *end);

/* Behind the closing quote of the string whose opening quote is at p; NULL
   where it is not a valid one. */
const char *csi_json_string(const char *p, const char *end, bool *escaped);

#endif
