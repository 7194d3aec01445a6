/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the formats share: a source that hands a reader its input
 * in pieces of any size, a picture of what came of it, and a sink.
 */
#ifndef TEST_FORMAT_H
#define TEST_FORMAT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/format.h"

/* How input is handed over. */
struct feed {
    enum cosend_format_name format;
    struct cosend_format_options options;
    const char *const *declare; /* fields, up to a NULL */
    size_t first;               /* bytes of the first piece; 0: as the others */
    size_t chunk;               /* bytes of a piece; 0: all at once */
    size_t limit;              /* max_record_bytes, and what is held; 0: none */
    bool moved;                /* each piece lands in a block of its own */
    struct csi_writer *writer; /* gets the records too */
};

/* What came of it. */
struct seen {
    struct csi_text text; /* see show_rows; a NUL behind */
    struct csi_text told; /* the warnings, a line each */
    struct cosend_error error;
    uint64_t records, boundaries, faults;
    int status;
};

static inline void seen_free(struct seen *seen)
{
    csi_text_free(&seen->text);
    csi_text_free(&seen->told);
}

static inline void say(struct csi_text *text, const char *format, ...)
    COSEND_PRINTF(2, 3);

static inline void say(struct csi_text *text, const char *format, ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    assert_true(csi_text_add(text, line, strlen(line)));
}

static inline void show_bytes(struct csi_text *text, const char *data,
                              size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '\n')
            say(text, "\\n");
        else if (c == '\r')
            say(text, "\\r");
        else if (c < 0x20 || c == '|')
            say(text, "\\x%02x", c);
        else
            assert_true(csi_text_add(text, data + i, 1));
    }
}

static inline void show_cell(struct csi_text *text, struct cosend_cell cell)
{
    switch (cell.kind) {
    case COSEND_ABSENT:
        say(text, "~");
        break;
    case COSEND_NULL:
        say(text, "null");
        break;
    case COSEND_TEXT:
        show_bytes(text, cell.data, cell.length);
        break;
    case COSEND_NUMBER:
        say(text, "#");
        show_bytes(text, cell.data, cell.length);
        break;
    case COSEND_BOOL:
    case COSEND_NESTED:
        say(text, "=");
        show_bytes(text, cell.data, cell.length);
        break;
    }
}

static inline const struct csi_fault *fault_of(const struct csi_rows *rows,
                                               uint32_t row)
{
    for (size_t i = 0; i < rows->fault_count; i++)
        if (rows->faults[i].row == row)
            return &rows->faults[i];
    return NULL;
}

/* A line a row: `[cell|cell]`, or `!kind: reason <raw>`. An open schema's rows
   have `; name=cell` for each field that is walked behind the columns. */
static inline void show_rows(struct seen *seen, struct csi_rows *rows,
                             const struct cosend_schema *schema)
{
    for (uint32_t row = 0; row < rows->count; row++) {
        const struct csi_fault *fault = fault_of(rows, row);
        struct cosend_item item = {0};

        if (fault) {
            const char *data;
            size_t length;

            csi_rows_content(rows, row, &data, &length);
            say(&seen->text, "!%s%s%s: %s <", fault->kind,
                fault->skip ? " skip" : "",
                fault->truncated ? " truncated" : "", fault->reason);
            show_bytes(&seen->text, data, length < 60 ? length : 60);
            say(&seen->text, ">\n");
            seen->faults++;
            continue;
        }
        say(&seen->text, "[");
        assert_true(!schema || schema->count == rows->column_count);
        for (uint32_t i = 0; i < rows->column_count; i++) {
            if (!rows->cells[i])
                assert_true(rows->fill(rows, i));
            say(&seen->text, i ? "|" : "");
            show_cell(&seen->text, rows->cells[i][row]);
        }
        while (rows->walk && rows->walk(rows, row, &item, &seen->error)) {
            say(&seen->text, "; ");
            show_bytes(&seen->text, item.name, item.name_length);
            say(&seen->text, "=");
            show_cell(&seen->text, item.cell);
        }
        say(&seen->text, "]\n");
    }
}

static inline void tell(void *context, const char *message)
{
    say(context, "%s\n", message);
}

