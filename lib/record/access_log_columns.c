/* SPDX-License-Identifier: MIT */
/* The forms of access logs, and their columns: fields, and the pieces of
   requests; and the form that takes a line. */
#include "cosend/access_log.h"

#include "record/access_log.h"
#include "record/access_log_forms.h"
#include "record/access_log_plain.h"

#include <string.h>

/* Those that say more come first: a line that is of none that was asked for may
   be of several. */
const struct cosend_access_log *const cosend_access_logs[] = {
    &csi_access_log_alb,      &csi_access_log_elb,
    &csi_access_log_s3,       &csi_access_log_cloudfront,
    &csi_access_log_traefik,  &csi_access_log_nginx_main,
    &csi_access_log_combined, &csi_access_log_vhost,
    &csi_access_log_common,   NULL};

/* A rest behind a number may be the fields of another, if it has quotes. */
static bool takes(const struct cosend_access_log *log,
                  struct cosend_access_log_text text, uint32_t start,
                  uint32_t end)
{
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    uint32_t rest;

    if (cosend_access_log_cut(log, &text, start, end, parts))
        return false;
    rest = parts[log->count - 1].start;
    return !log->has_rest || rest == end ||
           (!log->is_strict && (text.text[rest - 2] == '"' ||
                                !memchr(text.text + rest, '"', end - rest)));
}

const char *cosend_access_log_other(const struct cosend_access_log *log,
                                    const struct cosend_access_log_text *text,
                                    uint32_t start, uint32_t end)
{
    struct cosend_access_log_part parts[COSEND_ACCESS_LOG_FIELDS];
    struct cosend_access_log_text copy = *text;
    const char *other = NULL;

    for (size_t i = 0; cosend_access_logs[i]; i++)
        if (cosend_access_logs[i]->fields == log->fields &&
            !cosend_access_log_cut(cosend_access_logs[i], &copy, start, end,
                                   parts))
            return log->name;
        else if (!other && takes(cosend_access_logs[i], *text, start, end))
            other = cosend_access_logs[i]->name;
    return other;
}

/* ---- Columns ------------------------------------------------------------- */

static const char *const request_names[] = {"method", "path", "protocol"};

size_t cosend_access_log_columns(
    const struct cosend_access_log *log,
    struct cosend_access_log_column columns[COSEND_ACCESS_LOG_COLUMNS])
{
    size_t count = 0;

    for (uint32_t i = 0; i < log->count; i++)
        if (!log->fields[i].is_request)
            columns[count++] = (struct cosend_access_log_column){
                log->fields[i].name, i, CSI_PIECE_ALL};
        else
            for (int piece = CSI_PIECE_METHOD; piece <= CSI_PIECE_PROTOCOL;
                 piece++)
                columns[count++] = (struct cosend_access_log_column){
                    request_names[piece - CSI_PIECE_METHOD], i, piece};
    return count;
}

static bool is_method(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (i && (c == '-' || c == '_'))))
            return false;
    }
    return length > 0;
}

/* The place of the last space, if it is before a protocol; else the end. */
static const char *protocol_of(const char *at, const char *end)
{
    const char *space = memrchr(at, ' ', (size_t)(end - at));

    return space && end - space > 5 && memcmp(space + 1, "HTTP/", 5) == 0
               ? space
               : end;
}

struct cosend_cell
cosend_access_log_piece(const struct cosend_access_log_column *column,
                        struct cosend_cell part)
{
    const char *end, *space, *path, *protocol;
    struct cosend_cell empty = cosend_text("", 0);

    if (column->piece == CSI_PIECE_ALL || part.kind == COSEND_ABSENT)
        return part;
    if (!part.length)
        return empty;
    end = part.data + part.length;
    space = memchr(part.data, ' ', part.length);
    if (!space || !is_method(part.data, (size_t)(space - part.data)))
        return column->piece == CSI_PIECE_PATH ? part : empty;
    if (column->piece == CSI_PIECE_METHOD)
        return cosend_text(part.data, (uint32_t)(space - part.data));
    path = space + 1;
    protocol = protocol_of(path, end);
    if (column->piece == CSI_PIECE_PATH)
        return cosend_text(path, (uint32_t)(protocol - path));
    return protocol == end
               ? empty
               : cosend_text(protocol + 1, (uint32_t)(end - protocol - 1));
}
