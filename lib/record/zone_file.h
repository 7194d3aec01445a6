/* SPDX-License-Identifier: MIT */
/* Zones as tzdata has them compiled: TZif, RFC 8536. */
#ifndef CSI_ZONE_FILE_H
#define CSI_ZONE_FILE_H

#include "record/zone.h"

/*
 * Put what a file of the system's says in a zone that is empty. name is for
 * messages.
 *
 * Returns COSEND_OK; COSEND_E_INPUT where the bytes make no sense, or count
 * leap seconds; COSEND_E_MEMORY.
 */
int csi_zone_decode(struct cosend_zone *zone, const unsigned char *data,
                    size_t length, const char *name,
                    struct cosend_error *error);

#endif
