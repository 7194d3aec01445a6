/* SPDX-License-Identifier: MIT */
#include "format/csv_begin.h"

#include "format/csv_faults.h"
#include "format/csv_header.h"

#include <string.h>
#include <strings.h>

/*
 * A file's first line may be `sep=;`, as spreadsheets write it: then that is
 * the delimiter, unless an option names one, and the line is no record.
 *
 * Returns false where more bytes must say.
 */
static bool look_for_sep(struct csi_csv *reader, const char **start,
                         const char *end, bool final)
{
    enum { SEP = 4 };
    size_t length = (size_t)(end - *start);
    const char *next, *stop;

    if (reader->rules.tsv || reader->looked)
        return true;
    if (strncasecmp(*start, "sep=", length < SEP ? length : SEP) == 0) {
        next = csi_csv_line_end(*start, end);
        stop = csi_line_content(*start, next);
        if (next == stop && !final && length < SEP + CSI_CSV_DELIMITER + 2)
            return false;
        if (stop - *start > SEP &&
            (reader->base.options->delimiter.length
                 ? stop - *start <= SEP + CSI_CSV_DELIMITER
                 : csi_csv_rules_delimit(&reader->rules, *start + SEP,
                                         (size_t)(stop - *start) - SEP)))
            *start = next;
    }
    reader->looked = true;
    return true;
}

/* A line that is none. Of one that is not whole the rest is skipped. */
bool csi_csv_pass_comment(struct csi_csv *reader, const char **start,
                          const char *end, bool final)
{
    if (!csi_csv_is_comment(&reader->rules, *start, end))
        return false;
    *start = csi_csv_pass_line(reader, *start, end, final);
    return true;
}

/* Whether a first record that is blank is one. */
static bool may_begin_blank(const struct csi_csv *reader)
{
    const struct cosend_header *header = &reader->base.options->header;

    return !reader->rules.quotes && !header->first_record &&
           header->names.count == 1;
}

/* Blank lines before the first record are none, as it is not known yet that a
   line is one cell, which may be empty. */
static void warn_of_blank(const struct csi_csv *reader)
{
    const struct cosend_header *header = &reader->base.options->header;

    if (reader->blank && !reader->rules.quotes && !header->first_record &&
        reader->columns == 1 && reader->base.warn)
        reader->base.warn(reader->base.context,
                          "the blank lines that it begins with are left out; "
                          "with a name, input header=NAME |, they are records");
}

/* The record at *start, which is not blank, is a file's first. *next is behind
   it, and what else is the header's; NULL where that is not whole. */
static int begin_file(struct csi_csv *reader, struct csi_rows *rows,
                      const char *start, const char *end, bool final,
                      const char **next, struct cosend_error *error)
{
    const struct cosend_header *header = &reader->base.options->header;
    struct csi_csv_cut cut;
    bool is_header = header->first_record;
    int status =
        csi_csv_cut_header(reader, rows, &cut, start, end, final, next, error);
    bool crlf = *next && csi_line_is_crlf(start, *next);

    if (status != COSEND_OK ||
        (!*next && !cut.unclosed &&
         (csi_csv_is_short(reader, start, end) || csi_csv_is_quoted(&cut))))
        return status;
    if (is_header && reader->base.options->header_rows > 1) {
        status =
            csi_csv_join_header(reader, rows, start, end, final, next, error);
        if (status == COSEND_OK && *next)
            status = csi_csv_take_header(reader, rows, crlf, error);
    } else {
        status = csi_csv_begin_file(reader, rows, start, *next ? *next : end,
                                    cut.content, &is_header, error);
    }
    if (!is_header)
        *next = start;
    if (status == COSEND_OK)
        warn_of_blank(reader);
    return status;
}

/* The header, if one is due, and what is before the first record. */
static int header(struct csi_csv *reader, struct csi_rows *rows,
                  const char **start, const char *end, bool final,
                  struct cosend_error *error)
{
    int status = COSEND_OK;

    while (!reader->base.begun && *start < end && status == COSEND_OK) {
        const char *next = csi_csv_line_end(*start, end);

        if (csi_csv_pass_comment(reader, start, end, final)) {
            if (reader->lines.skipping)
                break;
            continue;
        }
        if (csi_line_content(*start, next) > *start || may_begin_blank(reader))
            status = begin_file(reader, rows, *start, end, final, &next, error);
        else
            reader->blank = true;
        if (!next)
            break;
        *start = next;
    }
    return status;
}

int csi_csv_begin(struct csi_csv *reader, struct csi_rows *rows,
                  const char **start, const char *end, bool final,
                  struct cosend_error *error)
{
    if (!look_for_sep(reader, start, end, final))
        return COSEND_OK;
    return header(reader, rows, start, end, final, error);
}
