/* SPDX-License-Identifier: MIT */
/* Fields of one record that are set by name, each once, in their order. */
#ifndef CSI_STAGE_SET_FIELDS_H
#define CSI_STAGE_SET_FIELDS_H

#include "cosend/group.h"
#include "cosend/record.h"

struct csi_set_fields {
    struct cosend_item *items;
    uint32_t count;
    size_t capacity;
    struct cosend_table *by_name; /* of the first `named`; NULL: none */
    uint32_t named;
};

#define CSI_NOT_SET UINT32_MAX

/* Where the field of that name is, or CSI_NOT_SET. */
uint32_t csi_set_find(struct csi_set_fields *set, const char *name,
                      size_t length);
/* Add a field that is not there; the name is borrowed. NULL without memory. */
struct cosend_item *csi_set_add(struct csi_set_fields *set, const char *name,
                                size_t length);
/* None is set any more. */
void csi_set_clear(struct csi_set_fields *set);
void csi_set_free(struct csi_set_fields *set);

#endif
