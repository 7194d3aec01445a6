/* SPDX-License-Identifier: MIT */
/* What a filter's body declares of its output, before its first receive. */
#ifndef CSI_RECIPE_H
#define CSI_RECIPE_H

#include "cosend/stage.h"

/* A column of the input under another name. */
struct csi_renaming {
    uint32_t slot;
    char *name;
};

/* Columns, of the input by their slots or an added one, go somewhere else. */
struct csi_move {
    struct cosend_fields fields;
    struct cosend_column column; /* where there are no fields */
    enum cosend_place place;
    uint32_t anchor; /* a slot; with BEFORE and AFTER */
};

/* How the fields of records that name them themselves come to be. */
enum csi_opening {
    CSI_CLOSED = 0,
    CSI_OPENS,  /* the record's own, and what is set */
    CSI_EDITS,  /* the same where the input is open: field_edits.h */
    CSI_REMAKES /* what is set alone, where the input is open */
};

struct csi_recipe {
    bool drop_all;
    bool lines; /* of text: the one that is added */
    bool keep;  /* only columns kept[] */
    bool joins; /* the one that is replaced begins with what it was */
    struct cosend_fields kept;
    uint32_t *dropped; /* slots */
    size_t dropped_count, dropped_capacity;
    struct cosend_fields dropped_list; /* the same, with patterns */
    struct cosend_fields changed;      /* get new values, in their places */
    struct cosend_fields own;          /* it does something else to these */
    uint32_t first_changed;            /* of added[]: the first one's */
    char **added;                      /* names */
    size_t added_count, added_capacity;
    uint32_t *replaced; /* slots: for each added one whose place it takes, or
                           CSI_NO_SLOT */
    size_t replaced_capacity;
    struct csi_renaming *renamed;
    size_t renamed_count, renamed_capacity;
    bool (*rule)(const char *name, size_t length, struct cosend_bytes *to,
                 const void *own); /* renames any column; or NULL */
    const void *rule_own;
    bool overwrite; /* a renamed column drops one that has its name */
    enum csi_opening opening;
    struct csi_move *moves; /* one after the other */
    size_t move_count, move_capacity;
    uint32_t *unread; /* slots: it passes these on, and looks at none */
    size_t unread_count, unread_capacity;
};

#define CSI_NO_SLOT UINT32_MAX

/* Whether a column of that name is added. */
bool csi_recipe_adds(const struct csi_recipe *recipe, const char *name);
/* Add a column; the name is copied. It takes the place of a slot's, under
   whose name it then is, unless that is CSI_NO_SLOT. False without memory. */
bool csi_recipe_add(struct csi_recipe *recipe, const char *name, uint32_t slot);
/* Drop the column of a slot. False without memory. */
bool csi_recipe_drop(struct csi_recipe *recipe, uint32_t slot);
/* Give the column of a slot another name, which is copied; or move columns.
   False without memory. */
bool csi_recipe_rename(struct csi_recipe *recipe, uint32_t slot,
                       const char *name);
bool csi_recipe_move(struct csi_recipe *recipe, const struct csi_move *move);
/* The step looks at none of these fields. False without memory. */
bool csi_recipe_unread(struct csi_recipe *recipe, struct cosend_fields fields);
bool csi_recipe_is_unread(const struct csi_recipe *recipe, uint32_t slot);
/* The new name of a slot, or NULL. */
const char *csi_recipe_new_name(const struct csi_recipe *recipe, uint32_t slot);
/* Whether all that it does is to give columns other names. */
bool csi_recipe_only_renames(const struct csi_recipe *recipe);
/* Whether records go on as they are, but for what is dropped, changed or
   renamed, and with what is added behind it. */
bool csi_recipe_goes_on(const struct csi_recipe *recipe);
/* Whether the output looks like the input. */
bool csi_recipe_changes_nothing(const struct csi_recipe *recipe);
void csi_recipe_free(struct csi_recipe *recipe);

#endif
