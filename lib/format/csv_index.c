/* SPDX-License-Identifier: MIT */
/*
 * csv_index.h says how structure is told from content. Here it is done for up
 * to WORDS words of 64 bytes at a time, in three steps:
 *
 *     find_words   a bitmap each of delimiters, LFs, quotes and CRs
 *     read_word    which of these end cells and records; the first odd byte
 *     add_...      the places of the bits become rows->marks, starts and ends
 *
 * The second and third step are written twice. take_words has a branch for a
 * word without quotes and one for a word without records; take_steadily, for
 * AVX-512, has none that depends on the data, and always writes as many numbers
 * as a register holds: of the next word's they are overwritten. Both write
 * behind the end of what they count, so there is room for MARKS and ROWS more.
 *
 * marks holds the ends of all cells of all rows, one after another; a row
 * remembers its first one. `*first` is the first mark of the row that is not
 * whole yet; marks from there on are dropped at the end, since that row is
 * indexed again when more bytes have come.
 */
#include "format/csv_index.h"

#include "record/bit_numbers.h"
#include "record/byte_bitmaps.h"
#include "record/byte_places_x86.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define BMI __attribute__((target("bmi,bmi2,popcnt,pclmul")))
#define AVX512                                                                 \
    __attribute__((target("bmi,bmi2,popcnt,pclmul,avx512f,avx512bw,avx512vl,"  \
                          "avx512vbmi2")))
#endif

#define INLINE __attribute__((always_inline)) static inline

enum {
    WORDS = 64,      /* of bitmaps at once, at most, */
    FIRST_WORDS = 8, /* and at first: the next record may be odd */
    MARKS = 16,      /* written at once, whether there are as many or not */
    ROWS = 64 + MARKS + 1 /* more than wanted: a word's, and as for marks */
};

enum { DELIMITER, NEWLINE, QUOTE, CARRIAGE };

/* What is known of the byte before a word, and what of its bytes. */
struct scan {
    struct csi_csv_index *index;
    const char *p;         /* the word's bytes */
    uint64_t inside;       /* all ones where the word starts in quotes */
    uint64_t structural;   /* 1: a cell started with the word */
    uint64_t closed;       /* 1: the byte before was a quote that closed */
    uint64_t any_carriage; /* 1: ... was a CR */
};

/* Of a word: delimiters and LFs out of quotes, and the first odd byte. */
struct structure {
    uint64_t cells, records, odd;
};

static void begin_scan(struct scan *scan, struct csi_csv_index *index)
{
    *scan = (struct scan){.index = index, .p = index->start, .structural = 1};
    index->odd = false;
}

static uint64_t prefix_xor(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

#if defined(__x86_64__)
BMI static inline uint64_t prefix_xor_by_multiplying(uint64_t bits)
{
    __m128i all = _mm_set1_epi8('\xff');
    __m128i word = _mm_set_epi64x(0, (long long)bits);

    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(word, all, 0));
}
#endif

INLINE struct structure read_quotes(struct scan *scan,
                                    const struct csi_scan_word *word,
                                    uint64_t (*xored)(uint64_t))
{
    uint64_t quotes = word->bits[QUOTE];
    uint64_t inside = xored(quotes) ^ scan->inside;
    uint64_t closers = quotes & ~inside, openers = quotes & inside;
    struct structure found = {
        .cells = (word->bits[DELIMITER] | word->bits[NEWLINE]) & ~inside,
        .records = word->bits[NEWLINE] & ~inside};

    found.odd = openers & ~(found.cells << 1 | scan->structural | closers << 1 |
                            scan->closed);
    scan->inside = -(inside >> 63);
    scan->closed = closers >> 63;
    scan->structural = found.cells >> 63;
    return found;
}

/* The same where no quote is near. */
INLINE struct structure read_plain(struct scan *scan,
                                   const struct csi_scan_word *word)
{
    struct structure found = {.cells =
                                  word->bits[DELIMITER] | word->bits[NEWLINE],
                              .records = word->bits[NEWLINE]};

    scan->structural = found.cells >> 63;
    scan->closed = 0;
    return found;
}

