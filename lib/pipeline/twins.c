/* SPDX-License-Identifier: MIT */
/*
 * The functions whose bodies are in the headers, once more: as symbols of the
 * library, for languages that call it without a C compiler (ctypes, Rust, Go).
 */
#define COSEND_INLINE COSEND_API
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#include "cosend.h"
