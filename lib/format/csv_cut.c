/* SPDX-License-Identifier: MIT */
#include "format/csv_cut.h"

/* Whether the quote that opened last is open for longer than it may be. */
static bool is_unclosed(const struct csi_csv_cut *cut, const char *p)
{
    return cut->most && cut->opened && (size_t)(p - cut->opened) > cut->most;
}

const char *csi_csv_cut(const struct csi_csv_rules *rules,
                        struct csi_csv_cut *cut, const char *p, const char *end,
                        bool final)
{
    const char *start = p;

    while (p < end) {
        enum csi_csv_state before = cut->state;
        struct csi_csv_piece piece;
        const char *next =
            csi_csv_step(rules, &cut->state, p, end, final, &piece);

        if (!next)
            break;
        if (before == CSI_CSV_START && cut->state == CSI_CSV_QUOTED)
            cut->opened = p;
        if (before == CSI_CSV_QUOTED && cut->state == CSI_CSV_CLOSED &&
            is_unclosed(cut, p)) {
            cut->unclosed = true;
            return NULL;
        }
        if (piece.stray && !cut->stray)
            cut->stray = p;
        cut->tail |= cut->state >= CSI_CSV_BLANKS;
        cut->content = p;
        p = next;
        if (piece.part == CSI_CSV_RECORD_END)
            return p;
    }
    cut->at = cut->content = p;
    cut->unclosed =
        cut->state == CSI_CSV_QUOTED && (final || is_unclosed(cut, end));
    return final && p > start && !cut->unclosed ? end : NULL;
}
