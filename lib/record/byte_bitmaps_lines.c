/* SPDX-License-Identifier: MIT */
/* Cutting lines, by bitmaps of their newlines. */
#include "record/byte_bitmaps_lines.h"
#include "record/byte_bitmaps.h"

#if defined(__x86_64__)
#define BMI __attribute__((target("bmi,bmi2,popcnt")))
#endif

enum { WORDS = 64 }; /* of bitmaps at once */

/* One call's work. */
struct cut {
    const char *data;  /* of the block */
    const char *start; /* of the next line */
    uint32_t most;     /* rows */
    uint64_t line_ends;
    bool (*is_blank)(const char *start, const char *end);
};

/*
 * Append the lines whose newlines are in a word for the bytes from p on.
 * Returns false when there are as many rows as there may be.
 */
__attribute__((always_inline)) static inline bool
take_word(struct csi_rows *rows, struct cut *cut, const char *p, uint64_t found)
{
    const char *data = cut->data, *start = cut->start;
    uint32_t count = rows->count;

    for (; found && count < cut->most; found &= found - 1) {
        const char *next = p + __builtin_ctzll(found) + 1;

        rows->starts[count] = (uint32_t)(start - data);
        rows->ends[count] = (uint32_t)(next - data);
        /* What is not blank starts with a byte above a space, mostly. */
        count += !cut->is_blank || (unsigned char)*start > ' ' ||
                 !cut->is_blank(start, next);
        start = next;
        cut->line_ends++;
    }
    rows->count = count;
    cut->start = start;
    return !found;
}

/*
 * The same where all may be rows, and there is room for each. Whether a word
 * has a newline is as good as chance to a processor that guesses it: so one is
 * written in any case, and counted if it is there. More are seldom.
 */
__attribute__((always_inline)) static inline void
take_rows(struct csi_rows *rows, struct cut *cut, const char *p,
          const uint64_t *found, size_t words)
{
    uint32_t *starts = rows->starts, *ends = rows->ends;
    uint32_t count = rows->count, behind = (uint32_t)(p - cut->data) + 1;

    starts[count] = (uint32_t)(cut->start - cut->data);
    for (size_t w = 0; w < words; w++, behind += CSI_SCAN_WORD) {
        uint64_t bits = found[w];

        do {
            uint32_t next =
                behind + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);

            ends[count] = starts[count + 1] = next;
            count += bits != 0;
            bits &= bits - 1;
        } while (bits);
    }
    cut->line_ends += count - rows->count;
    cut->start = cut->data + starts[count];
    rows->count = count;
}

__attribute__((always_inline)) static inline bool
take_words(struct csi_rows *rows, struct cut *cut, const char *p,
           const uint64_t *found, size_t words)
{
    for (size_t w = 0; w < words; w++, p += CSI_SCAN_WORD)
        if (found[w] && !take_word(rows, cut, p, found[w]))
            return false;
    return true;
}

/* What takes the lines of some words: all of them, and whichever may be. */
struct takers {
    void (*rows)(struct csi_rows *rows, struct cut *cut, const char *p,
                 const uint64_t *found, size_t words);
    bool (*words)(struct csi_rows *rows, struct cut *cut, const char *p,
                  const uint64_t *found, size_t words);
};

static void take_any_rows(struct csi_rows *rows, struct cut *cut, const char *p,
                          const uint64_t *found, size_t words)
{
    take_rows(rows, cut, p, found, words);
}

static bool take_any_words(struct csi_rows *rows, struct cut *cut,
                           const char *p, const uint64_t *found, size_t words)
{
    return take_words(rows, cut, p, found, words);
}

#if defined(__x86_64__)
BMI static void take_bmi_rows(struct csi_rows *rows, struct cut *cut,
                              const char *p, const uint64_t *found,
                              size_t words)
{
    take_rows(rows, cut, p, found, words);
}

BMI static bool take_bmi_words(struct csi_rows *rows, struct cut *cut,
                               const char *p, const uint64_t *found,
                               size_t words)
{
    return take_words(rows, cut, p, found, words);
}
#endif

static struct takers choose_takers(void)
{
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        return (struct takers){take_bmi_rows, take_bmi_words};
#endif
    return (struct takers){take_any_rows, take_any_words};
}

bool csi_scan_lines(struct csi_rows *rows, const char **start, const char *from,
                    const char *end, uint32_t most,
                    bool (*is_blank)(const char *start, const char *end))
{
    const struct csi_scan_kernels *kernels = csi_scan_kernels();
    struct takers takers = choose_takers();
    struct cut cut = {rows->block->data, *start, most, 0, is_blank};
    uint64_t found[WORDS];
    bool more = true;

    while (more && from < end) {
        size_t words = csi_scan_words((size_t)(end - from));
        uint32_t room = most - rows->count;
        bool all;

        if (words > WORDS)
            words = WORDS;
        all = !is_blank && room >= words * CSI_SCAN_WORD;
        if (room > words * CSI_SCAN_WORD)
            room = (uint32_t)(words * CSI_SCAN_WORD);
        /* One more than needed: a blank line is written before it is judged. */
        if (!csi_rows_reserve(rows, (size_t)room + 1))
            return false;
        kernels->find_one(from, words, csi_rows_end_byte(rows), found);
        if ((size_t)(end - from) < words * CSI_SCAN_WORD)
            found[words - 1] &=
                csi_low_bits((size_t)(end - from) % CSI_SCAN_WORD);
        if (all)
            takers.rows(rows, &cut, from, found, words);
        else
            more = takers.words(rows, &cut, from, found, words);
        from += words * CSI_SCAN_WORD;
    }
    *start = cut.start;
    rows->line_ends = cut.line_ends;
    return true;
}
