/* SPDX-License-Identifier: MIT */
#include "io/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct csi_identity identity(const struct stat *status)
{
    return (struct csi_identity){status->st_dev, status->st_ino};
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void find_folder(struct csi_path *found)
{
    size_t length = (size_t)(last_name(found->path) - found->path);
    char folder[PATH_MAX];
    struct stat status;

    if (length + 1 >= sizeof(folder))
        return;
    snprintf(folder, sizeof(folder), "%.*s.", (int)length, found->path);
    if (stat(folder, &status) == 0)
        found->folder = identity(&status);
}

struct csi_path csi_path_of(const char *path)
{
    struct csi_path found = {.path = path};
    struct stat status;

    if (stat(path, &status) == 0) {
        found.exists = true;
        found.file = identity(&status);
        found.shared = S_ISCHR(status.st_mode);
    } else {
        find_folder(&found);
    }
    return found;
}

static bool is_same_file(struct csi_identity a, struct csi_identity b)
{
    return a.device == b.device && a.inode == b.inode;
}

bool csi_path_same(const struct csi_path *a, const struct csi_path *b)
{
    if (a->shared || b->shared || a->exists != b->exists)
        return false;
    if (a->exists)
        return is_same_file(a->file, b->file);
    if (!a->folder.inode || !b->folder.inode)
        return strcmp(a->path, b->path) == 0;
    return is_same_file(a->folder, b->folder) &&
           strcmp(last_name(a->path), last_name(b->path)) == 0;
}

int csi_path_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    const char *digits = NULL;
    char *end;
    long number;

    if (strcmp(path, "/dev/stdin") == 0)
        return 0;
    if (strcmp(path, "/dev/stdout") == 0)
        return 1;
    if (strcmp(path, "/dev/stderr") == 0)
        return 2;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            digits = path + strlen(folders[i]);
    if (!digits || *digits < '0' || *digits > '9')
        return -1;
    number = strtol(digits, &end, 10);
    return !*end && number < 1 << 20 ? (int)number : -1;
}

bool csi_path_is_stdout(const char *path)
{
    return strcmp(path, "-") == 0 || csi_path_descriptor(path) == 1;
}

bool csi_path_is_inherited(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFD);

    return flags >= 0 && !(flags & FD_CLOEXEC);
}

bool csi_path_lacks_folder(const char *name, struct cosend_error *error)
{
    const char *slash = strrchr(name, '/');
    size_t length = slash ? (size_t)(slash - name) : 0;
    char folder[PATH_MAX];
    struct stat status;

    if (!length || length >= sizeof(folder))
        return false;
    memcpy(folder, name, length);
    folder[length] = '\0';
    if (stat(folder, &status) == 0 || errno != ENOENT)
        return false;
    cosend_error_set(error, COSEND_E_OUTPUT,
                     "%s: there is no folder %s; `mkdir -p %s` makes it", name,
                     folder, folder);
    return true;
}

bool csi_path_is_rotated(const char *name, const char *base)
{
    static const char digits[] = "0123456789";
    size_t length = strlen(base);

    if (strncmp(name, base, length) != 0)
        return false;
    name += length;
    return name[strcspn(name, digits)] && !name[strspn(name, "0123456789.-_")];
}
