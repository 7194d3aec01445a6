/* SPDX-License-Identifier: MIT */
#ifndef CSI_TEMPLATE_WRITE_H
#define CSI_TEMPLATE_WRITE_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_writer *
csi_template_writer(const struct cosend_format_options *options,
                    struct cosend_error *error);

#endif
