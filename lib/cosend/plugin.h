/* SPDX-License-Identifier: MIT */
/*
 * Plug-ins: filters in a shared object, loaded while the program runs, as
 * `cosend --plugin FILE` does. One that has a filter `every` ends with
 *
 *     static const struct cosend_filter *const filters[] = {&every, NULL};
 *
 *     COSEND_API const struct cosend_plugin cosend_plugin = {
 *         .abi = COSEND_ABI, .filters = filters};
 *
 * (in C++ with extern "C" before it) and is built by
 *
 *     cc -shared -fPIC -o every.so every.c $(pkg-config --cflags cosend)
 *
 * It is not linked with the library: whoever loads it has that.
 */
#ifndef COSEND_PLUGIN_H
#define COSEND_PLUGIN_H

#include "cosend/filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a plug-in exports, as cosend_plugin. Stamped. */
struct cosend_plugin {
    unsigned abi; /* COSEND_ABI; read from the file before it is loaded, so that
                     nothing of one of another runs, its constructors neither */
    const struct cosend_filter *const *filters; /* ends with NULL */
};

/*
 * Load a plug-in and register its filters, all or none; they stay to the end of
 * the process. What cosend_register says of threads holds here too.
 *
 * Returns COSEND_OK; COSEND_E_USAGE where the path is relative, or the file is
 * another's or can be written or replaced by others than its owner and root,
 * is no plug-in, is of another ABI, or needs what is not there (in a program
 * that exports no functions of the library, as one that is linked statically,
 * these), or where a filter of it is refused, as for its name, which is taken;
 * COSEND_E_INPUT where the file cannot be read; COSEND_E_MEMORY.
 */
COSEND_API int cosend_load_plugin(const char *path, struct cosend_error *error);

#ifdef __cplusplus
}
#endif

#endif