/* Write a batch, and show the records that cannot be written. */
static inline void write_batch(struct csi_writer *writer, struct seen *seen,
                               const struct cosend_batch *batch)
{
    uint32_t at = 0;
    struct cosend_error error = {0};

    if (!writer->began)
        assert_int_equal(writer->ops->begin(writer, batch->schema, &error),
                         COSEND_OK);
    while (at < batch->count) {
        int status = writer->ops->write(writer, batch, &at, &error);

        if (status == COSEND_OK) {
            assert_int_equal(at, batch->count);
            break;
        }
        assert_int_equal(status, COSEND_E_DATA);
        say(&seen->text, "!%s: %s\n", writer->bad_kind, error.message);
        error = (struct cosend_error){0};
        at++;
    }
}

static inline struct csi_reader *open_reader(struct feed *feed,
                                             struct seen *seen)
{
    struct csi_reader *reader;

    feed->options.name = (int)feed->format;
    if (!feed->options.max_record_bytes)
        feed->options.max_record_bytes = (int64_t)feed->limit;
    reader = csi_format_get(feed->format)->reader(&feed->options, &seen->error);
    assert_non_null(reader);
    if (feed->limit)
        reader->hold = feed->limit;
    reader->warn = tell;
    reader->context = &seen->told;
    for (const char *const *name = feed->declare; name && *name; name++)
        assert_true(reader->ops->declare(reader, *name));
    return reader;
}

/* One file through a reader. Returns what cut returned last. */
static inline int feed_file(struct csi_reader *reader, const struct feed *feed,
                            struct seen *seen, const char *name,
                            const char *input, size_t length)
{
    struct csi_block *block = csi_block_new(length + 1);
    size_t read = 0, base = 0, piece = feed->first;
    uint64_t line = 1, offset = 0;
    int status = COSEND_OK;

    assert_non_null(block);
    memset(block->data, 0, CSI_BLOCK_SLACK);
    for (;;) {
        bool final = read == length;
        struct csi_rows *rows = csi_rows_new(block);
        size_t consumed = 0;

        assert_non_null(rows);
        rows->base = base;
        rows->first_line = line;
        rows->offset = offset;
        rows->source = name;
        status = reader->ops->cut(reader, rows, final, &consumed, &seen->error);
        if (status == COSEND_OK) {
            show_rows(seen, rows, reader->schema);
            if (feed->writer && rows->count) {
                struct cosend_batch *batch =
                    csi_batch_of_rows(rows, reader->schema, 0, rows->count);

                assert_non_null(batch);
                write_batch(feed->writer, seen, batch);
                csi_batch_unref(batch);
            }
        }
        for (size_t i = 0; i < consumed; i++)
            line += block->data[base + i] == '\n';
        base += consumed;
        csi_rows_unref(rows);
        if (status != COSEND_OK || (final && base == block->length))
            break;
        if (consumed && base < block->length)
            continue;
        assert_false(final && !consumed);
        if (!piece)
            piece = feed->chunk ? feed->chunk : length;
        if (piece > length - read)
            piece = length - read;
        if (feed->moved) {
            struct csi_block *next = csi_block_new(length + 1);

            assert_non_null(next);
            next->length = block->length - base;
            memcpy(next->data, block->data + base, next->length);
            csi_block_unref(block);
            block = next;
            offset += base;
            base = 0;
        }
        memcpy(block->data + block->length, input + read, piece);
        block->length += piece;
        memset(block->data + block->length, 0, CSI_BLOCK_SLACK);
        read += piece;
        piece = 0;
    }
    csi_block_unref(block);
    return status;
}

static inline void close_reader(struct csi_reader *reader, struct seen *seen)
{
    seen->records = reader->records;
    seen->boundaries = reader->boundaries;
    if (seen->status == COSEND_OK)
        assert_int_equal(reader->records, reader->boundaries);
    if (reader->schema) {
        struct csi_text rows = seen->text;

        seen->text = (struct csi_text){0};
        for (uint32_t i = 0; i < reader->schema->count; i++) {
            say(&seen->text, i ? "," : "");
            show_bytes(&seen->text, reader->schema->columns[i].name,
                       reader->schema->columns[i].length);
        }
        say(&seen->text, "%s\n", reader->schema->crlf ? " crlf" : "");
        assert_true(csi_text_add(&seen->text, rows.data, rows.length));
        csi_text_free(&rows);
    } else {
        say(&seen->text, "no schema\n");
    }
    assert_true(csi_text_add(&seen->text, "", 1));
    assert_true(csi_text_add(&seen->told, "", 1));
    reader->ops->free(reader);
}

