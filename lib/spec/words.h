/* SPDX-License-Identifier: MIT */
/*
 * The words of the one-line form.
 *
 *     grep "a b"  ignore_case=true | count by=host, path
 *     '--' '---'  '--------------' ^ '---' '------' '--'
 *
 * A `|` is a word of its own, and ends a stage; `||` does not, and is part of
 * a word as any other two bytes. Quotes protect what they enclose, and are no
 * part of the word. The line stands in the shell's quotes already, so a
 * backslash is an ordinary byte, that patterns can be written as elsewhere;
 * but
 *
 *   - outside quotes it protects a space, tab, newline, `|`, quote, comma, `=`
 *     or backslash behind it, and is then no part of the word;
 *   - in double quotes it does the same to a double quote and a backslash;
 *   - in single quotes it protects nothing.
 *
 * Where a stage has values as `sum(a * b)`, round brackets outside quotes
 * protect what they enclose, up to the one that closes them, and quotes in
 * there are part of it.
 */
#ifndef CSI_WORDS_H
#define CSI_WORDS_H

#include "spec/problems.h"

enum csi_mark {
    CSI_BARE = 1,  /* nothing protects this byte */
    CSI_QUOTED = 2 /* quotes were opened right before it */
};

/* A word without its quotes. Its bytes are the plan's. */
struct csi_word {
    bool is_pipe;
    const char *text;             /* a NUL follows */
    const char *marks;            /* by byte, and at the end: enum csi_mark */
    const struct csi_spot *spots; /* by byte, and one for the word's end */
    size_t length;
    struct csi_spot start; /* of its first byte or quote */
    const char *path;      /* of the value that it is in */
};

/* A text that is taken apart. */
struct csi_words {
    struct csi_spec *spec;
    const char *at, *end;
    const struct csi_spot *given; /* of the byte at `at`; NULL: count them */
    struct csi_spot spot;
    char *text, *marks; /* where the next byte goes */
    char mark;          /* CSI_QUOTED for the next byte, or 0 */
    bool brackets;      /* they protect what they enclose */
    const char *path;
    struct csi_spot *spots;
    struct csi_spot *spots_memory;
    struct csi_word word;
};

/*
 * Begin with a text. `given` has the spot of every byte and of the end, where
 * it is part of another text, in which it has a path; NULL: it is all there is.
 *
 * Returns COSEND_OK; COSEND_E_MEMORY. csi_words_free is due in either case,
 * after which words have no spots.
 */
int csi_words_init(struct csi_words *words, struct csi_spec *spec,
                   const char *text, size_t length,
                   const struct csi_spot *given, const char *path);
void csi_words_free(struct csi_words *words);

/*
 * Read the next word into words->word.
 *
 * Returns COSEND_OK; COSEND_DONE at the end, with a word of no bytes there;
 * COSEND_E_SPEC, with the problem reported.
 */
int csi_words_next(struct csi_words *words);

/* Whether a word follows before the next pipe. */
bool csi_words_follow(const struct csi_words *words);

/* Read the rest of the stage as one word that nothing protects, as it stands,
   up to a pipe that is neither `||` nor in quotes or brackets. False where
   nothing is left; then it has read nothing. */
bool csi_words_rest(struct csi_words *words);

/* The next byte of a text behind its blanks, and how many bytes the rest of the
   stage has from there on. */
const char *csi_words_peek(const struct csi_words *words, size_t *length);

/* The number that the next word is, with the sign in front of it, if any: its
   length, from *number on. 0 where it is something else. */
size_t csi_words_number(const struct csi_words *words, const char **number);

/* Bytes of the stage that a text begins with, up to its pipe or to the end. */
size_t csi_words_stage(const char *text, size_t length);

/* The first byte c of a word, from byte `from` on, that nothing protects, or
   the word's length. */
size_t csi_word_find(const struct csi_word *word, size_t from, char c);

/* Whether nothing protects the first `length` bytes of a word. */
bool csi_word_is_bare(const struct csi_word *word, size_t length);

/* Leave the first `length` bytes of a word. */
void csi_word_skip(struct csi_word *word, size_t length);

/* The place of a word's byte; of the word, quotes included, for byte 0. */
struct csi_place csi_word_place(const struct csi_word *word, size_t at);

#endif
