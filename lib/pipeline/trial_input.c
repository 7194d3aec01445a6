/* SPDX-License-Identifier: MIT */
/*
 * Each record comes from its number alone. By fours they are of numbers, of
 * times, of words, and of all there is, so that a filter which needs one of
 * these in each of several fields meets it; words and small numbers repeat, for
 * groups; times ascend, as those of a log do.
 */
#include "pipeline/trial_input.h"

#include "base/base.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { START = 1772323200 }; /* 2026-03-01T00:00:00Z */

static const char *const words[] = {"alpha", "beta", "gamma", "delta",
                                    "192.0.2.7"};

/* What somebody did not think of. */
static const char *const oddities[] = {"1e-300",
                                       "99999999999999999999",
                                       "-0",
                                       "0x1F",
                                       "NaN",
                                       " 7 ",
                                       "007",
                                       "1,5",
                                       "say \"no\"",
                                       "a=b c=\"d e\"",
                                       "{\"x\": [1, {\"y\": null}]}",
                                       "\xff\xfe no UTF-8 \xc3",
                                       "caf\xc3\xa9",
                                       "a\tb",
                                       "https://example.org/p?q=1&r=%20#s",
                                       "two\nlines",
                                       "[1, 2, 3]",
                                       "true",
                                       "alpha;beta;gamma",
                                       "4111 1111 1111 1111",
                                       "1.5KB",
                                       "3m20s"};

enum {
    WORDS = sizeof(words) / sizeof(words[0]),
    ODDITIES = sizeof(oddities) / sizeof(oddities[0]),
    LONG = 3000
};

/* SplitMix64's finalizer (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void put_string(struct cosend_bytes *to, const char *string)
{
    cosend_put_raw(to, string, strlen(string));
}

/* Half of the records have the time of the one before. */
static void put_time(struct cosend_bytes *to, size_t row, bool epoch)
{
    char text[40];
    uint64_t second = row / 2 * 7;

    if (epoch)
        snprintf(text, sizeof(text), "%" PRIu64, START + second);
    else
        snprintf(text, sizeof(text), "2026-03-%02uT%02u:%02u:%02uZ",
                 (unsigned)(1 + second / 86400), (unsigned)(second / 3600 % 24),
                 (unsigned)(second / 60 % 60), (unsigned)(second % 60));
    put_string(to, text);
}

static void put_number(struct cosend_bytes *to, uint64_t lot)
{
    char text[40];

    if (lot % 4 == 0)
        snprintf(text, sizeof(text), "%s%u.%02u", lot % 8 ? "" : "-",
                 (unsigned)(lot >> 8 & 1023), (unsigned)(lot >> 20 & 63));
    else
        snprintf(text, sizeof(text), "%u", (unsigned)(lot >> 8 & 7));
    put_string(to, text);
}

static void put_long(struct cosend_bytes *to, uint64_t lot)
{
    char text[LONG];

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + (lot + i * i) % 26);
    cosend_put_raw(to, text, sizeof(text));
}

/* One of all there is. */
static void put_any(struct cosend_bytes *to, size_t row, uint64_t lot)
{
    switch (lot % 8) {
    case 0:
    case 1:
        put_number(to, lot >> 3);
        break;
    case 2:
        put_time(to, row, lot & 8);
        break;
    case 3:
        put_string(to, words[(lot >> 3) % WORDS]);
        break;
    case 4:
        if (lot >> 8 & 15)
            put_string(to, "");
        else
            put_long(to, lot >> 12);
        break;
    default:
        put_string(to, oddities[(lot >> 3) % ODDITIES]);
    }
}

static void put_value(struct cosend_bytes *to, size_t row, uint64_t lot)
{
    switch (row % 4) {
    case 0:
        put_number(to, lot);
        break;
    case 1:
        put_time(to, row, lot & 1);
        break;
    case 2:
        put_string(to, words[lot % WORDS]);
        break;
    default:
        put_any(to, row, lot);
    }
}

