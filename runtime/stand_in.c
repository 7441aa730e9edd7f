/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in.c: what a text can do on a machine without parfun-cc. */
#include "runtime/stand_in.h"

#include "runtime/base/error.h"
#include "runtime/base/log.h"

enum parfun_status pf_stand_in(struct pf_entry *entry, const char *missing)
{
    enum parfun_status status;

    if (!missing || entry->selection->device_count)
        return PARFUN_OK;
    status = pf_process_choose_again(entry, "opencl:cpu");
    if (!status)
        pf_log(PF_LOG_INFO, "an OpenCL device of the CPU takes its place: %s",
                missing);
    if (!status || status == PARFUN_NO_MEMORY)
        return status;
    (void)pf_error_prefix(PARFUN_UNSUPPORTED,
            "there is no native code (%s), and no OpenCL device of the CPU in its "
            "place: ",
            missing);
    return pf_fail(PARFUN_UNSUPPORTED,
            "%s; for native code, on Debian: apt-get install libparfun-dev",
            pf_error_text());
}
