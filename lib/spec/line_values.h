/* SPDX-License-Identifier: MIT */
/*
 * Values of a document that are made from words: what the JSON that says the
 * same would have.
 */
#ifndef CSI_LINE_VALUES_H
#define CSI_LINE_VALUES_H

#include "spec/words.h"

/* Words on their way to a document. Values are called by their number there;
   SIZE_MAX is none, for want of memory. */
struct csi_line {
    struct csi_spec *spec;
    struct csi_document *document;
    struct csi_words words;
};

/* Append a value; json's reference is taken. */
size_t csi_line_add(struct csi_line *line, size_t container, const char *key,
                    struct csi_spot spot, json_t *json);

/* No more values in a container; it may be none. */
void csi_line_end(struct csi_line *line, size_t container);

/* Append a value that has a problem already. */
void csi_line_add_unknown(struct csi_line *line, size_t container,
                          const char *key);

/* Whether a word, from byte `from` on, would be true or false elsewhere: quotes
   would say that it is meant; `header=no` is no name. */
bool csi_line_is_no_bool(const struct csi_word *word, size_t from);

/* Append the word in hand, from byte `from` on: a string, which its option's
   row tells what to make of. */
void csi_line_add_scalar(struct csi_line *line, size_t container,
                         const char *key, size_t from);

/* Append bytes [from, to) of the word in hand as a string whose every byte has
   its place. */
void csi_line_add_text(struct csi_line *line, size_t container, const char *key,
                       size_t from, size_t to);

/* Whether values of that type are written with commas between, or may be. */
bool csi_line_is_list(enum cosend_option_type type);

/* Whether the word, from byte `from` on, is JSON: a list's or map's, whose
   items have options of their own. */
bool csi_line_is_json(enum cosend_option_type type, const struct csi_word *word,
                      size_t from);

/*
 * Append to an array the items of the word in hand, from byte `from` on, with
 * commas between; to an object its members, name=value.
 *
 * Returns whether the last one is still to come: the word ends in a comma.
 */
bool csi_line_add_items(struct csi_line *line, size_t array, size_t from);

/* Append what the word in hand is as JSON, from byte `from` on. The word in
   hand is the rest from there afterwards. */
void csi_line_add_json(struct csi_line *line, size_t container, const char *key,
                       size_t from);

/* Say that a pipeline inside of a step cannot be written here. */
void csi_line_refuse_steps(struct csi_line *line, size_t container,
                           const char *key);

/* Append the word in hand as the branches of `tee`, the path of a file; others
   are refused. */
void csi_line_add_branches(struct csi_line *line, size_t container,
                           const struct cosend_option *option, const char *key);

#endif
