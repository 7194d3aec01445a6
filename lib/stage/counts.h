/* SPDX-License-Identifier: MIT */
/*
 * What is counted of a stage: the ledger's columns. Whoever adds one adds it
 * here, and to CSI_COUNTS, by which all of them are summed and compared.
 *
 * in + created = out + dropped + skipped + rejected + unread + held, where
 * `dropped` is `absorbed` for those whose filter's row says so.
 */
#ifndef CSI_COUNTS_H
#define CSI_COUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct csi_counts {
    uint64_t in;       /* received */
    uint64_t created;  /* made here */
    uint64_t out;      /* sent on */
    uint64_t dropped;  /* received, and neither sent on nor bad */
    uint64_t skipped;  /* bad, under on_error skip */
    uint64_t rejected; /* bad, under reject and fail */
    uint64_t unread;   /* left of a batch by a stage that ended early */
    uint64_t held;     /* kept beyond a receive, until now */
    uint64_t bytes;    /* read, or written */
    uint64_t ns;       /* spent in the stage's body */
    char bad_kind[32]; /* of all that are skipped and rejected, cut short; "":
                          there are none, or several kinds */
    bool bad_differ;   /* there are several */
};

#define CSI_COUNTS(X)                                                          \
    X(in)                                                                      \
    X(created)                                                                 \
    X(out)                                                                     \
    X(dropped)                                                                 \
    X(skipped)                                                                 \
    X(rejected)                                                                \
    X(unread)                                                                  \
    X(held)                                                                    \
    X(bytes)                                                                   \
    X(ns)

/* There is a bad one of that kind more, or there are those of some counts. */
static inline void csi_counts_note_bad(struct csi_counts *to, const char *kind,
                                       bool differ)
{
    enum { ROOM = sizeof(to->bad_kind) - 1 };

    if (!*to->bad_kind && !to->bad_differ && !differ)
        memcpy(to->bad_kind, kind, strnlen(kind, ROOM));
    to->bad_differ |= differ || (*kind && strncmp(to->bad_kind, kind, ROOM));
    if (to->bad_differ)
        *to->bad_kind = '\0';
}

static inline void csi_counts_add(struct csi_counts *to,
                                  const struct csi_counts *from)
{
#define CSI_ADD(name) to->name += from->name;
    CSI_COUNTS(CSI_ADD)
#undef CSI_ADD
    csi_counts_note_bad(to, from->bad_kind, from->bad_differ);
}

static inline bool csi_counts_balance(const struct csi_counts *counts)
{
    return counts->in + counts->created ==
           counts->out + counts->dropped + counts->skipped + counts->rejected +
               counts->unread + counts->held;
}

#endif
