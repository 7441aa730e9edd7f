/* SPDX-License-Identifier: Apache-2.0 */
/* depfile.h: the rule for make and ninja that says what was read. */
#ifndef CC_DEPFILE_H
#define CC_DEPFILE_H

#include "message.h"
#include "text.h"

/* Turns clang's rule in `clang_rule` into one for `targets`: without files in
 * `folder`, which are gone, and with `more`. */
enum cc_exit cc_depfile_write(const char *path, const char *clang_rule,
        const char *folder, const struct cc_list *targets,
        const struct cc_list *more);

#endif