/* Whether quotes matter to a word. */
INLINE bool has_quotes(const struct scan *scan,
                       const struct csi_scan_word *word)
{
    return word->bits[QUOTE] | scan->inside;
}

INLINE struct structure read_word(struct scan *scan, struct csi_scan_word *word,
                                  bool quotes, uint64_t (*xored)(uint64_t))
{
    size_t left = (size_t)(scan->index->end - scan->p);
    struct structure found;

    if (quotes)
        found = read_quotes(scan, word, xored);
    else
        found = read_plain(scan, word);
    /* Behind the last byte at hand there may be anything. */
    if (left < CSI_SCAN_WORD)
        found.odd &= csi_low_bits(left);
    if (found.odd) {
        uint64_t before = found.odd & (0 - found.odd);

        found.cells &= before - 1;
        found.records &= before - 1;
    }
    return found;
}

/* The places of the cells' ends; there is room for MARKS more than there are.
 */
INLINE void add_marks(struct csi_rows *rows, uint64_t cells, uint32_t base)
{
    uint32_t *to = rows->marks + rows->mark_count;

    rows->mark_count += (unsigned)__builtin_popcountll(cells);
    csi_bit_numbers(to, cells, base);
}

/* Returns false when there are as many rows as there may be. */
INLINE bool add_records(struct csi_rows *rows, struct scan *scan,
                        const struct structure *found, uint32_t marks,
                        uint32_t *first)
{
    struct csi_csv_index *index = scan->index;
    const char *data = rows->block->data, *start = index->start;
    uint64_t records = found->records;
    uint32_t count = rows->count;

    for (; records && count < index->most; records &= records - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(records);
        uint64_t before = found->cells & ((UINT64_C(1) << bit) - 1);
        const char *next = scan->p + bit + 1;

        rows->starts[count] = (uint32_t)(start - data);
        rows->ends[count] = (uint32_t)(next - data);
        rows->first_mark[count] = *first;
        *first = marks + (unsigned)__builtin_popcountll(before) + 1;
        count += index->keeps_blank ||
                 !(next - start == 1 || (next - start == 2 && *start == '\r'));
        start = next;
    }
    rows->count = count;
    index->start = start;
    return count < index->most;
}

INLINE bool take_words(struct scan *scan, struct csi_rows *rows,
                       struct csi_scan_word *words, size_t count,
                       uint32_t *first, uint64_t (*xored)(uint64_t))
{
    const char *data = rows->block->data;

    for (size_t w = 0; w < count; w++, scan->p += CSI_SCAN_WORD) {
        struct csi_scan_word *word = &words[w];
        bool has = has_quotes(scan, word);
        struct structure found = read_word(scan, word, has, xored);
        uint32_t marks = (uint32_t)rows->mark_count;

        rows->clean &= !((word->bits[CARRIAGE] << 1 | scan->any_carriage) &
                         ~word->bits[NEWLINE]);
        scan->any_carriage = word->bits[CARRIAGE] >> 63;
        scan->index->quoted |= word->bits[QUOTE] != 0;
        add_marks(rows, found.cells, (uint32_t)(scan->p - data));
        if (found.records && !add_records(rows, scan, &found, marks, first))
            return false;
        if (found.odd) {
            scan->index->odd = true;
            return false;
        }
    }
    return true;
}

static bool take_any(struct scan *scan, struct csi_rows *rows,
                     struct csi_scan_word *words, size_t count, uint32_t *first)
{
    return take_words(scan, rows, words, count, first, prefix_xor);
}

#if defined(__x86_64__)
BMI static bool take_bmi(struct scan *scan, struct csi_rows *rows,
                         struct csi_scan_word *words, size_t count,
                         uint32_t *first)
{
    return take_words(scan, rows, words, count, first,
                      prefix_xor_by_multiplying);
}

/* ---- The same without a branch that data decide -------------------------- */

