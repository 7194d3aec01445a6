/* SPDX-License-Identifier: MIT */
/* The rule by which a zone's offset goes on changing. */
#ifndef CSI_ZONE_RULE_H
#define CSI_ZONE_RULE_H

#include "record/zone.h"

/*
 * Add the changes that a rule makes behind those that a zone has, up to the end
 * of the range of times. A rule is what POSIX has for TZ, with the hours beyond
 * a day that RFC 8536 allows: "CET-1CEST,M3.5.0,M10.5.0/3". No bytes are none.
 *
 * Returns COSEND_OK; COSEND_E_TYPE where it is no rule; COSEND_E_MEMORY.
 */
int csi_zone_add_rule(struct cosend_zone *zone, const char *text,
                      size_t length);

#endif
