/* SPDX-License-Identifier: MIT */
/* All filters, sources and sinks: the built-in ones and the registered. */
#ifndef CSI_REGISTRY_H
#define CSI_REGISTRY_H

#include "cosend/pipeline.h"

/* A set of roles. */
#define CSI_ROLE(role) (1u << (role))
#define CSI_STEP_ROLES (CSI_ROLE(COSEND_FILTER) | CSI_ROLE(COSEND_SINK))
#define CSI_ALL_ROLES  (CSI_STEP_ROLES | CSI_ROLE(COSEND_SOURCE))

/* The filter of that name or alias in one of these roles, or NULL. */
const struct cosend_filter *csi_registry_find(const char *name, unsigned roles);

/* Whether name is the filter's, or one of its aliases. */
bool csi_filter_is_called(const struct cosend_filter *filter, const char *name);

/* Filter i in no order, NULL behind the last; for cosend_suggest, the names of
   those in a set of roles (an unsigned). */
const struct cosend_filter *csi_registry_at(size_t i);
size_t csi_registry_count(void);
const char *csi_registry_name(const void *roles, size_t i);

/* Register several, all or none: `filters` ends with NULL. As cosend_register
   otherwise. */
int csi_register_all(const struct cosend_filter *const *filters,
                     struct cosend_error *error);

#endif
