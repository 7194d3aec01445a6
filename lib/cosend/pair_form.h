/* SPDX-License-Identifier: MIT */
/* Forms of text that names its fields itself, pairs of name and value in
   some order: what parse stands on where records have fields of their own.
   Its structs are stamped (cosend/version.h). */
#ifndef COSEND_PAIR_FORM_H
#define COSEND_PAIR_FORM_H

#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

struct csi_pair_ops;

enum cosend_pair_form_name {
    COSEND_PAIR_LOGFMT,
    COSEND_PAIR_KV,
    COSEND_PAIR_JSON,
    COSEND_PAIR_CSV,
    COSEND_PAIR_CEF,
    COSEND_PAIR_W3C,
    COSEND_PAIR_CADDY,
    COSEND_PAIR_DOCKER
};

/* What some of the forms can be told. Of no bytes: the default. */
struct cosend_pair_options {
    struct cosend_string pair_separator;  /* kv; blanks */
    struct cosend_string value_separator; /* kv; an equals sign */
    struct cosend_string delimiter;       /* csv; a comma */
    const struct cosend_string *names;    /* csv: of its cells, of which there
                                             are as many then; _ is none */
    size_t name_count;
};

/* A form. */
struct cosend_pair_form {
    const char *name;
    const char *help;    /* what writes such text, and what comes of it */
    const char *example; /* a line of it */
    bool in_order; /* what a line means depends on lines that come before it in
                      its file */
    const struct csi_pair_ops *ops; /* nobody else's */
};

/* By enum cosend_pair_form_name; then one without a name. */
COSEND_API extern const struct cosend_pair_form cosend_pair_forms[];

/* What takes one text after the other apart. It belongs to one thread at a
   time. */
struct cosend_pair_cutter;

/*
 * Make one. The options are not looked at any more when it returns.
 *
 * Returns NULL, with COSEND_E_SPEC in error where the options contradict each
 * other, or COSEND_E_MEMORY. Free it with cosend_pair_cutter_free.
 */
COSEND_API struct cosend_pair_cutter *
cosend_pair_cutter_new(const struct cosend_pair_form *form,
                       const struct cosend_pair_options *options,
                       struct cosend_error *error);
COSEND_API void cosend_pair_cutter_free(struct cosend_pair_cutter *cutter);

enum cosend_pair_result {
    COSEND_PAIRS_MEMORY = -1,
    COSEND_PAIRS_CUT,     /* the items can be had */
    COSEND_PAIRS_NO_LINE, /* it says something of the lines that follow, or
                             nothing: no record */
    COSEND_PAIRS_OTHER    /* it is not of the form: see
                             cosend_pair_cutter_problem */
};

/*
 * Take a text apart, which must not change until its items were had; up to 8
 * bytes behind it are read. `source` names the file that it is from, for forms
 * that are `in_order`; or is NULL.
 */
COSEND_API enum cosend_pair_result
cosend_pair_cut(struct cosend_pair_cutter *cutter, struct cosend_cell text,
                const char *source);

/*
 * Go to the next field of the text that was cut last: the first when all of
 * *item is zero. Each name comes once, with its last value. Names and cells
 * live until the next cut.
 *
 * Returns false after the last, and, with *failed set, without memory.
 */
COSEND_API bool cosend_pair_next(struct cosend_pair_cutter *cutter,
                                 struct cosend_item *item, bool *failed);

/* Whether the text that was cut last had a name more than once. */
COSEND_API bool
cosend_pair_cutter_repeats(const struct cosend_pair_cutter *cutter);

/* Why the text that was cut last is not of the form: "byte 7: a quote that is
   not closed". It lives until the next cut. */
COSEND_API const char *
cosend_pair_cutter_problem(const struct cosend_pair_cutter *cutter);

#ifdef __cplusplus
}
#endif

#endif
