/* SPDX-License-Identifier: Apache-2.0 */
/* discard.c: gives results back that nobody will take. */
#include "runtime/discard.h"

void pf_discard_result(const struct pf_discard *discard, const struct pf_call *call,
        const struct pf_result *result)
{
    if (!discard->function || !result->done || result->failed)
        return;
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role == PF_ROLE_ARRAY
                && argument->plan->combine == PF_COMBINE_EACH)
            discard->function(argument->parameter->name, result->outputs[i].copy,
                    argument->count, discard->user);
    }
}
