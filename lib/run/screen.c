/* SPDX-License-Identifier: MIT */
/*
 * What is shown is some lines above the cursor, which is at the start of the
 * line behind them. To draw is to go up to the first, and to write each line
 * and what clears the rest of it; then, all that is below. No mode of the
 * terminal is changed, so that there is nothing to restore, however the run
 * ends.
 *
 * A line takes a row at most, also one that fills it: a terminal goes to the
 * next row by what comes behind the last column, and a newline does not count
 * twice. So going up is right, but where the terminal became narrower since,
 * and broke the lines that it had into rows of the new width, as most do.
 */
#include "run/screen.h"

#include "base/text.h"
#include "format/table_width.h"
#include "io/output.h"

#include <stdint.h>
#include <string.h>

struct csi_screen {
    struct cosend_output *output;
    struct csi_text next; /* the snapshot that is coming */
    struct csi_text out;
    uint32_t *widths; /* of the lines that are shown */
    size_t lines, capacity;
    bool left;
};

struct csi_screen *csi_screen_new(struct cosend_output *output)
{
    struct csi_screen *screen = csi_calloc(1, sizeof(*screen));

    if (screen)
        screen->output = output;
    return screen;
}

void csi_screen_free(void *argument)
{
    struct csi_screen *screen = argument;

    if (!screen)
        return;
    csi_text_free(&screen->next);
    csi_text_free(&screen->out);
    csi_free(screen->widths);
    csi_free(screen);
}

int csi_screen_add(struct csi_screen *screen, const char *data, size_t length,
                   struct cosend_error *error)
{
    return csi_text_add(&screen->next, data, length) ? COSEND_OK
                                                     : csi_no_memory(error);
}

/* Go up to the first line that is shown. */
static bool add_way_up(struct csi_screen *screen, unsigned columns,
                       unsigned rows)
{
    size_t up = 0;

    for (size_t i = 0; i < screen->lines; i++)
        up += screen->widths[i] > columns
                  ? (screen->widths[i] + columns - 1) / columns
                  : 1;
    screen->lines = 0;
    if (up >= rows)
        up = rows - 1;
    return !up || (csi_text_string(&screen->out, "\033[") &&
                   csi_text_unsigned(&screen->out, up) &&
                   csi_text_string(&screen->out, "A\r"));
}

/* A line without its end, in a row. Behind the last column there is nothing to
   be cleared, and the cursor still stands on it. */
static bool add_line(struct csi_screen *screen, const char *line, size_t length,
                     unsigned columns)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t width = columns;
    size_t fits = csi_width_prefix(line, length, &width);
    bool cut = fits < length;

    if (cut) {
        width = columns - 1;
        fits = csi_width_prefix(line, length, &width);
        width++;
    }
    if (!csi_grow(&screen->widths, &screen->capacity, screen->lines + 1,
                  sizeof(*screen->widths)))
        return false;
    screen->widths[screen->lines++] = (uint32_t)width;
    return csi_text_add(&screen->out, line, fits) &&
           (!cut || csi_text_string(&screen->out, ellipsis)) &&
           csi_text_string(&screen->out, width < columns ? "\033[K\n" : "\n");
}

/* Say that there are more lines than there is room for. */
static bool add_rest(struct csi_screen *screen, size_t count, unsigned columns)
{
    struct csi_text line = {0};
    bool fine = csi_text_string(&line, "(") &&
                csi_text_unsigned(&line, count) &&
                csi_text_string(&line, " more rows are not shown)") &&
                add_line(screen, line.data, line.length, columns);

    csi_text_free(&line);
    return fine;
}

static size_t count_lines(const struct csi_text *text)
{
    size_t count = 0;

    for (size_t i = 0; i < text->length; i++)
        count += text->data[i] == '\n';
    return count + (text->length && text->data[text->length - 1] != '\n');
}

static bool add_lines(struct csi_screen *screen, unsigned columns,
                      unsigned rows)
{
    const char *at = screen->next.data, *end = at + screen->next.length;
    size_t lines = count_lines(&screen->next), shown = lines;

    if (shown > rows - 1)
        shown = rows - 2;
    for (size_t i = 0; i < shown; i++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;

        if (!add_line(screen, at, (size_t)(stop - at), columns))
            return false;
        at = stop + 1;
    }
    return shown == lines || add_rest(screen, lines - shown, columns);
}

static int put_out(struct csi_screen *screen, bool fine,
                   struct cosend_error *error)
{
    int status = COSEND_OK;

    if (!fine)
        return csi_no_memory(error);
    status = cosend_output_write(screen->output, screen->out.data,
                                 screen->out.length, error);
    return status == COSEND_OK ? cosend_output_flush(screen->output, error)
                               : status;
}

int csi_screen_draw(struct csi_screen *screen, struct cosend_error *error)
{
    unsigned columns, rows;
    bool fine;

    csi_output_size(screen->output, &columns, &rows);
    screen->out.length = 0;
    fine = screen->left || (add_way_up(screen, columns, rows) &&
                            add_lines(screen, columns, rows) &&
                            csi_text_string(&screen->out, "\033[J"));
    screen->next.length = 0;
    return put_out(screen, fine, error);
}

int csi_screen_erase(struct csi_screen *screen, struct cosend_error *error)
{
    unsigned columns, rows;
    bool fine;

    if (!screen || !screen->lines)
        return COSEND_OK;
    csi_output_size(screen->output, &columns, &rows);
    screen->out.length = 0;
    fine = add_way_up(screen, columns, rows) &&
           csi_text_string(&screen->out, "\033[J");
    return put_out(screen, fine, error);
}

int csi_screen_leave(struct csi_screen *screen, struct cosend_error *error)
{
    screen->left = true;
    return csi_screen_erase(screen, error);
}
