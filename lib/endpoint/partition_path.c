/* SPDX-License-Identifier: MIT */
#include "endpoint/partition_path.h"

#include "io/path.h"
#include "record/template.h"
#include "run/run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { MOST_NAMES = 64 };

void csi_partition_path_init(struct csi_partition_path *path,
                             const struct cosend_template *made_of)
{
    unsigned name = 0;

    *path = (struct csi_partition_path){.made_of = made_of};
    for (size_t i = 0; i < made_of->count; i++) {
        const struct csi_template_part *part = &made_of->parts[i];

        for (size_t at = 0; at < part->length; at++)
            name += part->text[at] == '/' && name < MOST_NAMES - 1;
        if (cosend_has_field(part->field))
            path->chosen |= UINT64_C(1) << name;
    }
}

void csi_partition_path_free(struct csi_partition_path *path)
{
    cosend_bytes_free(&path->bytes);
}

/* ---- A record's ---------------------------------------------------------- */

static const char *wrong_value(struct cosend_cell cell)
{
    if (cell.kind == COSEND_ABSENT)
        return "is absent";
    if (cell.kind == COSEND_NULL)
        return "is null";
    if (cell.kind == COSEND_NESTED)
        return "is an array or object";
    if (!cell.length)
        return "is empty";
    for (uint32_t i = 0; i < cell.length; i++) {
        unsigned char c = (unsigned char)cell.data[i];

        if (c == '/')
            return "has a slash in it";
        if (c < 0x20 || c == 0x7f)
            return "has a control byte in it";
    }
    return NULL;
}

static bool check_values(struct csi_partition_path *path,
                         struct cosend_stage *self,
                         const struct cosend_record *record)
{
    uint32_t misfit = cosend_template_misfit(path->made_of, record);

    for (uint32_t i = 0; i < cosend_template_count(path->made_of); i++) {
        struct cosend_field field = cosend_template_field(path->made_of, i);
        struct cosend_cell cell = cosend_field(record, field);
        const char *wrong = i == misfit ? "is no number" : wrong_value(cell);

        if (!wrong)
            continue;
        snprintf(path->why, sizeof(path->why),
                 "field \"%.100s\" %s and names no file; `fill`, `set` or "
                 "`replace` before give it a value that does",
                 cosend_field_name(self, field), wrong);
        return false;
    }
    return true;
}

static bool is_dots(const char *name, size_t length)
{
    return (length == 1 && name[0] == '.') ||
           (length == 2 && name[0] == '.' && name[1] == '.');
}

/* Names that have a field in them. */
static bool check_path_names(struct csi_partition_path *path, const char *text)
{
    const char *name = text;
    bool dash = strcmp(text, "-") == 0;

    for (unsigned i = 0;; i += i < MOST_NAMES - 1) {
        size_t length = strcspn(name, "/");

        if (path->chosen >> i & 1 &&
            (is_dots(name, length) || length > NAME_MAX || dash)) {
            snprintf(path->why, sizeof(path->why),
                     "\"%.200s\"%s is no name of a file", name,
                     length > NAME_MAX ? "..., which is too long," : "");
            return false;
        }
        if (!name[length])
            return true;
        name += length + 1;
    }
}

const char *csi_partition_path_of(struct csi_partition_path *path,
                                  struct cosend_stage *self,
                                  const struct cosend_record *record)
{
    const char *text;

    if (!check_values(path, self, record))
        return NULL;
    path->bytes.length = 0;
    cosend_fill_template(path->made_of, record, NULL, &path->bytes);
    cosend_put_u8(&path->bytes, '\0');
    if (path->bytes.failed)
        return NULL;
    text = (const char *)path->bytes.data;
    if (path->bytes.length > PATH_MAX) {
        snprintf(path->why, sizeof(path->why),
                 "\"%.200s...\" is too long for a path", text);
        return NULL;
    }
    return check_path_names(path, text) ? text : NULL;
}

/* ---- Before it is opened ------------------------------------------------- */

static int complain(struct cosend_error *error, const char *name,
                    const char *what)
{
    return cosend_error_set(error, COSEND_E_OUTPUT, "%s: %s", name, what);
}

static int make_folder(const char *name, struct cosend_error *error)
{
    struct stat status;

    if (mkdir(name, 0777) == 0)
        return COSEND_OK;
    if (errno == ENOENT && csi_path_lacks_folder(name, error))
        return error->kind;
    if (errno != EEXIST || lstat(name, &status) != 0)
        return csi_io_error(error, COSEND_E_OUTPUT, name);
    return S_ISDIR(status.st_mode) ? COSEND_OK
                                   : complain(error, name,
                                              "it is no folder, and a link is "
                                              "followed nowhere");
}

/* From the first on that has a field in it. */
static int make_folders(const struct csi_partition_path *path, const char *name,
                        struct cosend_error *error)
{
    char folder[PATH_MAX + 1];
    uint64_t before = 0;
    unsigned i = 0;

    for (const char *slash = name; (slash = strchr(slash, '/')); slash++) {
        before |= path->chosen & UINT64_C(1) << i;
        i += i < MOST_NAMES - 1;
        if (!before || slash == name)
            continue;
        memcpy(folder, name, (size_t)(slash - name));
        folder[slash - name] = '\0';
        if (make_folder(folder, error) != COSEND_OK)
            return error->kind;
    }
    return COSEND_OK;
}

/* One writer a file. */
static int check_others(const struct csi_stage *stage, const char *name,
                        struct cosend_error *error)
{
    const char *rejects = stage->shared->plan->rejects_path;
    struct csi_path mine = csi_path_of(name), other;
    const struct csi_stage *writer =
        csi_outputs_writer(&csi_run_of(stage)->outputs, name);

    if (writer)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "%s: step %s writes to it as well", name,
                                writer->node->id);
    if (!rejects || !*rejects)
        return COSEND_OK;
    other = csi_path_of(rejects);
    return csi_path_same(&mine, &other)
               ? cosend_error_set(error, COSEND_E_USAGE,
                                  "%s: it is where rejects go", name)
               : COSEND_OK;
}

int csi_partition_path_prepare(const struct csi_partition_path *path,
                               const struct csi_stage *stage, const char *name,
                               struct cosend_error *error)
{
    struct stat status;
    int made = make_folders(path, name, error);

    if (made != COSEND_OK)
        return made;
    if (lstat(name, &status) == 0 && !S_ISREG(status.st_mode))
        return complain(error, name,
                        "it is no regular file, and a link is followed "
                        "nowhere");
    return check_others(stage, name, error);
}
