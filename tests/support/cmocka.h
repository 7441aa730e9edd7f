/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka.h: cmocka, with the headers that must stand before it, in their order. */
#ifndef PF_TESTS_SUPPORT_CMOCKA_H
#define PF_TESTS_SUPPORT_CMOCKA_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
