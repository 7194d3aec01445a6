/* SPDX-License-Identifier: MIT */
/*
 * What writers make of whole batches is what they would make of one cell after
 * another: records of random bytes, some of them picked, written at every level
 * of vector instructions.
 */
#include "test_format.h"

#include "base/simd.h"

enum { MOST = 3000 };

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
    uint64_t replaced, records, bad;
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
        pair->bad++;
        return;
    }
    pair->records++;
    pair->replaced += style.ill_formed && !style.bytes;
}

/* Some of the records, under columns in another order. */
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
    for (uint32_t i = 0; i < count; i++) {
        const struct csi_schema_column *column;

        map[i] = turned ? count - 1 - i : i;
        column = &batch->schema->columns[map[i]];
        assert_true(csi_schema_add(schema, column->name, column->length,
                                   column->origin));
    }
    some = csi_batch_derive(batch, schema, map, positions, picked);
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
    write_batch(pair->writer, &seen, some);
    for (uint32_t i = 0; i < some->count; i++)
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
    for (int i = 0; i < TIMES; i++) {
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
    for (int i = 0; i < TIMES; i++) {
        struct cosend_format_options options = {.crlf = draw(2),
                                                .invalid_utf8 = (int)draw(3)};
        struct feed feed = {.format = COSEND_FORMAT_TEXT};

        check_both_ways(feed, data, draw_bytes(data, cells, PIECES),
                        COSEND_FORMAT_JSONL, &options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delimited_becomes_json),
        cmocka_unit_test(lines_become_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
