/* SPDX-License-Identifier: MIT */
/*
 * Pairs with separators of the user's:
 *
 *     text   = [pair] *(between [pair])
 *     pair   = blanks name blanks separator blanks value blanks
 *     value  = quoted / text up to `between`
 *
 * What is no pair's is a blank that `between` does not begin with: so blanks
 * between pairs end a value, and "a= b=2" has an empty a. A name has a
 * separator behind it, in front of the next `between`.
 */
#include "format/pair_kv.h"

#include <stdio.h>
#include <string.h>

enum { MOST_SEPARATOR = 32 };

struct kv {
    char between[MOST_SEPARATOR], separator[MOST_SEPARATOR];
    size_t between_length, separator_length;
    bool blanks; /* spaces and tabs are between pairs */
    char no_separator[MOST_SEPARATOR + 64];
};

static bool is_kv_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether what is between pairs is at p. */
static bool is_between(const struct kv *kv, const char *p, const char *end)
{
    if (kv->blanks)
        return p < end && is_kv_blank(*p);
    return (size_t)(end - p) >= kv->between_length &&
           memcmp(p, kv->between, kv->between_length) == 0;
}

static const char *pass_kv_blanks(const struct kv *kv, const char *p,
                                  const char *end)
{
    while (p < end && is_kv_blank(*p) && !is_between(kv, p, end))
        p++;
    return p;
}

static const char *trim_kv(const char *start, const char *end)
{
    while (end > start && is_kv_blank(end[-1]))
        end--;
    return end;
}

/* Where the piece that begins at p ends: at what is between it and the next. */
static const char *piece_end(const struct kv *kv, const char *p,
                             const char *end)
{
    const char *at;

    if (!kv->blanks) {
        at = memmem(p, (size_t)(end - p), kv->between, kv->between_length);
        return at ? at : end;
    }
    while (p < end && !is_kv_blank(*p))
        p++;
    return p;
}

static bool refuse_kv(struct csi_pairs *pairs, const char *at,
                      const char *reason)
{
    pairs->json.bad = at;
    pairs->json.reason = reason;
    return false;
}

/* The value at *p, which then is behind it. */
static bool take_kv_value(const struct kv *kv, struct csi_pairs *pairs,
                          const char **p, const char *end)
{
    const char *start = *p, *stop;

    if (start < end && *start == '"') {
        *p = start + 1;
        if (!csi_quoted_take(pairs, p, end))
            return false;
        *p = pass_kv_blanks(kv, *p, end);
        if (*p == end || is_between(kv, *p, end))
            return true;
        return refuse_kv(pairs, *p, "text behind a closing quote");
    }
    *p = piece_end(kv, start, end);
    stop = trim_kv(start, *p);
    if (memchr(start, '"', (size_t)(stop - start)))
        return refuse_kv(pairs, start,
                         "a quote in a value that is not in quotes");
    pairs->pair.value = start;
    pairs->pair.length = (uint32_t)(stop - start);
    return true;
}

/* The pair at *p. */
static bool take_kv_pair(const struct kv *kv, struct csi_pairs *pairs,
                         const char **p, const char *end)
{
    const char *start = *p, *stop = piece_end(kv, start, end);
    const char *at = memmem(start, (size_t)(end - start), kv->separator,
                            kv->separator_length);
    const char *name_end;

    if (!at || at > stop)
        return refuse_kv(pairs, start, kv->no_separator);
    name_end = trim_kv(start, at);
    if (name_end == start)
        return refuse_kv(pairs, start,
                         "a name was expected in front of value_separator");
    if (memchr(start, '"', (size_t)(name_end - start)))
        return refuse_kv(pairs, start, "a name has no quotes in it");
    pairs->pair =
        (struct csi_json_member){.name = start,
                                 .name_length = (uint32_t)(name_end - start),
                                 .kind = COSEND_TEXT};
    *p = pass_kv_blanks(kv, at + kv->separator_length, end);
    return take_kv_value(kv, pairs, p, end);
}

static enum cosend_pair_result cut_kv(struct cosend_pair_cutter *cutter,
                                      const char *start, const char *end,
                                      const char *source)
{
    const struct kv *kv = cutter->own;
    struct csi_pairs *pairs = &cutter->pairs;
    const char *p = start;

    (void)source;
    for (;;) {
        while (p < end && (is_kv_blank(*p) || is_between(kv, p, end)))
            p += is_between(kv, p, end) && !kv->blanks ? kv->between_length : 1;
        if (p >= end)
            break;
        if (!take_kv_pair(kv, pairs, &p, end))
            return csi_pair_bad(cutter, pairs->json.bad, pairs->json.reason);
        if (!csi_json_add_member(&pairs->json, &pairs->pair))
            return COSEND_PAIRS_MEMORY;
    }
    return pairs->json.count ? COSEND_PAIRS_CUT
                             : csi_pair_other(cutter, "there is no pair in it");
}

/* ---- Options ------------------------------------------------------------- */

static bool take_separator(char *to, size_t *length,
                           struct cosend_string option, const char *fallback,
                           const char *name, struct cosend_error *error)
{
    const char *text = option.length ? option.data : fallback;

    *length = option.length ? option.length : strlen(fallback);
    if (*length > MOST_SEPARATOR)
        return cosend_error_set(error, COSEND_E_SPEC, "%s has %d bytes at most",
                                name, MOST_SEPARATOR) >= 0;
    memcpy(to, text, *length);
    return true;
}

static bool begin_kv(struct cosend_pair_cutter *cutter,
                     const struct cosend_pair_options *options,
                     struct cosend_error *error)
{
    struct kv *kv = csi_calloc(1, sizeof(*kv));
    int length;

    cutter->own = kv;
    if (!kv) {
        csi_no_memory(error);
        return false;
    }
    if (!take_separator(kv->between, &kv->between_length,
                        options->pair_separator, " ", "pair_separator",
                        error) ||
        !take_separator(kv->separator, &kv->separator_length,
                        options->value_separator, "=", "value_separator",
                        error))
        return false;
    kv->blanks = kv->between_length == 1 && *kv->between == ' ';
    if (is_between(kv, kv->separator, kv->separator + kv->separator_length)) {
        cosend_error_set(error, COSEND_E_SPEC,
                         "value_separator begins with what is between pairs");
        return false;
    }
    length = snprintf(kv->no_separator, sizeof(kv->no_separator),
                      "there is no \"%.*s\" in this pair",
                      (int)kv->separator_length, kv->separator);
    return length > 0;
}

static void end_kv(struct cosend_pair_cutter *cutter)
{
    csi_free(cutter->own);
}

const struct csi_pair_ops csi_pair_kv = {
    .begin = begin_kv, .cut = cut_kv, .cell = csi_pairs_cell, .end = end_kv};
