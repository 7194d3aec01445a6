/* SPDX-License-Identifier: MIT */
/*
 * generate: emits records that it makes, numbered, so many or without end, as
 * fast as they are taken or at a rate.
 *
 * Chance is SplitMix64 (Vigna) of the seed, a record's number and a field's,
 * and so the same each time.
 */
#include "cosend.h"

#include <string.h>
#include <time.h>

struct text {
    struct cosend_string text;
};

struct generate {
    int64_t count, interval, seed;
    double rate;
    struct cosend_list record; /* of struct text */
};

static const struct cosend_option one_field[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct text, text),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .help = "the field's text, with {n}, {now} and {rand} in it"},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "count",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct generate, count),
     .flags = COSEND_MAIN,
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "how many records; without it there is no end",
     .example = "1000"},
    {.name = "record",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct generate, record),
     .help = "its fields, by default n={n}: {n} is the record's number from 1 "
             "on, {now} the time, {rand} a number by chance from 0 to 1; {{ is "
             "a brace",
     .example = "{\"id\": \"{n}\", \"host\": \"web-{n}\"}",
     .group = one_field,
     .item_size = sizeof(struct text)},
    {.name = "interval",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct generate, interval),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "the time from one record to the next",
     .example = "\"100ms\""},
    {.name = "rate",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct generate, rate),
     .minimum = 0,
     .maximum = 1000000000,
     .help = "records a second, in place of an interval",
     .example = "10"},
    {.name = "seed",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct generate, seed),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "another number is another chance; without it 0, each time",
     .example = "42"},
    {.name = NULL},
};

/* ---- Templates ----------------------------------------------------------- */

enum part { LITERAL, NUMBER, NOW, CHANCE, WRONG, END };

/* Take the next part of a text, from *at on; of a literal *length bytes from
   the place that is returned. */
static const char *next_part(const char **at, const char *end, enum part *part,
                             size_t *length)
{
    static const char *const names[] = {"{n}", "{now}", "{rand}"};
    const char *start = *at, *p = start;

    *part = start == end ? END : LITERAL;
    if (end - start > 1 && start[0] == start[1] &&
        (*start == '{' || *start == '}')) {
        *at = start + 2;
        *length = 1;
        return start;
    }
    for (size_t i = 0; i < 3 && start < end; i++) {
        size_t name = strlen(names[i]);

        if ((size_t)(end - start) < name || memcmp(start, names[i], name) != 0)
            continue;
        *part = (enum part)(NUMBER + i);
        *at = start + name;
        return start;
    }
    if (start < end && *start == '{')
        *part = WRONG;
    else
        for (p += start < end; p < end && *p != '{' && *p != '}';)
            p++;
    *at = p;
    *length = (size_t)(p - start);
    return start;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct generate *generate = memory;
    const struct text *texts = generate->record.items;

    for (size_t i = 0; i < generate->record.count; i++) {
        const char *at = texts[i].text.data, *end = at + texts[i].text.length;
        enum part part;
        size_t length;

        do
            next_part(&at, end, &part, &length);
        while (part < WRONG);
        if (part == WRONG)
            cosend_check_error(check, "record",
                               "\"%.100s\": a field of it is {n}, {now} or "
                               "{rand}; a brace that is meant is written {{",
                               texts[i].text.data);
    }
    if (cosend_check_given(check, "rate") &&
        cosend_check_given(check, "interval"))
        cosend_check_error(check, "rate", "give rate or interval, not both");
    else if (cosend_check_given(check, "rate") && generate->rate <= 0)
        cosend_check_error(check, "rate", "must be above 0");
}

