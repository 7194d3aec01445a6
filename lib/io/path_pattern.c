/* SPDX-License-Identifier: MIT */
#include "io/path_pattern.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

bool csi_path_is_pattern(const char *path)
{
    struct stat status;

    return strpbrk(path, "*?[") && lstat(path, &status) != 0;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

bool csi_path_each_fitting(const char *pattern,
                           bool (*take)(void *context, const char *path),
                           void *context)
{
    glob_t found = {0};
    int status = glob(pattern, GLOB_MARK | GLOB_NOSORT, NULL, &found);
    bool ok = status != GLOB_NOSPACE;

    /* Its own order is that of the locale. */
    if (found.gl_pathc)
        qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv),
              by_bytes);
    for (size_t i = 0; ok && i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];

        if (path[strlen(path) - 1] != '/')
            ok = take(context, path);
    }
    globfree(&found);
    return ok;
}

static bool count_one(void *context, const char *path)
{
    (void)path;
    ++*(size_t *)context;
    return true;
}

int csi_path_fits_none(const char *pattern, struct cosend_error *error)
{
    size_t count = 0;

    if (!csi_path_each_fitting(pattern, count_one, &count))
        return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
    if (count)
        return cosend_error_set(error, COSEND_E_INPUT,
                                "%.400s: no file is called so; %zu fit%s it as "
                                "a pattern, which the shell puts in its place "
                                "without quotes",
                                pattern, count, count > 1 ? "" : "s");
    return cosend_error_set(error, COSEND_E_INPUT,
                            "%.400s: no file is called so, and none fits it "
                            "as a pattern",
                            pattern);
}
