/* SPDX-License-Identifier: MIT */
#include "record/line_level.h"

#include <string.h>
#include <strings.h>

bool csi_is_level(const char *word, size_t length)
{
    static const char *const levels[] = {
        "ALERT",   "ANY",     "CONFIG",      "CONTEXT",   "CRIT",  "CRITICAL",
        "DBG",     "DEBUG",   "DETAIL",      "EMERG",     "ERR",   "ERROR",
        "FATAL",   "FINE",    "FINER",       "FINEST",    "FTL",   "HINT",
        "INF",     "INFO",    "INFORMATION", "LOG",       "NOISE", "NOTICE",
        "PANIC",   "PNC",     "QUERY",       "SEVERE",    "TRACE", "TRC",
        "UNKNOWN", "VERBOSE", "VRB",         "STATEMENT", "WARN",  "WARNING",
        "WRN"};

    /* DEBUG1, trace8 */
    if (length && (unsigned)(word[length - 1] - '0') < 10)
        length--;
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (length && ((levels[i][0] ^ *word) & ~0x20) == 0 &&
            strlen(levels[i]) == length &&
            strncasecmp(levels[i], word, length) == 0)
            return true;
    return false;
}