/* ---- Formats ------------------------------------------------------------- */

static void put_line(struct cosend_bytes *to, size_t row)
{
    static const char *const levels[] = {"INFO", "WARN", "ERROR"};
    uint64_t lot = mix(row);
    size_t from;

    switch (row % 8) {
    case 0:
    case 1:
        put_string(to, words[4]);
        put_string(to, " - - [01/Mar/2026:10:00:07 +0000] \"GET /a?b=1 "
                       "HTTP/1.1\" 200 ");
        put_number(to, 8 * lot + 1);
        put_string(to, " \"-\" \"curl/8\"");
        break;
    case 2:
        put_time(to, row, false);
        put_string(to, " ");
        put_string(to, levels[lot % 3]);
        put_string(to, " [worker] took ");
        put_number(to, lot);
        put_string(to, " ms");
        break;
    case 3:
        put_string(to, "    at stack.frame(File.java:10)");
        break;
    case 4:
        put_string(to, "level=");
        put_string(to, levels[lot % 3]);
        put_string(to, " host=");
        put_string(to, words[lot % WORDS]);
        put_string(to, " ms=");
        put_number(to, lot);
        break;
    case 5:
        put_string(to, "{\"host\": \"beta\", \"ms\": ");
        put_number(to, 8 * lot + 1);
        put_string(to, "}");
        break;
    default:
        from = to->length;
        put_value(to, row, lot);
        for (; !to->failed && from < to->length; from++)
            if (to->data[from] == '\n')
                to->data[from] = '|';
    }
    put_string(to, "\n");
}

static void put_csv_cell(struct cosend_bytes *to,
                         const struct cosend_bytes *value)
{
    bool quoted = false;

    for (size_t i = 0; i < value->length; i++)
        quoted |= memchr("\",\n\r", value->data[i], 4) != NULL;
    if (quoted)
        put_string(to, "\"");
    for (size_t i = 0; i < value->length; i++) {
        if (value->data[i] == '"')
            put_string(to, "\"");
        cosend_put_raw(to, &value->data[i], 1);
    }
    if (quoted)
        put_string(to, "\"");
}

/* Bytes that are no UTF-8 stay what they are: a reader has to stand them. */
static void put_json_string(struct cosend_bytes *to,
                            const struct cosend_bytes *value)
{
    char escape[8];

    put_string(to, "\"");
    for (size_t i = 0; i < value->length; i++)
        if (value->data[i] < ' ' || memchr("\"\\", value->data[i], 2)) {
            snprintf(escape, sizeof(escape), "\\u%04x", value->data[i]);
            put_string(to, escape);
        } else {
            cosend_put_raw(to, &value->data[i], 1);
        }
    put_string(to, "\"");
}

/* Whether JSON has it as it stands: a number of digits, without zeros before
   it. */
static bool is_plain_number(const struct cosend_bytes *value)
{
    bool plain = value->length > 0 && value->length < 16;

    for (size_t i = 0; i < value->length; i++)
        plain &= value->data[i] >= '0' && value->data[i] <= '9';
    return plain && (value->data[0] != '0' || value->length == 1);
}

static void put_json_value(struct cosend_bytes *to,
                           const struct cosend_bytes *value, uint64_t lot)
{
    if (lot >> 40 & 1 && is_plain_number(value))
        cosend_put_raw(to, value->data, value->length);
    else if ((lot >> 41 & 15) == 0)
        put_string(to, lot >> 45 & 1 ? "null" : "{\"a\": [1, {\"b\": 2}]}");
    else if ((lot >> 41 & 31) == 1)
        put_string(to, lot >> 46 & 1 ? "true" : "[1, \"x\", null]");
    else
        put_json_string(to, value);
}

static void put_row(struct cosend_bytes *to, struct cosend_bytes *value,
                    size_t row, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        cosend_bytes_clear(value);
        put_value(value, row, mix(row / 2 * 64 + i));
        put_string(to, i ? "," : "");
        put_csv_cell(to, value);
        to->failed |= value->failed;
    }
    put_string(to, "\n");
}

