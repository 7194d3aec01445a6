/* SPDX-License-Identifier: MIT */
/*
 * A file's last records, to begin with where it is followed.
 *
 *     0            first                      at                    size
 *     | BOM, header | records, passed over ... | record ... record | part of
 * one
 *
 * What is before `first` a reader of its own finds out, which is then thrown
 * away: the one that follows the file reads that once more, as it does anyway.
 *
 * Where records are lines they are counted from the end of the file backward,
 * some blocks of it, however large it is. Where a record may have line ends in
 * it, as a quoted cell of CSV, nothing but the way from the start of the file
 * to a line end says whether a record ends there. So such a file is gone
 * through, a block at a time from border to border, and only the last blocks
 * are looked at more closely.
 */
#include "read/last_records.h"

#include "base/magic.h"
#include "format/line_reader.h"
#include "io/follow.h"

#include <string.h>

enum {
    BLOCK = 256 * 1024,
    START_MAX = 4 * 1024 * 1024, /* what is before the first record is less */
    BLOCK_MAX = 16 * 1024 * 1024
};

struct search {
    const struct cosend_input *input;
    const struct csi_reader *reader;
    uint64_t size; /* of the file when the search began */
    struct csi_last_records *found;
};

/* ---- The start ----------------------------------------------------------- */

/* Cut the first bytes. *first is where the first record begins, or will.
   Answers as csi_find_last_records; COSEND_DONE where that is not among them,
   and where something is wrong there, which is told when it is read. */
static int cut_start(struct csi_reader *reader, struct csi_block *block,
                     uint64_t *first)
{
    struct cosend_error error = {0};
    struct csi_rows *rows = csi_rows_renew(NULL, block);
    size_t consumed = 0;
    int status;

    if (!rows)
        return COSEND_E_MEMORY;
    status = reader->ops->cut(reader, rows, false, &consumed, &error);
    *first = rows->count ? rows->starts[0] : consumed;
    if (status != COSEND_E_MEMORY &&
        (status < 0 || !(rows->count || reader->begun)))
        status = COSEND_DONE;
    csi_rows_unref(rows);
    return status;
}

static struct csi_reader *new_reader(const struct csi_chunker *like)
{
    struct cosend_error error = {0};
    struct csi_reader *reader = like->format->reader(like->options, &error);

    if (reader && like->reader->schema &&
        !reader->ops->share(reader, like->reader)) {
        reader->ops->free(reader);
        reader = NULL;
    }
    return reader;
}

/* Cut the first `length` bytes of the file by a reader of its own, *reader,
   which is the caller's. Answers as csi_find_last_records. */
static int try_start(const struct csi_chunker *like, size_t length,
                     const struct search *search, struct csi_reader **reader)
{
    struct csi_block *block = csi_block_new(length);
    int status = COSEND_DONE;

    *reader = new_reader(like);
    if (!block || !*reader) {
        csi_block_unref(block);
        return COSEND_E_MEMORY;
    }
    block->length = csi_follow_read_at(search->input, 0, block->data, length);
    memset(block->data + block->length, 0, CSI_BLOCK_SLACK);
    /* What is packed is refused when it is read. */
    if (block->length == length && (*reader)->ops->border &&
        csi_magic_of((const unsigned char *)block->data, length) <=
            CSI_PACKED_NOT)
        status = cut_start(*reader, block, &search->found->first);
    csi_block_unref(block);
    return status;
}

/* Find where the first record begins. *reader is behind that. */
static int find_first(const struct csi_chunker *like,
                      const struct search *search, struct csi_reader **reader)
{
    size_t length = search->size < BLOCK ? (size_t)search->size : BLOCK;
    int status = try_start(like, length, search, reader);

    while (status == COSEND_DONE && length < search->size &&
           length < START_MAX) {
        length *= 4;
        if (length > search->size)
            length = (size_t)search->size;
        (*reader)->ops->free(*reader);
        status = try_start(like, length, search, reader);
    }
    return status;
}

/* ---- Backward, by lines -------------------------------------------------- */

static bool ends_line(const struct csi_reader *reader, const char *byte,
                      const char *end)
{
    if (*byte == '\r' && reader->cr)
        return byte + 1 < end && byte[1] != '\n';
    return *byte == csi_end_byte(reader->options);
}

