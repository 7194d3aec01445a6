/* SPDX-License-Identifier: MIT */
/* From a zone's name to what it is: fixed offsets, and files of tzdata's. */
#include "record/time_scan.h"
#include "record/zone_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 255, FILE_MAX_BYTES = 1 << 20, ZONE_PATH = 512 };

static const char *const directories[] = {
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
    "/etc/zoneinfo"};

/* ---- Files --------------------------------------------------------------- */

static int read_failed(const char *path, struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_INPUT, "%.200s: %s", path,
                            strerror(errno));
}

/* All of a file that is open: *data, which the caller frees. */
static int read_all(int file, const char *path, unsigned char **data,
                    size_t *length, struct cosend_error *error)
{
    ssize_t got = 1;

    *data = csi_malloc(FILE_MAX_BYTES);
    *length = 0;
    if (!*data)
        return csi_no_memory(error);
    while (got != 0 && *length < FILE_MAX_BYTES) {
        got = read(file, *data + *length, FILE_MAX_BYTES - *length);
        if (got < 0 && errno != EINTR)
            return read_failed(path, error);
        *length += got > 0 ? (size_t)got : 0;
    }
    return COSEND_OK;
}

/* Put a file's zone in one that is empty. COSEND_DONE where there is no such
   file, or it is no regular one. */
static int read_file(struct cosend_zone *zone, const char *path,
                     const char *name, struct cosend_error *error)
{
    unsigned char *data = NULL;
    struct stat about;
    size_t length = 0;
    int file, status;

    do
        file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (file < 0 && errno == EINTR);
    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? COSEND_DONE
                                                   : read_failed(path, error);
    if (fstat(file, &about) < 0)
        status = read_failed(path, error);
    else if (!S_ISREG(about.st_mode))
        status = COSEND_DONE;
    else
        status = read_all(file, path, &data, &length, error);
    close(file);
    if (status == COSEND_OK)
        status = csi_zone_decode(zone, data, length, name, error);
    csi_free(data);
    return status;
}

/* ---- Names --------------------------------------------------------------- */

static int no_zone(const char *name, const char *found,
                   struct cosend_error *error)
{
    const char *directory = getenv("TZDIR");

    if (found)
        return cosend_error_set(
            error, COSEND_E_USAGE,
            "there is no time zone \"%.80s\" in %.200s; they are called as "
            "Europe/Berlin is, and UTC and fixed offsets, +02:00, are taken "
            "too",
            name, found);
    return cosend_error_set(
        error, COSEND_E_USAGE,
        "time zone \"%.80s\": %.200s, where the system's time zones should be, "
        "is not there; install tzdata, have TZDIR name its directory, or write "
        "a fixed offset as +02:00",
        name, directory && *directory ? directory : directories[0]);
}

/* A name that leads to a file below the directory of zones. */
static bool is_name(const char *name)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789_+-/";

    return *name && *name != '/' && !name[strspn(name, good)] &&
           !strstr(name, "//");
}

static int read_named(struct cosend_zone *zone, const char *name,
                      struct cosend_error *error)
{
    const char *given = getenv("TZDIR"), *found = NULL;
    bool is_given = given && *given;
    char path[ZONE_PATH];

    for (size_t i = 0; i < (is_given ? 1 : 4); i++) {
        const char *directory = is_given ? given : directories[i];
        int status;

        if (access(directory, F_OK) != 0)
            continue;
        found = found ? found : directory;
        if (!is_name(name) || (size_t)snprintf(path, sizeof(path), "%s/%s",
                                               directory, name) >= sizeof(path))
            continue;
        status = read_file(zone, path, name, error);
        if (status != COSEND_DONE)
            return status;
    }
    return no_zone(name, found, error);
}

/* A zone that has one offset. */
static int fix_zone(struct cosend_zone *zone, int32_t offset,
                    const char *letters, size_t length,
                    struct cosend_error *error)
{
    uint8_t kind;

    return csi_zone_add_kind(zone, offset, letters, length, &kind)
               ? COSEND_OK
               : csi_no_memory(error);
}

static int read_local(struct cosend_zone *zone, struct cosend_error *error)
{
    static const char path[] = "/etc/localtime";
    const char *name = getenv("TZ");
    int status;

    if (name && *name == ':')
        name++;
    if (name && *name == '/')
        status = read_file(zone, name, name, error);
    else if (name && *name)
        return read_named(zone, name, error);
    else
        status = name ? COSEND_DONE : read_file(zone, path, path, error);
    /* No file there is UTC for the C library, too. */
    if (status != COSEND_DONE)
        return status;
    return fix_zone(zone, 0, "UTC", 3, error);
}

static int read_zone(struct cosend_zone *zone, const char *name, size_t length,
                     struct cosend_error *error)
{
    struct csi_time_scan scan = {name, name + length};
    char copy[NAME_MAX_BYTES + 1];
    int32_t offset;

    if (csi_scan_utc(name, length))
        return fix_zone(zone, 0, (*name | 0x20) == 'g' ? "GMT" : "UTC", 3,
                        error);
    if (csi_scan_offset(&scan, &offset) && scan.p == scan.end)
        return fix_zone(zone, offset, name, length, error);
    if (length > NAME_MAX_BYTES || memchr(name, '\0', length))
        return cosend_error_set(error, COSEND_E_USAGE,
                                "this is no name of a time zone");
    memcpy(copy, name, length);
    copy[length] = '\0';
    if (strcmp(copy, "local") == 0)
        return read_local(zone, error);
    return read_named(zone, copy, error);
}

struct cosend_zone *cosend_zone_new(const char *name, size_t length,
                                    struct cosend_error *error)
{
    struct cosend_zone *zone = csi_calloc(1, sizeof(*zone));

    if (!zone) {
        csi_no_memory(error);
        return NULL;
    }
    if (read_zone(zone, name, length, error) == COSEND_OK)
        return zone;
    cosend_zone_free(zone);
    return NULL;
}
