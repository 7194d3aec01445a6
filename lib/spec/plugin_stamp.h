/* SPDX-License-Identifier: MIT */
/* What a plug-in's file says of itself, without loading it. */
#ifndef CSI_PLUGIN_STAMP_H
#define CSI_PLUGIN_STAMP_H

#include "cosend/base.h"

/*
 * The `abi` of the cosend_plugin that a shared object exports, read from the
 * `length` bytes of its file.
 *
 * Returns NULL, with *abi set; else why there is none, static: "is no shared
 * object", say.
 */
const char *csi_plugin_stamp(const unsigned char *file, size_t length,
                             unsigned *abi);

#endif