/* ---- Values -------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static double chance(const struct generate *generate, int64_t n, size_t field)
{
    uint64_t x = mix(mix(mix((uint64_t)generate->seed) + (uint64_t)n) + field);

    return (double)(x >> 11) * 0x1p-53;
}

static size_t print_now(char *out)
{
    struct timespec clock;
    struct cosend_time now = {0, 0};

    clock_gettime(CLOCK_REALTIME, &clock);
    now.nanoseconds =
        (int64_t)clock.tv_sec * 1000000000 + clock.tv_nsec / 1000000 * 1000000;
    return cosend_format_time(NULL, now, NULL, out, COSEND_TIME_MAX);
}

static void put_part(const struct generate *generate, int64_t n, size_t field,
                     enum part part, struct cosend_bytes *to)
{
    char text[COSEND_NUMBER_MAX + COSEND_TIME_MAX];
    size_t length =
        part == NUMBER ? cosend_format_integer(n, text)
        : part == NOW  ? print_now(text)
                       : cosend_format_double(chance(generate, n, field), text);

    cosend_put_raw(to, text, length);
}

/* Set a field; one that is {n} or {rand} and nothing else is a number. */
static void set_field(struct cosend_stage *self,
                      const struct generate *generate, int64_t n,
                      uint32_t field, struct cosend_bytes *bytes)
{
    const struct text *texts = generate->record.items;
    const char *at = texts[field].text.data,
               *end = at + texts[field].text.length;
    struct cosend_column column = {field};
    enum part part;
    size_t length = 0;

    next_part(&at, end, &part, &length);
    if (at == end && part == NUMBER) {
        cosend_set_integer(self, column, n);
        return;
    }
    if (at == end && part == CHANCE) {
        cosend_set_number(self, column, chance(generate, n, field));
        return;
    }
    bytes->length = 0;
    at = texts[field].text.data;
    for (;;) {
        const char *start = next_part(&at, end, &part, &length);

        if (part == END)
            break;
        if (part == LITERAL)
            cosend_put_raw(bytes, start, length);
        else
            put_part(generate, n, field + bytes->length * 64, part, bytes);
    }
    cosend_set(
        self, column,
        cosend_text(bytes->data ? (char *)bytes->data : "", bytes->length));
}

/* ---- The body ------------------------------------------------------------ */

static void free_bytes(void *bytes)
{
    cosend_bytes_free(bytes);
}

static bool make(struct cosend_stage *self, const struct generate *generate,
                 int64_t n, struct cosend_bytes *bytes)
{
    struct cosend_column number = {0};

    if (!generate->record.count)
        cosend_set_integer(self, number, n);
    for (uint32_t i = 0; i < generate->record.count; i++)
        set_field(self, generate, n, i, bytes);
    return !bytes->failed && cosend_emit_new(self) == COSEND_OK;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct generate *generate = memory;
    struct cosend_bytes *bytes = cosend_stage_memory(self, sizeof(*bytes));
    double interval =
        generate->rate > 0 ? 1e9 / generate->rate : (double)generate->interval;
    int64_t start = cosend_now(self);

    if (!bytes || !cosend_stage_defer(self, free_bytes, bytes))
        return COSEND_E_MEMORY;
    if (!generate->record.count)
        cosend_add_column(self, "n");
    for (size_t i = 0; i < generate->record.count; i++)
        cosend_add_column(self, generate->record.keys[i].data);
    for (int64_t n = 1; !generate->count || n <= generate->count; n++) {
        int64_t due = start + (int64_t)((double)(n - 1) * interval);

        if (interval > 0 && !cosend_wait_until(self, due))
            break;
        if (!make(self, generate, n, bytes))
            break;
        if (n == INT64_MAX)
            break;
    }
    return bytes->failed ? cosend_fail(self, COSEND_E_MEMORY, "out of memory")
                         : 0;
}

const struct cosend_filter csi_filter_generate = {
    .abi = COSEND_ABI,
    .name = "generate",
    .role = COSEND_SOURCE,
    .summary = "Make records, for a test or a clock",
    .details =
        "Emits `count` records, or records without end, with the fields of "
        "`record`: text in which {n} is the record's number, from 1 on, {now} "
        "the time when it is made, {rand} a number by chance from 0 to 1, as "
        "the seed has it, each time the same. A field that is {n} or {rand} "
        "alone is a number. With `interval` or `rate` each record waits for "
        "its time, counted from the first, and goes out at once; one that is "
        "late does not make the next ones late. It reads nothing.",
    .example = "generate 3 record=id={n},name=user-{n} | count",
    .options_size = sizeof(struct generate),
    .options = options,
    .check = check,
    .body = body,
};
