/* SPDX-License-Identifier: Apache-2.0 */
/* arrow.h: the types that tables and Arrow's C data interface both have. */
#ifndef PF_ARROW_H
#define PF_ARROW_H

#include "runtime/table.h"
#include <parfun/arrow.h>

/* Arrow's format string of a column; "" if there is none. */
const char *pf_arrow_format(const struct pf_column *column);

/* The other way: false for formats that tables do not have. */
bool pf_arrow_parse(
        const char *format, enum parfun_type *type, enum pf_layout *layout);

/* Of what is there: each once, and marked as released.  Takes NULL. */
void pf_arrow_release(struct ArrowSchema *schema, struct ArrowArray *array);

/* parfun_table_import() and parfun_table_export(), with no argument NULL. */
enum parfun_status pf_arrow_import(struct ArrowSchema *schema,
        struct ArrowArray *array, struct parfun_table **table);
enum parfun_status pf_arrow_export(const struct parfun_table *table,
        struct ArrowSchema *schema, struct ArrowArray *array);

#endif
