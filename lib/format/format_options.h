/* SPDX-License-Identifier: MIT */
/* Rows that readers and writers have both. */
#ifndef CSI_FORMAT_OPTIONS_H
#define CSI_FORMAT_OPTIONS_H

#include "cosend/stage.h"

/* The bytes of a record, at most, by default. */
#define CSI_RECORD_BYTES 16777216 /* 16 MiB */

extern const struct cosend_option csi_csv_options[];

/* An option that only some formats have, and which. One that is given where it
   would do nothing is a mistake. */
struct csi_option_use {
    const char *name;
    unsigned formats; /* a bit for each enum cosend_format_name */
    const char *whose;
};

/* All of them, then one without a name. */
const struct csi_option_use *csi_option_uses(void);

/* One of these rows that has a value and does nothing for a format; NULL where
   there is none. */
const struct csi_option_use *
csi_idle_option(const struct cosend_option *rows,
                const struct cosend_format_options *options, int format);

/*
 * Whether options that a filter made by itself are any: their enums, and the
 * words that are zero.
 *
 * Returns COSEND_OK or COSEND_E_USAGE.
 */
int csi_format_options_check(const struct cosend_format_options *options,
                             enum cosend_format_name last,
                             struct cosend_error *error);

#endif
