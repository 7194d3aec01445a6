/* SPDX-License-Identifier: MIT */
/* The fields of a pattern, while it is being written. */
#ifndef CSI_GROK_FIELDS_H
#define CSI_GROK_FIELDS_H

#include "base/text.h"

/* All zero are none. */
struct csi_grok_fields {
    char **names;
    size_t count, capacity;
    int *types; /* what each is to be, as cosend_grok_type says */
    size_t type_capacity;
    size_t *places; /* the field of each group of ours, in their order */
    size_t place_count, place_capacity;
};

void csi_grok_fields_free(struct csi_grok_fields *fields);

/* The field of a name, which may be new; its count where there is no memory. */
size_t csi_grok_find(struct csi_grok_fields *fields, const char *name,
                     size_t length);

/* Say what a field is to be, -1 nothing. False where something else is said. */
bool csi_grok_set_type(struct csi_grok_fields *fields, size_t i, int type);

/* Append to a pattern the beginning of the group that a field is; a ) ends it.
   False without memory. */
bool csi_grok_open(struct csi_grok_fields *fields, struct csi_text *pattern,
                   const char *name, size_t length);

/* The field that a group is, of a name of ours or by its own, which is new. Its
   count where there is no memory. */
size_t csi_grok_field_of(struct csi_grok_fields *fields, const char *group);

/* Put the fields in the order in which groups[0 .. count), fields, name them
   first; each is named. */
void csi_grok_order(struct csi_grok_fields *fields, size_t *groups,
                    size_t count);

#endif
