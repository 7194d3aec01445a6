/* SPDX-License-Identifier: MIT */
/*
 * A few strings at once, after Teddy (Wang and others, "Hyperscan: A Fast
 * Multi-pattern Regex Matcher for Modern CPUs", NSDI 2019).
 *
 * Of each string one to three neighbouring bytes that are seldom in text, its
 * window, are looked for at 64 places at once. Strings are dealt out to eight
 * buckets (sixteen, where there are many), and a table for each byte of the
 * window says of each value in which buckets it may be, a bit for each:
 *
 *     text                 x   w   p   -   a   d   m
 *     1st byte's table         3   .   .   .                  bucket 0: "wp-"
 *     2nd, one place on        .   1   .   .                  bucket 1: "wpx"
 *     3rd, two places on       .   .   1   .
 *     and                      3 & 1 & 1 = bucket 0: a window may be here
 *
 * Where some bucket has all of them, the window is looked up by its hash, and
 * the strings that have it are compared.
 *
 * Invariants: no string has another one in it, which would be found in its
 * place, so that the first window found is in the first line that has any; a
 * window that is in a text is never missed by a kernel.
 *
 * Limits: 128 strings, since what buckets say gets less with each; as many
 * comparisons a place, at worst, as there are strings with the same window.
 */
#include "match/teddy.h"

#include "base/base.h"
#include "base/simd.h"
#include "match/bytes.h"
#include "match/teddy_buckets.h"

#include <string.h>

enum { CHAIN_BITS = 10 }; /* of a chain's number */

struct csi_teddy {
    csi_teddy_kernel *scan;
    struct csi_teddy_tables tables;
    int16_t chains[1 << CHAIN_BITS]; /* strings by their windows, or -1 */
    bool ignore_case;
    uint32_t fold; /* bits that do not count in a key */
    size_t count;
    struct csi_teddy_string strings[CSI_TEDDY_MOST];
    char text[];
};

static char folded(const struct csi_teddy *teddy, char c)
{
    return teddy->ignore_case ? csi_small(c) : c;
}

/* ---- Comparing ----------------------------------------------------------- */

static bool is_string_at(const struct csi_teddy *teddy,
                         const struct csi_teddy_string *string,
                         const char *text)
{
    if (!teddy->ignore_case)
        return memcmp(text, string->text, string->length) == 0;
    for (size_t i = 0; i < string->length; i++)
        if (csi_small(text[i]) != string->text[i])
            return false;
    return true;
}

/* A window as a number; the same in either case where case is ignored. */
static inline uint32_t window_key_of(const struct csi_teddy *teddy,
                                     const char *window)
{
    uint32_t key = (unsigned char)window[0];

    if (teddy->tables.width > 1)
        key |= (uint32_t)(unsigned char)window[1] << 8;
    if (teddy->tables.width > 2)
        key |= (uint32_t)(unsigned char)window[2] << 16;
    return key | teddy->fold;
}

/* Multiplicative hashing by the golden ratio (Knuth, volume 3, 6.4). */
static inline size_t chain_of(uint32_t key)
{
    return (uint32_t)(key * UINT32_C(2654435769)) >> (32 - CHAIN_BITS);
}

/* Where the string is whose window is at a place, or NULL. */
static const char *find_string_at(const struct csi_teddy *teddy,
                                  const char *place, const char *start,
                                  const char *end)
{
    uint32_t key = window_key_of(teddy, place);

    for (int i = teddy->chains[chain_of(key)]; i >= 0;
         i = teddy->strings[i].next) {
        const struct csi_teddy_string *string = &teddy->strings[i];

        if (key == string->key && (size_t)(place - start) >= string->window &&
            (size_t)(end - place) >= string->length - string->window &&
            is_string_at(teddy, string, place - string->window))
            return place - string->window;
    }
    return NULL;
}

/* ---- Searching ----------------------------------------------------------- */

