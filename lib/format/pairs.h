/* SPDX-License-Identifier: MIT */
/*
 * Records that name their fields themselves, one pair of name and value after
 * the other: LTSV (ltsv.org) and logfmt, in a line, and XTAB, in a line each.
 */
#ifndef CSI_PAIRS_H
#define CSI_PAIRS_H

#include "format/json_scan.h"

/* A pair as it stands in the record: of a value that is quoted what is between
   the quotes, `escaped` where there is a backslash in it; a name alone is a
   COSEND_BOOL. */
struct csi_pairs {
    struct csi_json json; /* its members, and what is wrong with a line */
    struct csi_json_member pair;
};

/*
 * Move *p on behind the next pair of a record, which becomes pairs->pair.
 *
 * Returns whether there was one: not at the end, nor where something is wrong,
 * which pairs->json.bad and .reason say.
 */
typedef bool csi_next_pair(struct csi_pairs *pairs, const char **p,
                           const char *end);

csi_next_pair csi_ltsv_next, csi_logfmt_next, csi_xtab_next;

/* Take the value in quotes whose first byte is at *p, with logfmt's escapes; *p
   is behind the closing quote then. Returns as a csi_next_pair. */
bool csi_quoted_take(struct csi_pairs *pairs, const char **p, const char *end);

enum csi_pairs_result { CSI_PAIRS_OK, CSI_PAIRS_BAD, CSI_PAIRS_MEMORY };

/* All pairs of a record as pairs->json's members, from its arena. */
enum csi_pairs_result csi_pairs_scan(struct csi_pairs *pairs,
                                     csi_next_pair *next, const char *start,
                                     const char *end);

/* Decode the bytes of a value that has escapes, into as much room as they take.
   Returns how many they become, which are no more. */
typedef size_t csi_decode_pair(const char *value, size_t length, char *out);

/* The cell of a pair; decoded into the arena where it must be. False without
   memory. */
bool csi_pairs_decode(const struct csi_json_member *pair,
                      struct csi_arena *arena, struct cosend_cell *cell,
                      csi_decode_pair *decode);
/* The same with the escapes of logfmt. */
bool csi_pairs_cell(const struct csi_json_member *pair, struct csi_arena *arena,
                    struct cosend_cell *cell);

#endif
