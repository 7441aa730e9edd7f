/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.h: what this process may use of the machine that it runs on.  The only
 * door to hwloc.  Any thread.
 */
#ifndef PF_BASE_MACHINE_H
#define PF_BASE_MACHINE_H

#include <parfun.h>

struct pf_machine {
    unsigned processors; /* that may work at the same time; never 0.  The fewest
                            of: those present, those that the process is bound to,
                            those that the quotas of its control groups pay for */
    unsigned cores;      /* physical ones among those that it is bound to */
    size_t l1_bytes;     /* data cache of a core; of the smallest */
    size_t l2_bytes;     /* a core's share of the second level; of the smallest */

    /* The operating system's numbers of the processors that the process is bound
     * to, in the order in which workers should take them.  `close`: neighbouring
     * cores first; `spread`: far apart first; both: a second thread of a core
     * only when each core has one.  NULL, and no places, if workers can not be
     * bound: the topology is not this machine's own. */
    unsigned *close, *spread;
    unsigned places;

    /* Where the above comes from, for reports and the log: "hwloc", or
     * "affinity: " and why hwloc could not be asked.  Static. */
    const char *source;
};

/* Fills in *machine.  Takes 2 ms on a machine of two cores, and 5 to 15 on larger
 * ones or with hwloc's plug-ins: nearly all of it hwloc's reading of /sys.  Fails
 * with PARFUN_NO_MEMORY alone; then *machine is left alone. */
enum parfun_status pf_machine_load(struct pf_machine *machine);
void pf_machine_finish(struct pf_machine *machine);

/* The number of processors alone, without hwloc: in 0.1 ms. */
unsigned pf_machine_processors(void);

/* Where to look, for tests on made-up machines.  All zero: this machine. */
struct pf_machine_origin {
    const char *root;      /* before /proc/self/cgroup and so on; NULL: "" */
    const char *synthetic; /* hwloc's description, "pack:2 core:4 pu:2"; or NULL */
    const char *xml;       /* a file of lstopo's; or NULL */
    const unsigned *bound; /* processors that the process is bound to; NULL: ask */
    unsigned bound_count;
    bool plain; /* do without hwloc */
};

enum parfun_status pf_machine_load_from(
        const struct pf_machine_origin *origin, struct pf_machine *machine);

#endif
