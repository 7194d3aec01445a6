/* SPDX-License-Identifier: MIT */
/*
 * Patterns from a file, one a line, as `grep -f` and `rg -f` read them: the
 * last line may lack its end, and an empty line is a pattern that is found
 * everywhere. What Windows leaves is no part of a pattern: CRs before line
 * ends, and a byte order mark. The file is read to its end at once, so that it
 * may be a pipe.
 */
#include "base/base.h"
#include "base/magic.h"
#include "cosend/match.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BYTES = 64 * 1024 };

static const char bom[] = "\xef\xbb\xbf";

struct file {
    char *text;
    size_t length, capacity;
    const char **patterns;
    size_t *lengths;
    size_t count;
};

static int no_memory(struct cosend_error *error)
{
    return csi_no_memory(error);
}

static int read_all(struct file *file, int descriptor, const char *path,
                    struct cosend_error *error)
{
    size_t room = FIRST_BYTES;
    ssize_t got;

    do {
        if (!csi_grow(&file->text, &file->capacity, file->length + room, 1))
            return no_memory(error);
        do {
            got = read(descriptor, file->text + file->length,
                       file->capacity - file->length);
        } while (got < 0 && errno == EINTR);
        if (got < 0)
            return cosend_error_set(error, COSEND_E_SPEC,
                                    "cannot read \"%.300s\": %s", path,
                                    strerror(errno));
        file->length += (size_t)got;
        room = 1;
    } while (got > 0);
    return COSEND_OK;
}

static int open_patterns(const char *path)
{
    int descriptor;

    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static int open_and_read(struct file *file, const char *path,
                         struct cosend_error *error)
{
    int descriptor = open_patterns(path), status;

    if (descriptor < 0)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "cannot open \"%.300s\": %s", path,
                                strerror(errno));
    status = read_all(file, descriptor, path, error);
    close(descriptor);
    if (status == COSEND_OK && file->length &&
        csi_magic_of((const unsigned char *)file->text, file->length) >
            CSI_PACKED_NOT)
        return cosend_error_set(error, COSEND_E_SPEC,
                                "\"%.300s\" is compressed, and a list of "
                                "patterns is read as it is: unpack it before",
                                path);
    if (file->length >= sizeof(bom) - 1 &&
        memcmp(file->text, bom, sizeof(bom) - 1) == 0) {
        file->length -= sizeof(bom) - 1;
        memmove(file->text, file->text + sizeof(bom) - 1, file->length);
    }
    return status;
}

static size_t count_lines(const struct file *file)
{
    const char *p = file->text, *end = file->text + file->length;
    size_t count = 0;

    for (; p && p < end; count++) {
        p = memchr(p, '\n', (size_t)(end - p));
        p = p ? p + 1 : end;
    }
    return count;
}

/* Behind a first pattern, which is no line of the file, and may be NULL. */
static bool cut_lines(struct file *file, const char *first, size_t first_length)
{
    size_t lines = count_lines(file);
    const char *p = file->text, *end = file->text + file->length;

    file->patterns = csi_calloc(lines + 1, sizeof(*file->patterns));
    file->lengths = csi_calloc(lines + 1, sizeof(*file->lengths));
    if (!file->patterns || !file->lengths)
        return false;
    if (first) {
        file->patterns[0] = first;
        file->lengths[file->count++] = first_length;
    }
    while (lines--) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;

        file->patterns[file->count] = p;
        p = newline ? newline + 1 : end;
        if (stop > file->patterns[file->count] && stop[-1] == '\r')
            stop--;
        file->lengths[file->count] =
            (size_t)(stop - file->patterns[file->count]);
        file->count++;
    }
    return true;
}

/* The regex of a file that was cut, or NULL with what is wrong and where. */
static struct cosend_regex *
compile_lines(const struct file *file, const char *path, bool has_first,
              const struct cosend_regex_options *options,
              struct cosend_error *error)
{
    struct cosend_error why = {0};
    size_t which;
    struct cosend_regex *regex = cosend_regex_new_any(
        file->patterns, file->lengths, file->count, options, &which, &why);

    if (regex)
        return regex;
    if (why.kind == COSEND_E_MEMORY)
        no_memory(error);
    else if (has_first && which == 0)
        cosend_error_set(error, why.kind, "%s", why.message);
    else
        cosend_error_set(error, why.kind, "%.300s:%zu: %.150s", path,
                         which + !has_first, why.message);
    return NULL;
}

struct cosend_regex *cosend_regex_new_from_file(
    const char *path, const char *first, size_t first_length,
    const struct cosend_regex_options *options, struct cosend_error *error)
{
    struct file file = {0};
    struct cosend_regex *regex = NULL;
    int status;

    if (options && CSI_CHECK_RESERVED(options, "regex options", error) < 0)
        return NULL;
    status = open_and_read(&file, path, error);
    if (status == COSEND_OK && !file.length)
        status =
            cosend_error_set(error, COSEND_E_SPEC,
                             "\"%.300s\" is empty: no pattern is in it", path);
    if (status == COSEND_OK && !cut_lines(&file, first, first_length))
        status = no_memory(error);
    if (status == COSEND_OK)
        regex = compile_lines(&file, path, first != NULL, options, error);
    csi_free(file.text);
    csi_free(file.patterns);
    csi_free(file.lengths);
    return regex;
}
