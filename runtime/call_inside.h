/* SPDX-License-Identifier: Apache-2.0 */
/* call_inside.h: what call.c and call_arrays.c share; nobody else's. */
#ifndef PF_CALL_INSIDE_H
#define PF_CALL_INSIDE_H

#include "runtime/call.h"

/* a * b; PARFUN_INVALID, naming `what`, beyond the address space. */
enum parfun_status pf_call_multiply(const struct pf_call *call, const char *what,
        size_t a, size_t b, size_t *product);

/* May sizes of arguments be added without a look?  Once all are known. */
enum parfun_status pf_call_check_total(const struct pf_call *call);

/* Where the parts of an array lie, and how large it is. */
enum parfun_status pf_call_measure(struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value);

/* The same where it has one element per row of groups: call_groups.c. */
enum parfun_status pf_call_measure_rows_of_groups(const struct pf_call *call,
        struct pf_call_argument *argument, size_t given_count);

/* Do offsets() parameters hold the rows of every group? */
enum parfun_status pf_call_check_offsets(const struct pf_call *call);

/* Do arrays whose lengths are known agree about the number of items? */
enum parfun_status pf_call_check_lengths(
        const struct pf_call *call, const struct parfun_value *values);

/* Are columns of the groups' tables read as what they are?  call_columns.c.  Nothing
 * without groups. */
enum parfun_status pf_call_check_columns(const struct pf_call *call);

/* No array that is written may overlap another one, unless both are split alike. */
enum parfun_status pf_call_check_overlap(const struct pf_call *call);

#endif
