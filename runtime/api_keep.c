/* SPDX-License-Identifier: Apache-2.0 */
/* api_keep.c: the public functions of kept memory. */
#include "runtime/process.h"

enum parfun_status parfun_keep(const void *memory, size_t bytes)
{
    return pf_keep_add(pf_process_keep(), memory, bytes);
}

enum parfun_status parfun_update_host(void *memory)
{
    enum parfun_status status;

    pf_process_hold();
    status = pf_keep_update_host(pf_process_keep(), memory);
    pf_process_release();
    return status;
}

enum parfun_status parfun_update_devices(const void *memory)
{
    return pf_keep_update_devices(pf_process_keep(), memory);
}

enum parfun_status parfun_release(const void *memory)
{
    enum parfun_status status;

    pf_process_hold();
    status = pf_keep_release(pf_process_keep(), memory);
    pf_process_release();
    return status;
}
