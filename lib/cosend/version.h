/* SPDX-License-Identifier: MIT */
/*
 * Which cosend this is: the version, of the header and of the library, and the
 * number of its binary interface.
 *
 * COSEND_ABI is the number of all that a program relies on once it is compiled.
 * It is in the name of the shared object and of its symbols' version node, so
 * that the dynamic linker refuses a library of another number; and it comes
 * first in a filter's row and in a plug-in, where it is looked at before
 * anything else. As long as it is the same a program works with any later
 * library. Structs are of three kinds, as each header says:
 *
 * Sized are those that a host makes and that may grow at their end. `size_t
 * size` comes first, and whoever makes one sets it to sizeof, as by {.size =
 * sizeof(options)}. What a program's does not have is zero, the default of
 * everything; of one that has more than the library knows, that has to be zero,
 * or the call is refused (COSEND_E_USAGE): it would mean what only a later one
 * knows. No byte behind `size` is read or written.
 *
 * Stamped are those that a filter hands over or is handed: they are what
 * COSEND_ABI says. What is to come is taken from their words `reserved`: these
 * are zero, so make structs by initializers, or zero them.
 *
 * Frozen are those that functions in the headers look into, and what is made
 * everywhere, as cells and errors are. They stay as they are.
 */
#ifndef COSEND_VERSION_H
#define COSEND_VERSION_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The only place where these numbers are written down. */
#define COSEND_VERSION_MAJOR 0
#define COSEND_VERSION_MINOR 1
#define COSEND_VERSION_PATCH 0
#define COSEND_ABI           1

#define COSEND_QUOTE_(text) #text
#define COSEND_DOTTED_(major, minor, patch)                                    \
    COSEND_QUOTE_(major) "." COSEND_QUOTE_(minor) "." COSEND_QUOTE_(patch)

/* The header's version: "0.1.0", and 100 (1.2.3 is 10203) to be compared, as
   in #if COSEND_VERSION_NUMBER >= 300. */
#define COSEND_VERSION                                                         \
    COSEND_DOTTED_(COSEND_VERSION_MAJOR, COSEND_VERSION_MINOR,                 \
                   COSEND_VERSION_PATCH)
#define COSEND_VERSION_NUMBER                                                  \
    (COSEND_VERSION_MAJOR * 10000 + COSEND_VERSION_MINOR * 100 +               \
     COSEND_VERSION_PATCH)

/* The library's, which may be another than the header's: as COSEND_VERSION,
   COSEND_VERSION_NUMBER and COSEND_ABI. */
COSEND_API const char *cosend_version(void);
COSEND_API int cosend_version_number(void);
COSEND_API unsigned cosend_abi(void);

#ifdef __cplusplus
}
#endif

#endif
