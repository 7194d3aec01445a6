/* SPDX-License-Identifier: MIT */
/*
 * What writers make of whole batches is what they would make of one cell after
 * another: records of random bytes, some of them picked, written at every level
 * of vector instructions.
 */
#include "rounds.h"
#include "test_format.h"

#include "base/simd.h"
#include "format/csv_encode.h"

enum { MOST = 3000, COLUMNS = 8 };

static uint64_t seed = 41;

static unsigned draw(unsigned below)
{
    return (unsigned)(chance(&seed) % below);
}

/* ---- One cell after another ---------------------------------------------- */

/* Gets some records of a batch and writes them both ways. */
struct pair {
    struct csi_writer base;
    struct csi_writer *writer; /* at a level that is drawn */
    struct csi_text model;
    uint64_t replaced, records;
    struct csi_csv_encoder encoder;
    struct cosend_schema *names; /* the columns of CSV; NULL: not known yet */
    uint64_t blank;              /* records without a field by then */
    bool wrote;
    bool crlf; /* the input ends its lines so */
};

static void model_json(struct pair *pair, const struct cosend_batch *batch,
                       uint32_t at)
{
    int invalid = pair->writer->options->invalid_utf8;
    struct csi_json_style style = {.bytes =
                                       invalid == COSEND_INVALID_UTF8_ESCAPE};
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    size_t start = pair->model.length;
    struct csi_text *out = &pair->model;

    assert_true(csi_text_add(out, "{", 1));
    while (cosend_next_item(&record, &item, NULL))
        if (item.cell.kind != COSEND_ABSENT) {
            if (out->length > start + 1)
                assert_true(csi_text_add(out, ",", 1));
            assert_true(csi_text_member(out, &item, &style));
        }
    assert_true(csi_text_string(out, "}"));
    assert_true(
        csi_text_string(out, pair->writer->options->crlf ? "\r\n" : "\n"));
    if (style.ill_formed && invalid == COSEND_INVALID_UTF8_REJECT) {
        out->length = start;
        return;
    }
    pair->records++;
    pair->replaced += style.ill_formed && !style.bytes;
}

static void model_line_end(struct pair *pair)
{
    bool crlf = pair->crlf || pair->writer->options->crlf;

    assert_true(csi_text_string(&pair->model, crlf ? "\r\n" : "\n"));
}

static void model_cells(struct pair *pair, const struct cosend_cell *cells)
{
    const struct csi_csv_rules *rules = &pair->encoder.rules;

    for (uint32_t i = 0; i < pair->names->count; i++) {
        enum csi_csv_where where = CSI_CSV_AMONG;

        if (pair->names->count == 1)
            where = CSI_CSV_ALONE;
        if (!pair->wrote && cells[i].length)
            where = CSI_CSV_START;
        pair->wrote = true;
        if (i)
            assert_true(csi_text_add(&pair->model, rules->delimiter,
                                     rules->delimiter_length));
        assert_int_equal(
            csi_csv_encode(&pair->encoder, &pair->model, cells[i], where),
            COSEND_OK);
    }
    model_line_end(pair);
}

/* The names of columns, and what came before there were any. */
static void model_header(struct pair *pair)
{
    struct cosend_cell cells[COLUMNS];

    for (uint32_t i = 0; i < pair->names->count; i++)
        cells[i] = cosend_text(pair->names->columns[i].name,
                               pair->names->columns[i].length);
    model_cells(pair, cells);
    memset(cells, 0, sizeof(cells));
    for (; pair->blank; pair->blank--)
        model_cells(pair, cells);
}

/* What a record's fields are called, whether it lists them or its schema does.
   False where there are none. */
static bool model_names(struct pair *pair, const struct cosend_batch *batch,
                        uint32_t at)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};

    pair->names = csi_schema_new();
    while (cosend_next_item(&record, &item, NULL))
        assert_true(csi_schema_add(pair->names, item.name, item.name_length,
                                   CSI_DENSE));
    if (pair->names->count)
        return true;
    csi_schema_unref(pair->names);
    pair->names = NULL;
    return false;
}

