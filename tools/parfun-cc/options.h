/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: parfun-cc's command line. */
#ifndef CC_OPTIONS_H
#define CC_OPTIONS_H

#include "message.h"
#include "text.h"

struct cc_options {
    const char *input, *output, *header, *depfile;
    const char *prefix;                              /* "" without one */
    const char *clang, *plugin, *builtins, *include; /* NULL: found */
    struct cc_list isas;
    struct cc_list folders;  /* of -I */
    struct cc_list language; /* for clang's runs over OpenCL C: -D, -I, -cl-*, -W */
    struct cc_text build;    /* for drivers: -cl-* */
    struct cc_text defines;  /* for drivers: -D and -U as preprocessor lines */
    const char *standard;    /* -cl-std=... */
    bool check, shared, verbose, debug;
};

/* *finished: --help or --version were answered. */
enum cc_exit cc_options_read(
        int count, char **arguments, struct cc_options *options, bool *finished);

#endif
