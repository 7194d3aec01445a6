/* SPDX-License-Identifier: MIT */
/* What a path names: a file, whatever it is called, or a descriptor. */
#ifndef CSI_PATH_H
#define CSI_PATH_H

#include "io/io.h"

/*
 * The file that a path names, or will once it is there. The same file has many
 * names: ./x, ../here/x, a link, another hard link.
 */
struct csi_path {
    const char *path; /* the caller's */
    struct csi_identity file;
    struct csi_identity folder; /* inode 0: not known */
    bool exists;
    bool shared; /* a device: many may write to it */
};

/* Find out what a path names now. path must outlive it. */
struct csi_path csi_path_of(const char *path);

/* Whether two paths name the same file, and no device. */
bool csi_path_same(const struct csi_path *a, const struct csi_path *b);

/* Whether a path that is written to is standard output: "-", /dev/stdout. */
bool csi_path_is_stdout(const char *path);

/* The descriptor that a path like /dev/fd/5 stands for, or -1. */
int csi_path_descriptor(const char *path);

/*
 * Whether a descriptor was handed to this program. All that are opened here are
 * closed by an exec; one that came through an exec is not.
 */
bool csi_path_is_inherited(int descriptor);

/* Whether there is no folder for a file of that name to be in; *error says so,
   and what makes it. */
bool csi_path_lacks_folder(const char *name, struct cosend_error *error);

/* Whether a name is one that rotation gives a file of the name `base`:
   access.log.1, access.log-20260131. Not access.log.2.gz, not access.log.pos.
 */
bool csi_path_is_rotated(const char *name, const char *base);

#endif
