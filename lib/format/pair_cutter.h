/* SPDX-License-Identifier: MIT */
/*
 * What the forms of text that names its fields have in common: they are cut
 * into members, as JSON is, whose names and values stand in the text until
 * somebody asks for them.
 */
#ifndef CSI_PAIR_CUTTER_H
#define CSI_PAIR_CUTTER_H

#include "cosend/pair_form.h"
#include "format/pairs.h"

struct cosend_pair_cutter {
    const struct cosend_pair_form *form;
    struct csi_pairs pairs; /* of the text at hand */
    struct csi_arena arena; /* of its members */
    bool repeats;
    const char *start;  /* of the text */
    void *own;          /* the form's */
    uint64_t kept_line; /* of the text's source, where a step kept the record
                           and may have put it elsewhere; or 0 */
    char problem[200];
};

/* What a form does. Those that need nothing of their own have no `begin` and no
   `end`. */
struct csi_pair_ops {
    /* Make cutter->own. False with the error set. */
    bool (*begin)(struct cosend_pair_cutter *cutter,
                  const struct cosend_pair_options *options,
                  struct cosend_error *error);
    /* Add the members of a text to pairs.json, which has none. */
    enum cosend_pair_result (*cut)(struct cosend_pair_cutter *cutter,
                                   const char *start, const char *end,
                                   const char *source);
    /* The value of a member, decoded into the arena where it must be. False
       without memory. */
    bool (*cell)(const struct csi_json_member *member, struct csi_arena *arena,
                 struct cosend_cell *cell);
    bool is_json; /* members are values of JSON, as they stand in the text */
    void (*end)(struct cosend_pair_cutter *cutter);
};

/* Say why a text is not of the form. Returns COSEND_PAIRS_OTHER. */
enum cosend_pair_result csi_pair_other(struct cosend_pair_cutter *cutter,
                                       const char *format, ...)
    COSEND_PRINTF(2, 3);
/* The same of a place in the text. */
enum cosend_pair_result csi_pair_bad(struct cosend_pair_cutter *cutter,
                                     const char *at, const char *reason);
/* Add a member of text behind the others. False without memory. */
bool csi_pair_add(struct cosend_pair_cutter *cutter, const char *name,
                  size_t name_length, const char *value, size_t length,
                  bool escaped);

#endif