/* Rows [from, count) are new: leave blank ones out. */
static void drop_blank(struct csi_rows *rows, uint32_t from, uint32_t count)
{
    const char *data = rows->block->data;
    uint32_t shorts = 0;

    for (uint32_t i = from; i < count; i++)
        shorts += rows->ends[i] - rows->starts[i] <= 2;
    rows->count = shorts ? from : count;
    for (uint32_t i = from; shorts && i < count; i++) {
        uint32_t start = rows->starts[i], length = rows->ends[i] - start;

        if (length == 1 || (length == 2 && data[start] == '\r'))
            continue;
        rows->starts[rows->count] = start;
        rows->ends[rows->count] = rows->ends[i];
        rows->first_mark[rows->count++] = rows->first_mark[i];
    }
}

/* Where a record ends the next one starts; what is left of the last is where
   the next row would be. */
AVX512 INLINE bool take_steadily(struct scan *at, struct csi_rows *rows,
                                 struct csi_scan_word *words, size_t count,
                                 uint32_t *first, bool quotes)
{
    struct scan scan = *at; /* in registers */
    struct csi_csv_index *index = scan.index;
    const char *data = rows->block->data;
    uint32_t *starts = rows->starts, *ends = rows->ends;
    uint32_t *marks = rows->marks, *first_mark = rows->first_mark;
    uint32_t most = index->most;
    uint32_t mark = (uint32_t)rows->mark_count, row = rows->count;
    uint64_t odd = 0, carriages = 0;

    starts[row] = (uint32_t)(index->start - data);
    first_mark[row] = *first;
    for (size_t w = 0; w < count && !odd && row < most; w++) {
        struct csi_scan_word *word = &words[w];
        struct structure found =
            read_word(&scan, word, quotes, prefix_xor_by_multiplying);
        uint32_t base = (uint32_t)(scan.p - data);

        carriages |= (word->bits[CARRIAGE] << 1 | scan.any_carriage) &
                     ~word->bits[NEWLINE];
        scan.any_carriage = word->bits[CARRIAGE] >> 63;
        odd = found.odd;
        csi_put_places(marks + mark, found.cells, base, 16);
        csi_put_places(ends + row, found.records, base + 1, 8);
        csi_put_places(starts + row + 1, found.records, base + 1, 8);
        csi_put_places(first_mark + row + 1,
                       _pext_u64(found.records, found.cells), mark + 1, 8);
        mark += (uint32_t)__builtin_popcountll(found.cells);
        row += (uint32_t)__builtin_popcountll(found.records);
        scan.p += CSI_SCAN_WORD;
    }
    *at = scan;
    rows->clean &= carriages == 0;
    rows->mark_count = mark;
    index->odd = odd && row < most;
    count = row < most ? row : most;
    index->start = data + starts[count];
    *first = first_mark[count];
    if (index->keeps_blank)
        rows->count = (uint32_t)count;
    else
        drop_blank(rows, rows->count, (uint32_t)count);
    return !odd && row < most;
}

AVX512 static bool take_avx512(struct scan *scan, struct csi_rows *rows,
                               struct csi_scan_word *words, size_t count,
                               uint32_t *first)
{
    bool quotes = false;

    for (size_t w = 0; w < count; w++)
        quotes |= has_quotes(scan, &words[w]);
    scan->index->quoted |= quotes;
    return quotes ? take_steadily(scan, rows, words, count, first, true)
                  : take_steadily(scan, rows, words, count, first, false);
}
#endif

/* The bitmaps of the next words, of which there are at most `most`. */
static size_t find_words(const struct scan *scan, struct csi_scan_word *words,
                         size_t most)
{
    const struct csi_csv_index *index = scan->index;
    const char needles[CSI_SCAN_NEEDLES] = {[DELIMITER] = index->delimiter,
                                            [NEWLINE] = '\n',
                                            [QUOTE] = index->quote,
                                            [CARRIAGE] = '\r'};
    size_t bytes = (size_t)(index->end - scan->p);
    size_t count = csi_scan_words(bytes);

    if (count > most)
        count = most;
    csi_scan_kernels()->find(scan->p, count, needles, words);
    for (int i = 0; bytes < count * CSI_SCAN_WORD && i < CSI_SCAN_NEEDLES; i++)
        words[count - 1].bits[i] &= csi_low_bits(bytes % CSI_SCAN_WORD);
    for (size_t w = 0; index->unquoted && w < count; w++)
        words[w].bits[QUOTE] = 0;
    return count;
}

