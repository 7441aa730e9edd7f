/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: parfun-cc's command line. */
#ifndef CC_OPTIONS_H
#define CC_OPTIONS_H

#include "message.h"
#include "text.h"

struct cc_options {
    const char *input, *output, *header, *depfile;
    const char *prefix;  /* "" without one */
    const char *kernel;  /* the only one wanted, for the library; NULL: all */
    const char *clauses; /* of it, in place of its own; NULL: its own */
    const char *clang, *plugin, *builtins, *include; /* NULL: found */
    struct cc_list isas;
    struct cc_list folders;  /* of -I */
    struct cc_list language; /* for clang's runs over OpenCL C: -D, -I, -cl-*, -W */
    struct cc_text build;    /* for drivers: -cl-* */
    struct cc_text defines;  /* for drivers: -D and -U as preprocessor lines */
    const char *standard;    /* -cl-std=..., for drivers; "" without one */
    bool check, shared, verbose, debug;
};

/* *finished: --help or --version were answered. */
enum cc_exit cc_options_read(
        int count, char **arguments, struct cc_options *options, bool *finished);

/* False for "-cl-std=" and a version that is not part of OpenCL C 1.2, which native
 * code speaks. */
bool cc_options_is_spoken(const char *option);

/* The rest of the message. */
#define CC_SPOKEN "parfun speaks OpenCL C 1.2; say -cl-std=CL1.0, CL1.1 or CL1.2"

#endif
