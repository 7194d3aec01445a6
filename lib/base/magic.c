/* SPDX-License-Identifier: MIT */
/*
 * The first bytes of compressed data, from the formats' descriptions: RFC 1952
 * (gzip), RFC 8878 (zstd), the .xz, .lzma and .lz4 file formats, PKWARE's
 * APPNOTE (zip), 7zFormat.txt, the manuals of lzip and lzop, and bzip2 by what
 * it writes. No text begins so, and none of them has a newline, so that looking
 * for them holds up no line.
 */
#include "base/magic.h"

#include <string.h>
#include <strings.h>

static const struct magic {
    const char *name;
    const char *unpacks; /* what prints the content, before the file's name */
    enum csi_packed kind;
    unsigned char bytes[CSI_MAGIC_MAX], mask[CSI_MAGIC_MAX];
    size_t length;
} magics[] = {
    /* clang-format off */
    {"gzip", "zcat", CSI_PACKED_GZIP,
     {0x1f, 0x8b, 0x08}, {255, 255, 255}, 3},
    {"zstd", "zstdcat", CSI_PACKED_ZSTD,
     {0x28, 0xb5, 0x2f, 0xfd}, {255, 255, 255, 255}, 4},
    {"zstd", "zstdcat", CSI_PACKED_ZSTD, /* a skippable frame */
     {0x50, 0x2a, 0x4d, 0x18}, {0xf0, 255, 255, 255}, 4},
    {"bzip2", "bzcat", CSI_PACKED_OTHERWISE, /* and pi, where a block begins */
     {'B', 'Z', 'h', '0', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59},
     {255, 255, 255, 0xf0, 255, 255, 255, 255, 255, 255}, 10},
    {"bzip2", "bzcat", CSI_PACKED_OTHERWISE, /* its root, where none does */
     {'B', 'Z', 'h', '0', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90},
     {255, 255, 255, 0xf0, 255, 255, 255, 255, 255, 255}, 10},
    {"xz", "xzcat", CSI_PACKED_OTHERWISE,
     {0xfd, '7', 'z', 'X', 'Z', 0}, {255, 255, 255, 255, 255, 255}, 6},
    {"lz4", "lz4cat", CSI_PACKED_OTHERWISE,
     {0x04, 0x22, 0x4d, 0x18}, {255, 255, 255, 255}, 4},
    {"lz4", "lz4cat", CSI_PACKED_OTHERWISE, /* its older form */
     {0x02, 0x21, 0x4c, 0x18}, {255, 255, 255, 255}, 4},
    {"lzma", "xzcat", CSI_PACKED_OTHERWISE, /* of unknown length */
     {0x5d, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255},
     {255, 255, 255, 0, 0xf8, 255, 255, 255, 255, 255, 255, 255, 255}, 13},
    {"lzma", "xzcat", CSI_PACKED_OTHERWISE, /* of less than a terabyte */
     {0x5d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
     {255, 255, 255, 0, 0xf8, 0, 0, 0, 0, 0, 255, 255, 255}, 13},
    {"zip", "unzip -p", CSI_PACKED_OTHERWISE,
     {'P', 'K', 3, 4}, {255, 255, 255, 255}, 4},
    {"zip", "unzip -p", CSI_PACKED_OTHERWISE, /* an empty one */
     {'P', 'K', 5, 6}, {255, 255, 255, 255}, 4},
    {"7z", "7z x -so", CSI_PACKED_OTHERWISE,
     {'7', 'z', 0xbc, 0xaf, 0x27, 0x1c}, {255, 255, 255, 255, 255, 255}, 6},
    {"compress (.Z)", "zcat", CSI_PACKED_OTHERWISE,
     {0x1f, 0x9d}, {255, 255}, 2},
    {"lzip", "lzip -dc", CSI_PACKED_OTHERWISE,
     {'L', 'Z', 'I', 'P', 1}, {255, 255, 255, 255, 255}, 5},
    {"lzop", "lzop -dc", CSI_PACKED_OTHERWISE,
     {0x89, 'L', 'Z', 'O', 0}, {255, 255, 255, 255, 255}, 5},
    /* clang-format on */
};

enum { MAGICS = sizeof(magics) / sizeof(magics[0]) };

/* The length of what agrees with a magic. */
static size_t agreement(const struct magic *magic, const unsigned char *data,
                        size_t length)
{
    size_t i = 0;

    while (i < length && i < magic->length &&
           (data[i] & magic->mask[i]) == magic->bytes[i])
        i++;
    return i;
}

static const struct magic *find_magic(const unsigned char *data, size_t length,
                                      bool *begun)
{
    *begun = false;
    for (size_t i = 0; i < MAGICS; i++) {
        size_t same = agreement(&magics[i], data, length);

        if (same == magics[i].length)
            return &magics[i];
        *begun |= same == length;
    }
    return NULL;
}

enum csi_packed csi_magic_of(const unsigned char *data, size_t length)
{
    bool begun;
    const struct magic *magic = find_magic(data, length, &begun);

    return magic ? magic->kind : begun ? CSI_PACKED_UNKNOWN : CSI_PACKED_NOT;
}

const char *csi_magic_name(const unsigned char *data, size_t length)
{
    bool begun;
    const struct magic *magic = find_magic(data, length, &begun);

    return magic ? magic->name : "compressed";
}

enum csi_packed csi_magic_by_path(const char *path)
{
    static const char *const others[] = {
        ".7z",  ".br",   ".bz2", ".lz", ".lz4", ".lzma", ".lzo",
        ".rar", ".tbz2", ".tgz", ".xz", ".txz", ".z",    ".zip"};
    const char *slash = strrchr(path, '/');
    const char *extension = strrchr(slash ? slash : path, '.');

    if (extension && strcasecmp(extension, ".gz") == 0)
        return CSI_PACKED_GZIP;
    if (extension && (strcasecmp(extension, ".zst") == 0 ||
                      strcasecmp(extension, ".zstd") == 0))
        return CSI_PACKED_ZSTD;
    for (size_t i = 0; extension && i < sizeof(others) / sizeof(others[0]); i++)
        if (strcasecmp(extension, others[i]) == 0)
            return CSI_PACKED_OTHERWISE;
    return CSI_PACKED_NOT;
}

int csi_magic_refuse(const unsigned char *data, size_t length, const char *name,
                     const char *why, struct cosend_error *error)
{
    bool begun, named = strcmp(name, "stdin") != 0;
    const struct magic *magic = find_magic(data, length, &begun);
    const char *command = magic ? magic->unpacks : "unpack";

    if (!named && magic && strcmp(magic->name, "zip") == 0)
        command = "funzip"; /* unzip reads no pipe */
    return cosend_error_set(error, COSEND_E_INPUT,
                            "%s: it is %s data, %s: %s%s%s | cosend ...", name,
                            csi_magic_name(data, length), why, command,
                            named ? " " : "", named ? name : "");
}
