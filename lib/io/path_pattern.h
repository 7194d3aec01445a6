/* SPDX-License-Identifier: MIT */
/* Paths with wildcards, as a shell has them: logs/app-?.log*. */
#ifndef CSI_PATH_PATTERN_H
#define CSI_PATH_PATTERN_H

#include "io/io.h"

/* Whether there is a wildcard in it, *, ? or [, and nothing is called so. */
bool csi_path_is_pattern(const char *path);

/*
 * Call take for each file that fits it, in the order of the bytes of their
 * paths. Folders do not fit, nor names with a dot in front where the pattern
 * has none. A folder that cannot be read has none that do.
 *
 * Returns false without memory, or where take did, which is not called then any
 * more.
 */
bool csi_path_each_fitting(const char *pattern,
                           bool (*take)(void *context, const char *path),
                           void *context);

/* A pattern cannot be opened, and *error says why: no file fits; or it was
   quoted on the command line, where the shell has files to put in its place.
   Returns COSEND_E_INPUT, or COSEND_E_MEMORY. */
int csi_path_fits_none(const char *pattern, struct cosend_error *error);

#endif
