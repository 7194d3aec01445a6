/* SPDX-License-Identifier: MIT */
#include "cosend/plugin.h"

#include "base/base.h"
#include "spec/plugin_stamp.h"
#include "spec/registry.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse_plugin(struct cosend_error *error, const char *path,
                         const char *why)
{
    return cosend_error_set(error, COSEND_E_USAGE, "plug-in %s: %s", path, why);
}

static int unreadable_plugin(struct cosend_error *error, const char *path)
{
    return cosend_error_set(error, COSEND_E_INPUT, "plug-in %s: %s", path,
                            strerror(errno));
}

/* ---- Who may write to it ------------------------------------------------- */

/* Whoever can write to a folder can put another file into the place of one in
   it, but where only a file's owner may (the sticky bit, as of /tmp). */
static bool others_may_write(const struct stat *found)
{
    bool sticky = S_ISDIR(found->st_mode) && found->st_mode & S_ISVTX;

    return (found->st_mode & (S_IWGRP | S_IWOTH)) && !sticky;
}

/* The file, or one of the folders that it is in. */
static int check_owner(const char *path, const char *part,
                       struct cosend_error *error)
{
    struct stat found;

    if (stat(part, &found) != 0)
        return unreadable_plugin(error, path);
    if (found.st_uid != 0 && found.st_uid != geteuid())
        return cosend_error_set(error, COSEND_E_USAGE,
                                "plug-in %s: %s belongs to another user (%lu), "
                                "who could put anything there",
                                path, part, (unsigned long)found.st_uid);
    if (others_may_write(&found))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "plug-in %s: others may write to %s, and could "
                                "put anything there: chmod go-w %s",
                                path, part, part);
    return COSEND_OK;
}

static int check_owners(const char *path, struct cosend_error *error)
{
    char part[PATH_MAX];
    int status = check_owner(path, path, error);
    char *slash;

    strcpy(part, path); /* a path of realpath's */
    while (status == COSEND_OK && (slash = strrchr(part, '/')) &&
           strcmp(part, "/") != 0) {
        slash[slash == part] = '\0';
        status = check_owner(path, part, error);
    }
    return status;
}

/* ---- Its stamp ----------------------------------------------------------- */

static int check_abi(const char *path, unsigned abi, struct cosend_error *error)
{
    if (abi == COSEND_ABI)
        return COSEND_OK;
    return cosend_error_set(error, COSEND_E_USAGE,
                            "plug-in %s: it is of ABI %u, and this cosend %s "
                            "of %u: compile it with this cosend's headers",
                            path, abi, cosend_version(), COSEND_ABI);
}

static int check_stamp(const char *path, struct cosend_error *error)
{
    int file;
    struct stat found;
    void *bytes = MAP_FAILED;
    const char *why;
    unsigned abi = 0;

    do
        file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    while (file < 0 && errno == EINTR);
    if (file < 0)
        return unreadable_plugin(error, path);
    if (fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_size)
        bytes =
            mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes == MAP_FAILED)
        return refuse_plugin(error, path, "is no file with anything in it");
    why = csi_plugin_stamp(bytes, (size_t)found.st_size, &abi);
    munmap(bytes, (size_t)found.st_size);
    return why ? refuse_plugin(error, path, why) : check_abi(path, abi, error);
}

/* ---- Loading ------------------------------------------------------------- */

static int register_plugin(const char *path, const struct cosend_plugin *plugin,
                           struct cosend_error *error)
{
    struct cosend_error why = {0};
    int status;

    if (!plugin)
        return refuse_plugin(error, path, "exports no cosend_plugin");
    status = check_abi(path, plugin->abi, error);
    if (status < 0)
        return status;
    if (!plugin->filters || !plugin->filters[0])
        return refuse_plugin(error, path, "has no filters");
    status = csi_register_all(plugin->filters, &why);
    if (status < 0)
        cosend_error_set(error, status, "plug-in %s: %s", path, why.message);
    return status;
}

static int load_plugin(const char *path, struct cosend_error *error)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    int status;

    if (!library)
        return refuse_plugin(error, path, dlerror());
    status = register_plugin(path, dlsym(library, "cosend_plugin"), error);
    if (status < 0)
        dlclose(library);
    return status;
}

int cosend_load_plugin(const char *path, struct cosend_error *error)
{
    char real[PATH_MAX];
    int status;

    if (!path || path[0] != '/')
        return cosend_error_set(error, COSEND_E_USAGE,
                                "plug-in %s: its path has to begin with /, so "
                                "that it does not depend on the folder",
                                path ? path : "NULL");
    if (!realpath(path, real))
        return unreadable_plugin(error, path);
    status = check_owners(real, error);
    if (status == COSEND_OK)
        status = check_stamp(real, error);
    return status == COSEND_OK ? load_plugin(real, error) : status;
}
