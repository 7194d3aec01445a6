/* SPDX-License-Identifier: MIT */
/* Times at the front of a text, by how they look. */
#ifndef CSI_LINE_TIME_H
#define CSI_LINE_TIME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where a time ends that a text begins with; NULL where there is none. In
 * `looks` these stand for what is there, and all else for itself:
 *
 *     d   a digit              D   a digit or a blank
 *     s   digits, one or more  B   a T or a blank
 *     M   Oct                  W   Tue
 *     F   a fraction: . or , and digits; or nothing
 *     Z   an offset, Z or +02, +0200, +02:00, with a blank before it or none;
 *         or nothing
 *     L   the same, or the letters of a zone behind a blank, and AM or PM in
 *         front of either; or nothing
 *     N   letters or the name of a zone behind a blank, Europe/Berlin; or
 *         nothing
 *     A   AM or PM, with a blank before it or none; or nothing
 *     |   or what follows
 *
 * What looks like a time need not be one: 31 Feb is none.
 */
const char *csi_line_time(const char *looks, const char *at, const char *end);

/* Whether a word is letters that several zones have, IST, or one that nobody
   was told of, CEST. */
bool csi_is_shared_zone(const char *word, size_t length);
/* Whether it is what any zone is called by: such letters, or UTC. */
bool csi_is_zone(const char *word, size_t length);

#define CSI_ISO   "dddd-dd-ddBdd:dd:ddFZ"
#define CSI_ISO_T "dddd-dd-ddTdd:dd:ddFZ"
#define CSI_ISOL  "dddd-dd-ddBdd:dd:ddFL"

#endif
