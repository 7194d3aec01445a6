/* SPDX-License-Identifier: MIT */
#include "format/format.h"

#include "format/columns_read.h"
#include "format/csv_read.h"
#include "format/csv_write.h"
#include "format/json_read.h"
#include "format/jsonl_read.h"
#include "format/jsonl_write.h"
#include "format/markdown_write.h"
#include "format/pairs_read.h"
#include "format/pairs_write.h"
#include "format/table_write.h"
#include "format/template_write.h"
#include "format/text_read.h"
#include "format/text_write.h"

#include <string.h>

static const struct csi_format formats[] = {
    {"", COSEND_FORMAT_TEXT, csi_text_reader, csi_text_writer, NULL, false},
    {".csv", COSEND_FORMAT_CSV, csi_csv_reader, csi_csv_writer, NULL, true},
    {".tsv", COSEND_FORMAT_TSV, csi_tsv_reader, csi_tsv_writer, NULL, true},
    {".jsonl .ndjson", COSEND_FORMAT_JSONL, csi_jsonl_reader, csi_jsonl_writer,
     csi_jsonl_walk, false},
    {".json", COSEND_FORMAT_JSON, csi_json_reader, csi_json_writer,
     csi_jsonl_walk, false},
    {".ltsv", COSEND_FORMAT_LTSV, csi_ltsv_reader, csi_ltsv_writer,
     csi_ltsv_walk, false},
    {".logfmt", COSEND_FORMAT_LOGFMT, csi_logfmt_reader, csi_logfmt_writer,
     csi_logfmt_walk, false},
    {".xtab", COSEND_FORMAT_XTAB, csi_xtab_reader, csi_xtab_writer,
     csi_xtab_walk, false},
    {"", COSEND_FORMAT_COLUMNS, csi_columns_reader, csi_columns_writer, NULL,
     false},
    {".nidx", COSEND_FORMAT_NIDX, csi_nidx_reader, csi_nidx_writer, NULL,
     false},
    {"", COSEND_FORMAT_TABLE, NULL, csi_table_writer, NULL, false},
    {".md .markdown", COSEND_FORMAT_MARKDOWN, NULL, csi_markdown_writer, NULL,
     false},
    {"", COSEND_FORMAT_TEMPLATE, NULL, csi_template_writer, NULL, false},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const struct csi_format *csi_format_get(enum cosend_format_name number)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].number == number)
            return &formats[i];
    return NULL;
}

const struct csi_format *
csi_format_of_bytes(const struct cosend_format_options *options)
{
    return csi_format_get(options->name ? (enum cosend_format_name)options->name
                                        : COSEND_FORMAT_TEXT);
}

bool csi_format_is_of_cells(int number)
{
    return number == COSEND_FORMAT_CSV || number == COSEND_FORMAT_TSV ||
           number == COSEND_FORMAT_COLUMNS || number == COSEND_FORMAT_NIDX;
}

csi_walk csi_format_walk(int number)
{
    const struct csi_format *format =
        csi_format_get((enum cosend_format_name)number);

    return format ? format->walk : NULL;
}

/* Letters compare without case, by ASCII alone. */
static bool is_same_but_case(const char *lower, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (c != lower[i])
            return false;
    }
    return true;
}

static bool lists(const char *extensions, const char *extension,
                  const char *end)
{
    size_t length = (size_t)(end - extension);

    while (*extensions) {
        size_t one = strcspn(extensions, " ");

        if (one == length && is_same_but_case(extensions, extension, one))
            return true;
        extensions += one;
        extensions += *extensions == ' ';
    }
    return false;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The last dot of a name up to an end; NULL where there is none. */
static const char *last_dot(const char *name, const char *end)
{
    return memrchr(name, '.', (size_t)(end - name));
}

static const struct csi_format *by_extension(const char *name, const char *end)
{
    const char *dot = last_dot(name, end);

    for (size_t i = 0; dot && i < FORMATS; i++)
        if (lists(formats[i].extensions, dot, end))
            return &formats[i];
    return NULL;
}

/* Where a name ends without what rotation hangs on: .1, -20260301,
   .2026-03-01_12. */
static const char *before_rotation(const char *name, const char *end)
{
    static const char marks[] = "0123456789.-_";
    const char *at = end;

    while (at > name && memchr(marks, at[-1], sizeof(marks) - 1))
        at--;
    return strcspn(at, "0123456789") < (size_t)(end - at) ? at : end;
}

const struct csi_format *csi_format_by_path(const char *path)
{
    const char *name = name_of(path), *end = path + strlen(path);
    const char *dot = last_dot(name, end);
    const struct csi_format *format;

    /* Below the ending of what is compressed, also in ways that the first bytes
       are refused for. */
    if (dot && lists(".gz .zst .zstd .bz2 .xz .lz4 .lzma .zip .z", dot, end))
        end = dot;
    format = by_extension(name, end);
    return format ? format : by_extension(name, before_rotation(name, end));
}

bool csi_format_is_of_others(const char *path)
{
    const char *end = path + strlen(path);
    const char *dot = last_dot(name_of(path), end);

    return dot && lists(".parquet .xlsx .xls .ods .html .htm .xml .yaml .yml "
                        ".toml .sqlite .db .arrow .feather .avro .orc .pdf",
                        dot, end);
}
