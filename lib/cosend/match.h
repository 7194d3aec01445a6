/* SPDX-License-Identifier: MIT */
/*
 * Patterns on cells.
 *
 * Patterns are PCRE2's, compiled by its JIT, and match bytes; dot never
 * matches a newline. They are constant once made and may be shared; what a
 * match needs to write in is made per thread.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_MATCH_H
#define COSEND_MATCH_H

#include "cosend/base.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_regex;

struct cosend_regex_options {
    bool fixed; /* the pattern is a string, not an expression */
    bool ignore_case;
    bool word;    /* only where no letter, digit or _ is beside the match */
    bool whole;   /* only where all of the cell matches */
    bool unicode; /* characters of UTF-8, not bytes; implied by \p{..}, by word
                     and \b, and by a character beyond ASCII in a class,
                     before a quantifier, or with a case to fold; bytes that
                     are no UTF-8 then match nothing */
    bool places;  /* cosend_regex_find will be asked: of many strings none are
                     looked for together, which takes its time */
    uintptr_t reserved[2]; /* zero */
};

/*
 * Compile a pattern. options may be NULL.
 *
 * Returns NULL with COSEND_E_SPEC (the message names the place in the pattern)
 * or COSEND_E_MEMORY in error. Free it with cosend_regex_free.
 */
COSEND_API struct cosend_regex *
cosend_regex_new(const char *pattern, size_t length,
                 const struct cosend_regex_options *options,
                 struct cosend_error *error);
COSEND_API void cosend_regex_free(struct cosend_regex *regex);

/*
 * Compile a list of patterns: what matches any of them, matches; of no pattern,
 * nothing. Strings among them are looked for together, however many they are;
 * expressions one after the other. It has no named groups.
 *
 * Returns NULL as cosend_regex_new does, with *which the pattern that is not
 * right, from 0.
 */
COSEND_API struct cosend_regex *
cosend_regex_new_any(const char *const *patterns, const size_t *lengths,
                     size_t count, const struct cosend_regex_options *options,
                     size_t *which, struct cosend_error *error);

/*
 * Make of several one that matches what all of them match. They become its own,
 * also where it fails.
 *
 * Returns NULL, with COSEND_E_MEMORY in error, without memory.
 */
COSEND_API struct cosend_regex *
cosend_regex_of_all(struct cosend_regex *const *regexes, size_t count,
                    struct cosend_error *error);

/*
 * Compile the patterns of a file, one a line, as cosend_regex_new_any does, and
 * `first` before them if it is not NULL. CRs before line ends and a byte order
 * mark are dropped; an empty line is a pattern that is found everywhere.
 *
 * Returns NULL with COSEND_E_SPEC (the message names the file, and the line of
 * a pattern that is not right; a file without a byte is not) or
 * COSEND_E_MEMORY in error.
 */
COSEND_API struct cosend_regex *cosend_regex_new_from_file(
    const char *path, const char *first, size_t first_length,
    const struct cosend_regex_options *options, struct cosend_error *error);

/* What a match answers. */
enum cosend_match {
    COSEND_NO_MATCH = 0,
    COSEND_MATCH = 1,
    COSEND_MATCH_LIMIT = -1, /* it takes too long: not "no match" */
    COSEND_MATCH_MEMORY = -2,
    COSEND_MATCH_TOO_LONG = -3 /* the text takes the pattern too much memory */
};

/* What is to be said of a pattern that answers LIMIT or TOO_LONG, as
   "backtracks too much"; the record is bad, of the kind "match_limit". */
COSEND_API const char *cosend_match_problem(enum cosend_match answer);

/* Whether the cell matches, telling limits from no match. */
COSEND_API enum cosend_match
cosend_regex_match(const struct cosend_regex *regex, struct cosend_cell cell);

/*
 * The first match in a cell at or behind its byte `from`: *match is a slice of
 * the cell, of no bytes where the pattern matches none. Of several patterns it
 * is the match that begins first, and of those that begin there the longest.
 * What is before `from` is looked at (\b, lookbehind), and no part of it. A
 * regex that was not made for places finds nothing.
 */
COSEND_API enum cosend_match cosend_regex_find(const struct cosend_regex *regex,
                                               struct cosend_cell cell,
                                               uint32_t from,
                                               struct cosend_cell *match);

/* The matches in a cell, from the left to the right; all zero at first, and
   freed by cosend_matches_free. */
struct cosend_matches {
    struct cosend_cell *items;
    size_t count, capacity;
};

/*
 * All of them: each is looked for behind the last one, or a byte further where
 * that is of no bytes.
 *
 * Returns COSEND_MATCH if there is one; else what cosend_regex_find says.
 */
COSEND_API enum cosend_match
cosend_regex_find_all(const struct cosend_regex *regex, struct cosend_cell cell,
                      struct cosend_matches *matches);
COSEND_API void cosend_matches_free(struct cosend_matches *matches);

struct cosend_bytes; /* cosend/bytes.h */

/*
 * What matches of a regex, made for places, become: text in which $1 and
 * ${name} are what groups matched, nothing where they took no part, $0 is the
 * match and $$ a dollar; with `fixed` the text as it stands. The regex must
 * live as long.
 *
 * Returns NULL with COSEND_E_SPEC (the message names the place in the text) or
 * COSEND_E_MEMORY in error. Free it with cosend_replacement_free.
 */
COSEND_API struct cosend_replacement *
cosend_replacement_new(const struct cosend_regex *regex, const char *with,
                       size_t length, bool fixed, struct cosend_error *error);
COSEND_API void cosend_replacement_free(struct cosend_replacement *replacement);

/*
 * Replace all matches in a cell, from the left to the right, or the first one:
 * what the cell becomes is appended to bytes. A match of no bytes is none right
 * behind another, nor inside of a character of UTF-8.
 *
 * Returns COSEND_MATCH; COSEND_NO_MATCH, with nothing appended, where there is
 * none; or, as well, why none could be looked for.
 */
COSEND_API enum cosend_match
cosend_replace(const struct cosend_replacement *replacement,
               struct cosend_cell cell, bool first, struct cosend_bytes *to);

/* Whether the cell matches; a limit, and a lack of memory, count as no. */
COSEND_API bool cosend_regex_matches(const struct cosend_regex *regex,
                                     struct cosend_cell cell);

/*
 * Which lines of a batch match: answers[i] becomes the enum cosend_match of the
 * record at position i. The lines are searched together where they lie
 * together, which is faster than one by one by far.
 *
 * Returns false, answering nothing, where the batch's records are not lines of
 * text as they were read.
 */
COSEND_API bool cosend_regex_match_lines(const struct cosend_regex *regex,
                                         const struct cosend_batch *batch,
                                         signed char *answers);

/* What finds lines that match: "literal", "literals", "pcre2-jit",
   "literal, then pcre2-jit", ... */
COSEND_API const char *cosend_regex_engine(const struct cosend_regex *regex);

/* Its named groups, in the order of their numbers. */
COSEND_API size_t cosend_regex_groups(const struct cosend_regex *regex);
COSEND_API const char *cosend_regex_group(const struct cosend_regex *regex,
                                          size_t i);

/*
 * Match, and take the named groups: cells[i] is a slice of the cell, absent
 * where the group took no part. cells has room for cosend_regex_groups.
 */
COSEND_API enum cosend_match
cosend_regex_captures(const struct cosend_regex *regex, struct cosend_cell cell,
                      struct cosend_cell *cells);

#ifdef __cplusplus
}
#endif

#endif
