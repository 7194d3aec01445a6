/* SPDX-License-Identifier: MIT */
#include "cosend.h"

int main(int argc, char **argv)
{
    return cosend_main(argc, argv);
}