static void put_object(struct cosend_bytes *to, struct cosend_bytes *value,
                       size_t row, const char *const *columns, size_t count)
{
    bool first = true;

    put_string(to, "{");
    for (size_t i = 0; i < count; i++) {
        uint64_t lot = mix(row / 2 * 64 + i);

        if ((lot >> 50 & 15) == 0 && row % 4 == 3)
            continue; /* absent */
        put_string(to, first ? "" : ", ");
        first = false;
        cosend_bytes_clear(value);
        put_string(value, columns[i]);
        put_json_string(to, value);
        put_string(to, ": ");
        cosend_bytes_clear(value);
        put_value(value, row, lot);
        put_json_value(to, value, lot);
        to->failed |= value->failed;
    }
    put_string(to, "}\n");
}

/* ---- Inputs -------------------------------------------------------------- */

static void put_header(struct cosend_bytes *to, struct cosend_bytes *value,
                       const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cosend_bytes_clear(value);
        put_string(value, columns[i]);
        put_string(to, i ? "," : "");
        put_csv_cell(to, value);
    }
    put_string(to, "\n");
}

static bool end_record(struct csi_trial_input *input)
{
    if (input->text.failed || !csi_grow(&input->ends, &input->capacity,
                                        input->count + 1, sizeof(size_t)))
        return false;
    input->ends[input->count++] = input->text.length;
    return true;
}

static const char *format_in_words(int format)
{
    switch (format) {
    case COSEND_FORMAT_CSV:
        return "a table";
    case COSEND_FORMAT_JSONL:
        return "JSON lines";
    default:
        return "lines of text";
    }
}

bool csi_trial_input_make(struct csi_trial_input *input, int format,
                          const char *const *columns, size_t column_count,
                          size_t count, bool torn)
{
    struct cosend_bytes value = {0};
    bool ok = true;

    *input = (struct csi_trial_input){.format = format,
                                      .what = format_in_words(format)};
    if (format == COSEND_FORMAT_CSV)
        put_header(&input->text, &value, columns, column_count);
    input->header = input->text.length;
    for (size_t row = 0; ok && row < count; row++) {
        if (torn && row % 5 == 4 && format != COSEND_FORMAT_TEXT)
            put_string(&input->text, "{\"torn\": ,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
        else if (format == COSEND_FORMAT_TEXT)
            put_line(&input->text, row);
        else if (format == COSEND_FORMAT_CSV)
            put_row(&input->text, &value, row, column_count);
        else
            put_object(&input->text, &value, row, columns, column_count);
        ok = end_record(input);
    }
    cosend_bytes_free(&value);
    return ok && !input->text.failed;
}

bool csi_trial_input_take(struct csi_trial_input *input, int format,
                          const char *data, size_t length)
{
    bool lines = format != COSEND_FORMAT_JSON && format != COSEND_FORMAT_XTAB;
    bool header = format == COSEND_FORMAT_CSV || format == COSEND_FORMAT_TSV ||
                  format == COSEND_FORMAT_COLUMNS;
    bool ok = true;

    *input =
        (struct csi_trial_input){.format = format ? format : COSEND_FORMAT_TEXT,
                                 .what = "the input that was given"};
    while (ok && length) {
        const char *end = lines ? memchr(data, '\n', length) : NULL;
        size_t part = end ? (size_t)(end - data) + 1 : length;

        cosend_put_raw(&input->text, data, part);
        if (header && !input->header)
            input->header = part;
        else
            ok = end_record(input);
        data += part;
        length -= part;
    }
    return ok && !input->text.failed;
}

void csi_trial_input_free(struct csi_trial_input *input)
{
    cosend_bytes_free(&input->text);
    csi_free(input->ends);
    *input = (struct csi_trial_input){0};
}
