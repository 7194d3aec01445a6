/* SPDX-License-Identifier: MIT */
/*
 * Which string goes into which bucket decides how often a kernel says in vain
 * that one may be there. Each goes where it makes that the least more likely,
 * by how often bytes are seen in text; the buckets are a product of what each
 * of their bytes may be, so strings that are alike go together.
 */
#include "match/teddy_buckets.h"

#include "match/bytes.h"

enum { ONE_GROUP = 12 }; /* strings for which eight buckets are enough */

/* What is in some bucket: for each byte of the window, the halves of bytes. */
struct bucket {
    uint16_t low[CSI_TEDDY_WINDOW], high[CSI_TEDDY_WINDOW];
    double cost; /* how often it is expected at a place */
};

struct deal {
    struct csi_teddy_tables *tables;
    bool ignore_case;
    struct bucket buckets[CSI_TEDDY_GROUPS * CSI_TEDDY_BUCKETS];
    double chances[256]; /* of a byte at a place of text */
};

static double cost_of(const struct deal *deal, const struct bucket *bucket)
{
    double cost = 1;

    for (size_t i = 0; i < deal->tables->width; i++) {
        double sum = 0;

        for (unsigned high = 0; high < 16; high++)
            for (unsigned low = 0; bucket->high[i] >> high & 1 && low < 16;
                 low++)
                if (bucket->low[i] >> low & 1)
                    sum += deal->chances[high << 4 | low];
        cost *= sum;
    }
    return cost;
}

static void widen(struct bucket *bucket, size_t i, char byte)
{
    unsigned char code = (unsigned char)byte;

    bucket->low[i] |= (uint16_t)(1U << (code & 15));
    bucket->high[i] |= (uint16_t)(1U << (code >> 4));
}

/* A byte in both its cases, where they are the same. */
static unsigned cases(bool ignore_case, char byte, char *both)
{
    both[0] = byte;
    both[1] = (char)(byte ^ 0x20);
    return ignore_case && csi_is_letter(byte) ? 2 : 1;
}

static void allow(struct csi_teddy_table *table, char byte, unsigned bucket)
{
    unsigned char code = (unsigned char)byte;
    uint8_t bit = (uint8_t)(1U << bucket);

    table->bytes[code] |= bit;
    table->ascii[code & 127] |= bit;
    table->low[code & 15] |= bit;
    table->high[code >> 4] |= bit;
}

/* The window whose bytes are the most seldom. */
static size_t choose_window(const struct deal *deal,
                            const struct csi_teddy_string *string)
{
    size_t best = 0, least = SIZE_MAX, width = deal->tables->width;
    char both[2];

    for (size_t at = 0; at + width <= string->length; at++) {
        size_t sum = 0;

        for (size_t i = at; i < at + width; i++) {
            size_t most = 0;

            for (unsigned n = cases(deal->ignore_case, string->text[i], both);
                 n--;)
                if (csi_byte_frequency(both[n]) > most)
                    most = csi_byte_frequency(both[n]);
            sum += most;
        }
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    return best;
}

/* A bucket with a window more in it. */
static struct bucket wider(const struct deal *deal, const struct bucket *bucket,
                           const char *window)
{
    struct bucket wide = *bucket;
    char both[2];

    for (size_t i = 0; i < deal->tables->width; i++)
        for (unsigned n = cases(deal->ignore_case, window[i], both); n--;)
            widen(&wide, i, both[n]);
    wide.cost = cost_of(deal, &wide);
    return wide;
}

/* Put a string where its window adds the least to what is to be compared. */
static void put_into_bucket(struct deal *deal,
                            const struct csi_teddy_string *string)
{
    const char *window = string->text + string->window;
    size_t best = 0;
    double least = 0;
    struct bucket chosen = {0};
    char both[2];

    for (size_t b = 0; b < deal->tables->groups * CSI_TEDDY_BUCKETS; b++) {
        struct bucket wide = wider(deal, &deal->buckets[b], window);

        if (b == 0 || wide.cost - deal->buckets[b].cost < least) {
            least = wide.cost - deal->buckets[b].cost;
            chosen = wide;
            best = b;
        }
    }
    deal->buckets[best] = chosen;
    for (size_t i = 0; i < deal->tables->width; i++)
        for (unsigned n = cases(deal->ignore_case, window[i], both); n--;)
            allow(&deal->tables->of[best / CSI_TEDDY_BUCKETS][i], both[n],
                  best % CSI_TEDDY_BUCKETS);
}

void csi_teddy_deal_out(struct csi_teddy_tables *tables,
                        struct csi_teddy_string *strings, size_t count,
                        bool ignore_case)
{
    struct deal deal = {.tables = tables, .ignore_case = ignore_case};

    for (unsigned byte = 0; byte < 256; byte++)
        deal.chances[byte] =
            1e-5 * (double)(1U << csi_byte_frequency((char)byte) / 8);
    tables->width = CSI_TEDDY_WINDOW;
    for (size_t i = 0; i < count; i++)
        if (strings[i].length < tables->width)
            tables->width = strings[i].length;
    tables->groups = count > ONE_GROUP ? 2 : 1;
    for (size_t i = 0; i < count; i++) {
        strings[i].window = choose_window(&deal, &strings[i]);
        put_into_bucket(&deal, &strings[i]);
    }
}
