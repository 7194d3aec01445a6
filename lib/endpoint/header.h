/* SPDX-License-Identifier: MIT */
/* The header of a file that is appended to. */
#ifndef CSI_HEADER_H
#define CSI_HEADER_H

#include "cosend/base.h"

/*
 * Whether a file that starts with `start` has this header already: the same
 * names, quoted or not, whatever its lines end in.
 */
bool csi_header_is_there(const char *start, size_t length, const char *header,
                         size_t header_length, char quote);

/* Say that it has another. Returns COSEND_E_OUTPUT. */
int csi_header_refuse(const char *name, const char *start, size_t length,
                      const char *header, size_t header_length,
                      struct cosend_error *error);

#endif