const char *csi_teddy_find(const struct csi_teddy *teddy, const char *text,
                           const char *end)
{
    const char *start = text, *found;
    uint64_t places;

    for (;; text += CSI_TEDDY_STRETCH) {
        text = teddy->scan(&teddy->tables, text, end, &places);
        if (!places)
            break;
        for (; places; places &= places - 1) {
            found = find_string_at(teddy, text + __builtin_ctzll(places), start,
                                   end);
            if (found)
                return found;
        }
    }
    for (; (size_t)(end - text) >= teddy->tables.width; text++) {
        found = csi_teddy_may_be_at(&teddy->tables, text, teddy->tables.width,
                                    teddy->tables.groups)
                    ? find_string_at(teddy, text, start, end)
                    : NULL;
        if (found)
            return found;
    }
    return NULL;
}

/* ---- Making -------------------------------------------------------------- */

size_t csi_teddy_worth(void)
{
#if defined(__x86_64__)
    return csi_simd_level() >= CSI_SIMD_AVX512 ? CSI_TEDDY_MOST
                                               : CSI_TEDDY_MOST / 2;
#else
    return CSI_TEDDY_MOST / 2;
#endif
}

static bool contains(const struct csi_teddy_string *string,
                     const struct csi_teddy_string *other)
{
    return memmem(string->text, string->length, other->text, other->length);
}

/* Whether it is found by another one: by one of `kept` before it, or one behind
   it, which is not the same. */
static bool is_needless(const struct csi_teddy *teddy, size_t kept, size_t at)
{
    const struct csi_teddy_string *string = &teddy->strings[at];

    for (size_t i = 0; i < kept; i++)
        if (contains(string, &teddy->strings[i]))
            return true;
    for (size_t i = at + 1; i < teddy->count; i++)
        if (teddy->strings[i].length < string->length &&
            contains(string, &teddy->strings[i]))
            return true;
    return false;
}

static void drop_needless(struct csi_teddy *teddy)
{
    size_t kept = 0;

    for (size_t i = 0; i < teddy->count; i++)
        if (!is_needless(teddy, kept, i))
            teddy->strings[kept++] = teddy->strings[i];
    teddy->count = kept;
}

static void take_strings(struct csi_teddy *teddy, const char *text,
                         const size_t *lengths, size_t count)
{
    char *to = teddy->text;

    teddy->count = count;
    for (size_t i = 0; i < count; i++) {
        teddy->strings[i] =
            (struct csi_teddy_string){.text = to, .length = lengths[i]};
        for (size_t j = 0; j < lengths[i]; j++)
            *to++ = folded(teddy, *text++);
    }
    drop_needless(teddy);
}

/* The first strings are in front. */
static void make_chains(struct csi_teddy *teddy)
{
    memset(teddy->chains, -1, sizeof(teddy->chains));
    for (size_t i = teddy->count; i--;) {
        struct csi_teddy_string *string = &teddy->strings[i];
        size_t chain;

        string->key = window_key_of(teddy, string->text + string->window);
        chain = chain_of(string->key);
        string->next = teddy->chains[chain];
        teddy->chains[chain] = (int16_t)i;
    }
}

struct csi_teddy *csi_teddy_new(const char *text, const size_t *lengths,
                                size_t count, bool ignore_case)
{
    struct csi_teddy *teddy;
    size_t total = 0;

    if (!count || count > CSI_TEDDY_MOST)
        return NULL;
    for (size_t i = 0; i < count; i++)
        total += lengths[i];
    teddy = csi_calloc(1, sizeof(*teddy) + total);
    if (!teddy)
        return NULL;
    teddy->ignore_case = ignore_case;
    teddy->fold = ignore_case ? 0x202020 : 0;
    take_strings(teddy, text, lengths, count);
    csi_teddy_deal_out(&teddy->tables, teddy->strings, teddy->count,
                       ignore_case);
    make_chains(teddy);
    teddy->scan = csi_teddy_choose_kernel();
    return teddy;
}

void csi_teddy_free(struct csi_teddy *teddy)
{
    csi_free(teddy);
}
