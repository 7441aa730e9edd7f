/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locate.h: where clang, its plugin, the built-in functions and parfun.h are:
 * named by options, beside the program's own place (so that an installed tree can
 * be moved), or, in a build tree, in a file `parfun-cc.paths` beside the program.
 */
#ifndef CC_LOCATE_H
#define CC_LOCATE_H

#include "message.h"
#include "options.h"

struct cc_tools {
    const char *clang, *plugin, *include;
    const char *builtins, *conversions; /* headers */
};

enum cc_exit cc_locate(const struct cc_options *options, struct cc_tools *tools);

#endif