static void model_csv(struct pair *pair, const struct cosend_batch *batch,
                      uint32_t at)
{
    struct cosend_record record = cosend_batch_record(batch, at);
    struct cosend_item item = {0};
    struct cosend_cell cells[COLUMNS] = {{0}};
    uint32_t place = 0;

    pair->crlf = batch->schema->crlf;
    if (!pair->names && !model_names(pair, batch, at)) {
        pair->blank++;
        pair->records++;
        return;
    }
    if (!pair->wrote)
        model_header(pair);
    while (cosend_next_item(&record, &item, NULL)) {
        uint32_t i = place++;

        if (batch->schema->open)
            i = csi_schema_find(pair->names, item.name, item.name_length);
        if (i == CSI_NO_COLUMN)
            return;
        cells[i] = item.cell;
    }
    model_cells(pair, cells);
    pair->records++;
}

/* Some of the records, in columns of another order where that can be. */
static struct cosend_batch *pick(const struct cosend_batch *batch)
{
    uint32_t count = batch->schema->count, picked = 0;
    uint32_t *positions = malloc((batch->count + 1) * sizeof(*positions));
    uint32_t *map = malloc((count + 1) * sizeof(*map));
    struct cosend_schema *schema = csi_schema_new();
    struct cosend_batch *some;
    unsigned rate = 1 + draw(4);
    bool turned = draw(2);

    assert_non_null(positions);
    assert_non_null(map);
    for (uint32_t i = 0; i < batch->count; i++)
        if (!draw(rate))
            positions[picked++] = i;
    if (batch->schema->open) {
        csi_schema_unref(schema);
        schema = csi_schema_ref(batch->schema);
        count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct csi_schema_column *column;

        map[i] = turned ? count - 1 - i : i;
        column = &batch->schema->columns[map[i]];
        assert_true(csi_schema_add(schema, column->name, column->length,
                                   column->origin));
    }
    some =
        csi_batch_derive(batch, schema, count ? map : NULL, positions, picked);
    assert_non_null(some);
    csi_schema_unref(schema);
    free(positions);
    free(map);
    return some;
}

static int begin_pair(struct csi_writer *base,
                      const struct cosend_schema *schema,
                      struct cosend_error *error)
{
    (void)schema;
    (void)error;
    base->began = true;
    return COSEND_OK;
}

static int write_pair(struct csi_writer *base, const struct cosend_batch *batch,
                      uint32_t *at, struct cosend_error *error)
{
    struct pair *pair = (struct pair *)base;
    struct cosend_batch *some = pick(batch);
    struct seen seen = {0};

    (void)error;
    if (some->count)
        write_batch(pair->writer, &seen, some);
    for (uint32_t i = 0; i < some->count; i++)
        if (pair->encoder.rules.delimiter_length)
            model_csv(pair, some, i);
        else
            model_json(pair, some, i);
    *at = batch->count;
    csi_batch_unref(some);
    seen_free(&seen);
    return COSEND_OK;
}

static int flush_pair(struct csi_writer *base, bool last,
                      struct cosend_error *error)
{
    struct pair *pair = (struct pair *)base;

    /* No column was ever known; the writer then goes by its options. */
    pair->crlf = false;
    for (; pair->blank; pair->blank--)
        model_line_end(pair);
    return pair->writer->ops->flush(pair->writer, last, error);
}

