/* SPDX-License-Identifier: MIT */
/*
 * Patterns of fields' names, and the fields that a list of them takes.
 *
 *     *_time      glob: * is any characters, ? is one
 *     /^x_/       a PCRE2 pattern, found anywhere in the name; /^x_/i
 *     #3  #-1     the third field; the last one
 *     a-c  c-a    those from one to another, as they stand, or turned round
 *     a-   -c     to the last, from the first
 *     !x          what is taken by then without x; at first that is all
 *     `a-c`       the name in backquotes, whatever is in it
 *
 * A name that a field has is that field, whatever signs are in it. A range ends
 * in names, also in backquotes, or numbers, #2-#4, or #2-4; where several of
 * its dashes could be the one, it is the first with a field on each side.
 *
 * Of records that name their fields a-c is a name and no range: what a list
 * takes must not hang on which fields one of them lacks. `a`-`c` is a range of
 * them.
 */
#ifndef CSI_FIELD_PATTERN_H
#define CSI_FIELD_PATTERN_H

#include "cosend/filter.h"
#include "cosend/match.h"

enum csi_field_kind {
    CSI_FIELD_NAME,
    CSI_FIELD_GLOB,
    CSI_FIELD_REGEX,
    CSI_FIELD_NUMBER,
    CSI_FIELD_RANGE
};

struct csi_field_pattern {
    enum csi_field_kind kind;
    bool negated;
    bool is_word;              /* a-c, which is a name in an open schema */
    struct cosend_string text; /* behind a "!", in backquotes or slashes */
    int64_t number;
    struct cosend_regex *regex;
};

/*
 * What an item of a list means: *pattern is NULL where it is a name that only a
 * field of that name can be; text must live as long.
 *
 * Returns COSEND_OK; COSEND_E_SPEC or COSEND_E_MEMORY, with *error.
 */
int csi_field_pattern_new(const char *text, size_t length,
                          struct csi_field_pattern **pattern,
                          struct cosend_error *error);
void csi_field_pattern_free(struct csi_field_pattern *pattern);

/* What the items of a list take, of fields by these names. */
struct csi_field_choice {
    const struct cosend_string *names;
    uint32_t count;
    bool open;        /* of a record that names its fields */
    uint32_t *chosen; /* room for as many; each once, in the list's order */
    uint32_t chosen_count;
    uint32_t *by;  /* by name: the item that took it, from 1; 0: none */
    uint32_t item; /* that was asked last, from 1; 0: none */
};

/* Choose by the next item of the list. Returns whether it stands for a field at
   least, which may have been chosen before. */
bool csi_field_choose(struct csi_field_choice *choice, const char *name,
                      const struct csi_field_pattern *pattern);

#endif
