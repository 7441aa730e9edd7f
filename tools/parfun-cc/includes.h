/* SPDX-License-Identifier: Apache-2.0 */
/*
 * includes.h: the text for OpenCL drivers.  They get no folders, so the user's
 * own included files are copied in; #line keeps the names and lines of messages.
 */
#ifndef CC_INCLUDES_H
#define CC_INCLUDES_H

#include "message.h"
#include "text.h"

/* Adds the text of `file` to *expanded, each #include that `folders` (those of
 * -I) or the including file's own folder hold replaced by the file.  Others stay:
 * if they count, clang refuses them. */
enum cc_exit cc_includes_expand(const char *file, const struct cc_text *text,
        const struct cc_list *folders, struct cc_text *expanded);

#endif