static void check_both_ways(struct feed feed, const char *input, size_t length,
                            enum cosend_format_name format,
                            const struct cosend_format_options *options)
{
    static const struct csi_writer_ops ops = {begin_pair, write_pair,
                                              flush_pair, NULL, NULL};
    struct pair pair = {.base.ops = &ops};
    struct sink sink = {0};
    struct seen seen;

    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    pair.writer = open_writer(format, options, &sink);
    if (format != COSEND_FORMAT_JSONL)
        assert_true(
            csi_csv_encoder_init(&pair.encoder, options, (int)format, NULL));
    feed.writer = &pair.base;
    feed.chunk = draw(3) ? 0 : 1 + draw(300);
    seen = feed_bytes(feed, input, length);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    assert_int_equal(sink.text.length, pair.model.length);
    if (sink.text.length)
        assert_memory_equal(sink.text.data, pair.model.data, sink.text.length);
    assert_int_equal(pair.writer->records, pair.records);
    assert_int_equal(pair.writer->replaced, pair.replaced);
    pair.writer->ops->free(pair.writer);
    csi_schema_unref(pair.names);
    csi_text_free(&pair.model);
    csi_text_free(&sink.text);
    seen_free(&seen);
}

/* ---- Chance -------------------------------------------------------------- */

/* Bytes that mean something, pieces of characters, and long plain runs. */
static size_t draw_bytes(char *data, const char *const *pieces, unsigned count)
{
    size_t length = 0, most = draw(6) ? draw(300) : draw(MOST);

    while (length < most) {
        const char *piece = pieces[draw(count)];
        size_t size = strlen(piece), run = draw(6) ? draw(12) : draw(200);

        if (draw(40) == 0) {
            data[length++] = (char)draw(256);
        } else if (draw(3)) {
            memset(data + length, 'a' + (int)draw(26), run);
            length += run;
        }
        memcpy(data + length, piece, size);
        length += size;
    }
    return length;
}

static const char *const cells[] = {",",
                                    ",",
                                    ",",
                                    "\n",
                                    "\n",
                                    "\r\n",
                                    "\"",
                                    "\"\"",
                                    ",\"",
                                    "\",",
                                    "\\",
                                    "'",
                                    "\t",
                                    "\\t",
                                    "\x01",
                                    "\x7f",
                                    "\xc3\xa9",
                                    "\xff",
                                    "\xe2",
                                    "\xe2\x82\xac",
                                    "\xf0\x9f\x98\x80",
                                    "\xed\xa0\x80",
                                    "\x80",
                                    "\"x, \"\"y\"\"\"",
                                    "\r",
                                    "\b"};

enum { PIECES = sizeof(cells) / sizeof(*cells), TIMES = 6000 };

static void delimited_becomes_json(void **state)
{
    static char data[2 * MOST + 1000];
    static const struct cosend_string quotes[] = {{NULL, 0}, {"'", 1}};

    (void)state;
    for (int i = 0; i < rounds_of(TIMES); i++) {
        struct cosend_format_options options = {.crlf = draw(2),
                                                .invalid_utf8 = (int)draw(3)};
        struct feed feed = {.format = draw(4) ? COSEND_FORMAT_CSV
                                              : COSEND_FORMAT_TSV};
        size_t header = 0;

        feed.options.header.first_record = true;
        feed.options.ragged = (int)draw(4);
        if (feed.format == COSEND_FORMAT_CSV)
            feed.options.quote = quotes[draw(2)];
        for (unsigned columns = 1 + draw(4); columns; columns--)
            header +=
                (size_t)sprintf(data + header,
                                draw(20)  ? "%c%s"
                                : draw(2) ? "\xc3\xa9%c%s"
                                          : "\xff%c%s",
                                (int)('a' + columns),
                                columns == 1                       ? "\n"
                                : feed.format == COSEND_FORMAT_CSV ? ","
                                                                   : "\t");
        check_both_ways(feed, data,
                        header + draw_bytes(data + header, cells, PIECES),
                        COSEND_FORMAT_JSONL, &options);
    }
}

static void lines_become_json(void **state)
{
    static char data[2 * MOST];

    (void)state;
    for (int i = 0; i < rounds_of(TIMES); i++) {
        struct cosend_format_options options = {.crlf = draw(2),
                                                .invalid_utf8 = (int)draw(3)};
        struct feed feed = {.format = COSEND_FORMAT_TEXT};

        check_both_ways(feed, data, draw_bytes(data, cells, PIECES),
                        COSEND_FORMAT_JSONL, &options);
    }
}