static int count_back(const struct search *search, uint64_t count)
{
    uint64_t end = search->size, first = search->found->first;
    /* The end of the first of them is the line end before it, and what is
       behind the last line end is no whole line. */
    uint64_t left = count + 1;
    char *block = csi_malloc(BLOCK + 1);

    if (!block)
        return COSEND_E_MEMORY;
    search->found->at = first;
    while (left && end > first) {
        size_t length = end - first < BLOCK ? (size_t)(end - first) : BLOCK;
        /* A byte more says whether a CR is that of a CR LF. */
        size_t got = csi_follow_read_at(search->input, end - length, block,
                                        length + (end < search->size));
        const char *byte = block + length;

        if (got < length)
            break;
        while (left && byte-- > block)
            if (ends_line(search->reader, byte, block + got) && !--left)
                search->found->at = end - length + (uint64_t)(byte + 1 - block);
        end -= length;
    }
    csi_free(block);
    return COSEND_OK;
}

/* ---- Forward, by borders ------------------------------------------------- */

/* Where blocks of whole records begin, and the last one ends. */
struct borders {
    uint64_t *at;
    size_t count, capacity;
};

static bool add_border(struct borders *borders, uint64_t at)
{
    if (!csi_grow(&borders->at, &borders->capacity, borders->count + 1,
                  sizeof(*borders->at)))
        return false;
    borders->at[borders->count++] = at;
    return true;
}

/* The border behind `at`; `at` where there is none. *capacity bytes of *block
   become more where a record is that long. False without memory. */
static bool find_border(const struct search *search, uint64_t *at, char **block,
                        size_t *capacity)
{
    for (;;) {
        size_t got = csi_follow_read_at(search->input, *at, *block, *capacity);
        uint64_t newlines;
        const char *border = search->reader->ops->border(
            search->reader, *block, *block + got, &newlines);

        *at += (uint64_t)(border - *block);
        if (border > *block || got < *capacity || *capacity >= BLOCK_MAX)
            return true;
        csi_free(*block);
        *capacity *= 4;
        *block = csi_malloc(*capacity + CSI_BLOCK_SLACK);
        if (!*block)
            return false;
    }
}

static bool find_borders(const struct search *search, struct borders *borders)
{
    size_t capacity = BLOCK;
    char *block = csi_malloc(capacity + CSI_BLOCK_SLACK);
    uint64_t at = search->found->first, before;
    bool fine = block && add_border(borders, at);

    while (fine) {
        before = at;
        fine = find_border(search, &at, &block, &capacity);
        if (at == before)
            break;
        fine = fine && add_border(borders, at);
    }
    csi_free(block);
    return fine;
}

/* Of the records between two borders all but the last *left are passed over,
   and these are counted off. False without memory. */
static bool count_between(const struct search *search, uint64_t from,
                          uint64_t to, uint64_t *left)
{
    size_t length = (size_t)(to - from);
    char *block = csi_malloc(length + CSI_BLOCK_SLACK);
    struct borders records = {0};
    const char *at = block;
    bool fine = block;
    uint64_t newlines;

    if (fine &&
        csi_follow_read_at(search->input, from, block, length) == length)
        search->reader->ops->border(search->reader, block, block + length,
                                    &newlines);
    while (fine && at && at < block + length) {
        fine = add_border(&records, from + (uint64_t)(at - block));
        at = search->reader->ops->next(search->reader, at, block + length);
    }
    if (fine && records.count) {
        uint64_t taken = records.count < *left ? records.count : *left;

        search->found->at = records.at[records.count - taken];
        *left -= taken;
    }
    csi_free(records.at);
    csi_free(block);
    return fine;
}

static int count_forward(const struct search *search, uint64_t count)
{
    struct borders borders = {0};
    bool fine = find_borders(search, &borders);
    size_t i = borders.count;

    search->found->at = borders.count ? borders.at[i - 1] : 0;
    while (fine && count && i-- > 1)
        fine = count_between(search, borders.at[i - 1], borders.at[i], &count);
    csi_free(borders.at);
    return fine ? COSEND_OK : COSEND_E_MEMORY;
}

int csi_find_last_records(const struct csi_chunker *like,
                          const struct cosend_input *input, uint64_t count,
                          struct csi_last_records *found)
{
    struct search search = {
        .input = input, .size = csi_follow_size(input), .found = found};
    struct csi_reader *reader = NULL;
    int status = COSEND_DONE;

    memset(found, 0, sizeof(*found));
    if (search.size)
        status = find_first(like, &search, &reader);
    search.reader = reader;
    if (status == COSEND_OK && reader->ops->border == csi_line_reader_border)
        status = count_back(&search, count);
    else if (status == COSEND_OK)
        status = count_forward(&search, count);
    if (reader)
        reader->ops->free(reader);
    return status;
}
