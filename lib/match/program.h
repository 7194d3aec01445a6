/* SPDX-License-Identifier: MIT */
/* A pattern as PCRE2 has it, and matches of it that end. */
#ifndef CSI_PROGRAM_H
#define CSI_PROGRAM_H

#include "match/scratch.h"

struct csi_program;

/* What a compilation came to, in PCRE2's terms. */
struct csi_outcome {
    int code;
    size_t offset;
};

/*
 * Compile a pattern with PCRE2's flags. Returns NULL with *outcome set,
 * PCRE2_ERROR_HEAP_FAILED without memory. Free it with csi_program_free.
 */
struct csi_program *csi_program_new(const char *pattern, size_t length,
                                    uint32_t flags,
                                    struct csi_outcome *outcome);
void csi_program_free(struct csi_program *program);

/* PCRE2's code, for what is asked of it by pcre2_pattern_info. */
const pcre2_code *csi_program_code(const struct csi_program *program);
/* Whether it is machine code. */
bool csi_program_is_jit(const struct csi_program *program);

/* For tests: compile what follows without machine code, or with it again. */
void csi_program_mask_jit(bool mask);

/*
 * Match a text. Returns one more than the highest group that matched, whose
 * offsets are in scratch->data; PCRE2_ERROR_NOMATCH; PCRE2_ERROR_MATCHLIMIT,
 * where the text takes too long; PCRE2_ERROR_HEAPLIMIT, where it takes too much
 * memory; or PCRE2_ERROR_NOMEMORY.
 */
int csi_program_match(struct csi_program *program, const char *text,
                      size_t length, struct csi_scratch *scratch);

/* The same for the first match at or behind one of the text's bytes. */
int csi_program_find(struct csi_program *program, const char *text,
                     size_t length, size_t from, struct csi_scratch *scratch);

/* Lines up to this length are matched without counting each step. */
enum { CSI_SHORT_TEXT = 16 * 1024 };

/*
 * Match, by machine code alone, a text of many lines, none of which is longer
 * than `longest`, CSI_SHORT_TEXT at most. Returns what csi_program_match does,
 * or any other negative number where it must be asked line by line: also where
 * a search in the longest of them alone would give up.
 */
int csi_program_match_block(struct csi_program *program, const char *text,
                            size_t length, size_t longest,
                            struct csi_scratch *scratch);

#endif