/* ---- To CSV -------------------------------------------------------------- */

static struct cosend_format_options draw_csv(enum cosend_format_name *format)
{
    static const struct cosend_string delimiters[] = {
        {NULL, 0}, {";", 1}, {"|", 1}, {"::", 2}};
    struct cosend_format_options options = {.crlf = draw(2)};

    *format = draw(4) ? COSEND_FORMAT_CSV : COSEND_FORMAT_TSV;
    if (*format == COSEND_FORMAT_TSV)
        return options;
    options.delimiter = delimiters[draw(4)];
    if (!draw(4))
        options.quoting = COSEND_QUOTING_ALL;
    if (!draw(6))
        options.quote = (struct cosend_string){"'", 1};
    if (!draw(6))
        options.escape = (struct cosend_string){"\\", 1};
    return options;
}

static void lines_become_csv(void **state)
{
    static char data[2 * MOST];

    (void)state;
    for (int i = 0; i < rounds_of(TIMES); i++) {
        enum cosend_format_name format;
        struct cosend_format_options options = draw_csv(&format);
        struct feed feed = {.format = COSEND_FORMAT_TEXT};

        check_both_ways(feed, data, draw_bytes(data, cells, PIECES), format,
                        &options);
    }
}

static const char *const inside[] = {
    ",",        ";",
    "\\n",      "\\r",
    "\\\"",     "\\\\",
    "\\t",      "|",
    "'",        ":",
    "::",       "\\u0041",
    "\xc3\xa9", "\xe2\x82\xac",
    "\\u20ac",  "\x7f",
    "plain",    "a somewhat longer text that is plain"};

static size_t draw_string(char *data)
{
    size_t length = 0;

    data[length++] = '"';
    for (unsigned left = draw(5); left; left--)
        length +=
            (size_t)sprintf(data + length, "%s",
                            inside[draw(sizeof(inside) / sizeof(*inside))]);
    data[length++] = '"';
    return length;
}

/* An object of some of a few shapes; some lines are none. */
static size_t draw_object(char *data)
{
    static const char *const shapes[] = {"abc",  "abc", "abc", "abc",
                                         "bca",  "ab",  "a",   "",
                                         "abcd", "aab", "aBc", "xa"};
    static const char *const scalars[] = {
        "1",         "-2.5e7", "true", "false", "null", "[1,\"x\"]",
        "{\"a\":1}", "[]",     "{}",   "\"\"",  "tru",  "01"};
    const char *shape = shapes[draw(12)], *space = draw(8) ? "" : " ";
    size_t length = (size_t)sprintf(data, "{%s", space);

    for (const char *p = shape; *p; p++) {
        length += (size_t)sprintf(data + length, "%s\"%s%c\":%s",
                                  p > shape ? "," : "",
                                  *p == 'x' ? "\\u0062" : "", *p, space);
        if (draw(2))
            length += draw_string(data + length);
        else
            length += (size_t)sprintf(data + length, "%s",
                                      scalars[draw(draw(4) ? 5 : 12)]);
    }
    return length + (size_t)sprintf(data + length, "%s}%s", space,
                                    draw(9) ? "\n" : "\r\n");
}

static void json_becomes_csv(void **state)
{
    static char data[2 * MOST];

    (void)state;
    for (int i = 0; i < rounds_of(TIMES); i++) {
        enum cosend_format_name format;
        struct cosend_format_options options = draw_csv(&format);
        struct feed feed = {.format = COSEND_FORMAT_JSONL};
        size_t length = 0, most = draw(MOST);

        while (length < most)
            length += draw_object(data + length);
        check_both_ways(feed, data, length, format, &options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delimited_becomes_json),
        cmocka_unit_test(lines_become_json),
        cmocka_unit_test(lines_become_csv),
        cmocka_unit_test(json_becomes_csv),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
