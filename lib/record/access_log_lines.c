/* SPDX-License-Identifier: MIT */
/* Lines of a batch that lie together, and what ends fields in them. */
#include "cosend/access_log.h"

#include "base/base.h"
#include "cosend/find.h"

/* Lines are looked at together up to so many bytes: what was found in them
   stays in the processor's nearest cache. */
enum { TOGETHER = 4096, WORDS = COSEND_FIND_WORDS(TOGETHER) };

/* With room for what nearly all take, and for longer ones. */
struct room {
    struct cosend_access_log_lines lines; /* the first: it stands for all */
    uint64_t bits[COSEND_FIND_BYTES * WORDS];
    uint32_t quotes[TOGETHER + COSEND_FIND_MORE];
    uint64_t *more_bits;
    uint32_t *more_quotes;
    size_t bits_capacity, quotes_capacity;
};

struct cosend_access_log_lines *cosend_access_log_lines_new(void)
{
    struct room *room = csi_malloc(sizeof(*room));

    if (!room)
        return NULL;
    room->lines.next = 0;
    room->more_bits = NULL;
    room->more_quotes = NULL;
    room->bits_capacity = room->quotes_capacity = 0;
    return &room->lines;
}

void cosend_access_log_lines_free(struct cosend_access_log_lines *lines)
{
    struct room *room = (struct room *)lines;

    if (!room)
        return;
    csi_free(room->more_bits);
    csi_free(room->more_quotes);
    csi_free(room);
}

static bool find_marks(struct room *room)
{
    struct cosend_access_log_text *text = &room->lines.text;
    size_t length = text->length, words = COSEND_FIND_WORDS(length), count;
    uint64_t *bits = room->bits;
    uint32_t *quotes = room->quotes;

    if (length > TOGETHER) {
        if (!csi_grow(&room->more_bits, &room->bits_capacity,
                      COSEND_FIND_BYTES * words, sizeof(*bits)))
            return false;
        bits = room->more_bits;
    }
    cosend_find_bytes(text->text, length, COSEND_ACCESS_LOG_MARKS, bits);
    text->spaces = bits;
    text->opening = bits + words;
    text->closing = bits + 2 * words;
    bits += 3 * words;
    if (length > TOGETHER) {
        count = cosend_found_places(bits, length, NULL) + COSEND_FIND_MORE;
        if (!csi_grow(&room->more_quotes, &room->quotes_capacity, count,
                      sizeof(*quotes)))
            return false;
        quotes = room->more_quotes;
    }
    count = cosend_found_places(bits, length, quotes);
    quotes[count] = quotes[count + 1] = UINT32_MAX;
    text->quote = quotes;
    return true;
}

/* Behind a line that ends there is no more than a line end before the next. */
static bool is_behind(const char *end, struct cosend_cell next)
{
    return (uintptr_t)next.data - (uintptr_t)end <= 2;
}

bool cosend_access_log_look(struct cosend_access_log_lines *lines,
                            const struct cosend_cells *cells, uint32_t count,
                            uint32_t position)
{
    const char *text = NULL, *end = NULL;

    for (; position < count; position++) {
        struct cosend_cell line = cosend_cell_at(cells, position);

        if (!line.length)
            continue;
        if (!text)
            text = end = line.data;
        if (!is_behind(end, line) ||
            (text != end &&
             (size_t)(line.data - text) + line.length > TOGETHER))
            break;
        end = line.data + line.length;
    }
    lines->next = position;
    lines->text.text = text;
    lines->text.length = (uint32_t)(end - text);
    return find_marks((struct room *)lines);
}
