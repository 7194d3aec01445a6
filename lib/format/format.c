/* SPDX-License-Identifier: MIT */
#include "format/format.h"

#include "format/csv_write.h"
#include "format/formats.h"
#include "format/jsonl_write.h"
#include "format/table_write.h"
#include "format/text_write.h"

#include <string.h>

static const struct csi_format formats[] = {
    {"", COSEND_FORMAT_TEXT, csi_text_reader, csi_text_writer},
    {".csv", COSEND_FORMAT_CSV, csi_csv_reader, csi_csv_writer},
    {".tsv", COSEND_FORMAT_TSV, csi_tsv_reader, csi_tsv_writer},
    {".jsonl .ndjson", COSEND_FORMAT_JSONL, csi_jsonl_reader, csi_jsonl_writer},
    {"", COSEND_FORMAT_TABLE, NULL, csi_table_writer},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

const struct csi_format *csi_format_get(enum cosend_format_name number)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].number == number)
            return &formats[i];
    return NULL;
}

/* Letters compare without case, by ASCII alone. */
static bool same(const char *lower, const char *text, size_t length)
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

        if (one == length && same(extensions, extension, one))
            return true;
        extensions += one;
        extensions += *extensions == ' ';
    }
    return false;
}

const struct csi_format *csi_format_by_path(const char *path)
{
    const char *name = strrchr(path, '/');
    const char *end = path + strlen(path), *extension;

    name = name ? name : path;
    extension = memrchr(name, '.', (size_t)(end - name));
    /* Below the ending of what is compressed. */
    if (extension && lists(".gz .zst .zstd", extension, end)) {
        end = extension;
        extension = memrchr(name, '.', (size_t)(end - name));
    }
    for (size_t i = 0; extension && i < FORMATS; i++)
        if (lists(formats[i].extensions, extension, end))
            return &formats[i];
    return NULL;
}
