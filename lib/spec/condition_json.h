/* SPDX-License-Identifier: MIT */
/*
 * Conditions as data: {"field": "status", "op": "ge", "value": 500}, put
 * together by {"all": [...]}, {"any": [...]} and {"not": ...}.
 */
#ifndef CSI_CONDITION_JSON_H
#define CSI_CONDITION_JSON_H

#include "cosend/match.h"
#include "spec/values.h"

/* Where a condition's reader finds handles and leaves problems. */
struct csi_condition_hooks {
    /* The slot of the field that a string names, or COSEND_NO_FIELD. */
    uint32_t (*field)(void *context, const struct csi_value *name);
    /* words: of which the value, or the key, is none; or NULL. */
    void (*problem)(void *context, const struct csi_value *value, bool of_key,
                    const char *text, const char *const *words);
    /* A value is not wrong, but may not be what was meant. Of a minor one only
       who asks for all that may be wrong is told. */
    void (*warning)(void *context, const struct csi_value *value, bool minor,
                    const char *text);
    /* A value is an expression: compile it. NULL with the problem reported. */
    struct cosend_expression *(*expression)(void *context,
                                            const struct csi_value *value);
    void *context;
};

/*
 * Read and compile a condition; every problem is reported to the hooks.
 *
 * Returns NULL where there was a problem, or with COSEND_E_MEMORY in error.
 * Free it with csi_condition_free.
 */
struct cosend_condition *
csi_condition_parse(const struct csi_value *value,
                    const struct csi_condition_hooks *hooks,
                    struct cosend_error *error);

/* The condition as JSON again: a new reference, NULL without memory. */
json_t *csi_condition_json(const struct cosend_condition *condition);

#endif