#if defined(__x86_64__)
static bool has_bmi(void)
{
    return csi_simd_level() >= CSI_SIMD_AVX2;
}
#endif

bool csi_csv_index(struct csi_csv_index *index, struct csi_rows *rows)
{
    bool (*take)(struct scan *, struct csi_rows *, struct csi_scan_word *,
                 size_t, uint32_t *) = take_any;
    struct csi_scan_word words[WORDS];
    uint32_t first = (uint32_t)rows->mark_count;
    size_t most = FIRST_WORDS;
    struct scan scan;
    bool more = true;

#if defined(__x86_64__)
    if (has_bmi())
        take = take_bmi;
    if (csi_simd_level() >= CSI_SIMD_AVX512)
        take = take_avx512;
#endif
    begin_scan(&scan, index);
    while (more && scan.p < index->end) {
        size_t count = find_words(&scan, words, most),
               bytes = count * CSI_SCAN_WORD;
        size_t room = index->most - rows->count;

        if (room > bytes)
            room = bytes;
        if (!csi_rows_reserve(rows, room + ROWS) ||
            !csi_grow(&rows->marks, &rows->mark_capacity,
                      rows->mark_count + bytes + MARKS, sizeof(*rows->marks)))
            return false;
        more = take(&scan, rows, words, count, &first);
        most = WORDS;
    }
    rows->mark_count = first;
    return true;
}

/* ---- The border ---------------------------------------------------------- */

/* *newlines: those behind the last record found, or since the start. Which word
   that ends in is kept without a branch, as half of them have such an end. */
INLINE bool pass_words(struct scan *scan, struct csi_scan_word *words,
                       size_t count, uint64_t *newlines,
                       uint64_t (*xored)(uint64_t))
{
    struct csi_csv_index *index = scan->index;
    uint64_t records = 0, lines = 0, all = *newlines, upto = 0, odd = 0;
    const char *at = scan->p;
    bool quotes = scan->inside;

    for (size_t w = 0; w < count; w++)
        quotes |= words[w].bits[QUOTE] != 0;
    for (size_t w = 0; w < count && !odd; w++, scan->p += CSI_SCAN_WORD) {
        struct structure found = read_word(scan, &words[w], quotes, xored);
        bool any = found.records != 0;

        all += (unsigned)__builtin_popcountll(words[w].bits[NEWLINE]);
        records = any ? found.records : records;
        lines = any ? words[w].bits[NEWLINE] : lines;
        upto = any ? all : upto;
        at = any ? scan->p : at;
        odd = found.odd;
    }
    *newlines = all;
    if (records) {
        unsigned last = 63 - (unsigned)__builtin_clzll(records);
        uint64_t behind = (unsigned)__builtin_popcountll(lines >> last >> 1);

        index->start = at + last + 1;
        index->newlines += upto - behind;
        *newlines = all - (upto - behind);
    }
    index->odd = odd != 0;
    return !odd;
}

static bool pass_any(struct scan *scan, struct csi_scan_word *words,
                     size_t count, uint64_t *newlines)
{
    return pass_words(scan, words, count, newlines, prefix_xor);
}

#if defined(__x86_64__)
BMI static bool pass_bmi(struct scan *scan, struct csi_scan_word *words,
                         size_t count, uint64_t *newlines)
{
    return pass_words(scan, words, count, newlines, prefix_xor_by_multiplying);
}
#endif

void csi_csv_index_border(struct csi_csv_index *index)
{
    bool (*pass)(struct scan *, struct csi_scan_word *, size_t, uint64_t *) =
        pass_any;
    struct csi_scan_word words[WORDS];
    size_t most = FIRST_WORDS;
    uint64_t newlines = 0;
    struct scan scan;
    bool more = true;

#if defined(__x86_64__)
    if (has_bmi())
        pass = pass_bmi;
#endif
    begin_scan(&scan, index);
    while (more && scan.p < index->end) {
        more = pass(&scan, words, find_words(&scan, words, most), &newlines);
        most = WORDS;
    }
}