static inline struct seen feed_bytes(struct feed feed, const char *input,
                                     size_t length)
{
    struct seen seen = {0};
    struct csi_reader *reader = open_reader(&feed, &seen);

    seen.status = feed_file(reader, &feed, &seen, "a", input, length);
    if (feed.writer) {
        if (!feed.writer->began && reader->schema)
            assert_int_equal(
                feed.writer->ops->begin(feed.writer, reader->schema, NULL),
                COSEND_OK);
        assert_int_equal(feed.writer->ops->flush(feed.writer, true, NULL),
                         COSEND_OK);
    }
    close_reader(reader, &seen);
    return seen;
}

/* The same picture whatever the pieces: each split in two, each chunk size. */
static inline void assert_same_in_pieces(struct feed feed, const char *input,
                                         size_t length)
{
    struct seen whole = feed_bytes(feed, input, length);
    size_t most = length < 80 ? length : 80;

    for (size_t size = 1; size < 2 * most; size++) {
        struct feed pieces = feed;
        struct seen seen;

        if (size < most)
            pieces.chunk = size;
        else
            pieces.first = size - most + 1;
        for (int moved = 0; moved < 2; moved++) {
            pieces.moved = moved;
            seen = feed_bytes(pieces, input, length);
            assert_string_equal(seen.text.data, whole.text.data);
            assert_string_equal(seen.told.data, whole.told.data);
            assert_int_equal(seen.status, whole.status);
            assert_int_equal(seen.records, whole.records);
            seen_free(&seen);
        }
    }
    seen_free(&whole);
}

/* The picture of input is `expected`, in any pieces. */
static inline void assert_seen(struct feed feed, const char *input,
                               size_t length, const char *expected)
{
    struct seen seen = feed_bytes(feed, input, length);

    assert_string_equal(seen.text.data, expected);
    seen_free(&seen);
    assert_same_in_pieces(feed, input, length);
}

#define SEEN(feed, input, expected)                                            \
    assert_seen(feed, input, sizeof(input) - 1, expected)

/* ---- A sink -------------------------------------------------------------- */

struct sink {
    struct csi_text text;
    unsigned puts;
};

static inline int sink_put(void *context, const char *data, size_t length,
                           struct cosend_error *error)
{
    struct sink *sink = context;

    (void)error;
    sink->puts++;
    return csi_text_add(&sink->text, data, length) ? COSEND_OK
                                                   : COSEND_E_MEMORY;
}

static inline struct csi_writer *
open_writer(enum cosend_format_name format,
            const struct cosend_format_options *options, struct sink *sink)
{
    struct csi_writer *writer = csi_format_get(format)->writer(options, NULL);

    assert_non_null(writer);
    writer->put = sink_put;
    writer->context = sink;
    return writer;
}

/* What comes out when input is read as feed says and written as `format`. */
static inline void assert_written(struct feed feed, const char *input,
                                  size_t length, enum cosend_format_name format,
                                  const struct cosend_format_options *options,
                                  const char *expected, size_t expected_length)
{
    for (size_t chunk = 0; chunk < length + 1; chunk++) {
        struct sink sink = {0};
        struct seen seen;

        feed.chunk = chunk;
        feed.writer = open_writer(format, options, &sink);
        seen = feed_bytes(feed, input, length);
        assert_int_equal(seen.records - seen.faults, feed.writer->records);
        assert_true(csi_text_add(&sink.text, "", 1));
        assert_int_equal(sink.text.length - 1, expected_length);
        assert_memory_equal(sink.text.data, expected, expected_length);
        feed.writer->ops->free(feed.writer);
        csi_text_free(&sink.text);
        seen_free(&seen);
    }
}

#define WRITTEN(feed, input, format, options, expected)                        \
    assert_written(feed, input, sizeof(input) - 1, format, options, expected,  \
                   sizeof(expected) - 1)

/* ---- Chance, with a seed ------------------------------------------------- */

/* xorshift64* (Vigna 2016). */
static inline uint64_t chance(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

#endif
