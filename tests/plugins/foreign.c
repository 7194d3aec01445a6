/* SPDX-License-Identifier: MIT */
/* A plug-in of another ABI, of which nothing may run, not even what runs when
   it is loaded. */
#include <cosend.h>

#include <stdio.h>

__attribute__((constructor)) static void run_at_once(void)
{
    puts("something of the plug-in was run");
}

COSEND_API const struct cosend_plugin cosend_plugin = {.abi = COSEND_ABI + 1};
