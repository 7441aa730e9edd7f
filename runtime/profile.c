/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c: sums up a call and writes its report. */
#include "runtime/profile.h"

#include "runtime/base/clock.h"
#include "runtime/base/text.h"

#include <stdio.h>
#include <string.h>

void pf_profile_fill(const struct pf_run *run, struct parfun_profile *profile)
{
    *profile = (struct parfun_profile){ .size = sizeof *profile };
    for (unsigned w = 0; w < run->workers; w++) {
        const struct pf_tally *tally = &run->tally[w];

        if (!tally->partitions)
            continue;
        if (!profile->partitions || tally->compute_min_ns < profile->compute_min_ns)
            profile->compute_min_ns = tally->compute_min_ns;
        if (tally->compute_max_ns > profile->compute_max_ns)
            profile->compute_max_ns = tally->compute_max_ns;
        profile->compute_ns += tally->compute_ns;
        profile->partitioning_ns += tally->partitioning_ns;
        profile->partitions += tally->partitions;
        profile->items += tally->items;
    }
    profile->partitioning_ns += run->gathering_ns + run->making_ns;
    profile->combining_ns = run->combining_ns;
    profile->total_ns =
            profile->compute_ns + profile->partitioning_ns + profile->combining_ns;
    profile->wall_ns = pf_clock_ns() - run->begin_ns;
    profile->partition_size = run->chosen;
    profile->dropped = run->call->groups ? run->call->groups->dropped : 0;
}

/* ---- The report ----------------------------------------------------------------------- */

/* "0:00:04.112122" */
static void add_time(struct pf_text *text, const char *label, uint64_t ns)
{
    const uint64_t us = (ns + 500) / 1000;

    pf_text_format(text, "%s%llu:%02llu:%02llu.%06llu", label,
            (unsigned long long)(us / 3600000000u),
            (unsigned long long)(us / 60000000u % 60),
            (unsigned long long)(us / 1000000u % 60),
            (unsigned long long)(us % 1000000u));
}

static void add_share(struct pf_text *text, uint64_t part, uint64_t total)
{
    pf_text_format(text, " (%.2f%%)\n",
            total ? 100.0 * (double)part / (double)total : 0.0);
}

static void add_bytes(struct pf_text *text, uint64_t bytes, const char *what)
{
    static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
    double amount = (double)bytes;
    unsigned u = 0;

    while (amount >= 1024 && u < 4)
        amount /= 1024, u++;
    pf_text_format(
            text, u ? ", %.1f %s %s" : ", %.0f %s %s", amount, unit[u], what);
}

static void add_device(struct pf_text *text, const struct pf_run *run,
        const struct pf_tally *sum, bool built,
        const struct parfun_profile *profile)
{
    const struct pf_device *device = sum->device;
    const char *why = sum->reason ? sum->reason
            : built               ? ""
                                  : "its kernel was still being built";

    pf_text_format(text, "    device %s (", device->selector);
    if (device->host)
        pf_text_format(text, "%u CPU thread%s): ", run->cpu_workers,
                run->cpu_workers == 1 ? "" : "s");
    else
        pf_text_format(text, "%s): ", device->name);
    if (!sum->partitions) {
        pf_text_format(text, "not used%s%s\n", *why ? ": " : "", why);
        return;
    }
    pf_text_format(text, "%.2f%% of the items",
            100.0 * (double)sum->items / (double)profile->items);
    add_time(text, ", busy ", sum->compute_ns);
    pf_text_format(text, ", %zu partition%s, %.4g items a second", sum->partitions,
            sum->partitions == 1 ? "" : "s",
            profile->wall_ns
                    ? (double)sum->items / ((double)profile->wall_ns * 1e-9)
                    : 0.0);
    if (!device->host) {
        add_bytes(text, sum->bytes_in, "copied in");
        add_bytes(text, sum->bytes_out, "out");
        if (device->limits.shared_memory && run->call->bytes_in > 0
                && !sum->bytes_in)
            pf_text_add(text,
                    run->use.kept ? ", inputs kept there" : ", inputs shared");
    }
    if (sum->status)
        pf_text_format(text, "; dropped: %s", sum->reason ? sum->reason : "");
    pf_text_add(text, "\n");
}

/* The CPU's workers count as one device. */
static void add_devices(struct pf_text *text, const struct pf_run *run,
        const struct parfun_profile *profile)
{
    struct pf_tally cpu = { 0 };

    for (unsigned w = 0; w < run->cpu_workers; w++) {
        cpu.device = run->tally[w].device;
        cpu.compute_ns += run->tally[w].compute_ns;
        cpu.partitions += run->tally[w].partitions;
        cpu.items += run->tally[w].items;
    }
    if (cpu.device)
        add_device(text, run, &cpu, true, profile);
    for (unsigned w = run->cpu_workers; w < run->workers; w++)
        add_device(text, run, &run->tally[w], run->ready[w], profile);
}

static void add_overhead(struct pf_text *text, const struct parfun_profile *profile)
{
    const uint64_t overhead = profile->partitioning_ns + profile->combining_ns;
    const uint64_t longest =
            overhead > profile->compute_max_ns ? overhead : profile->compute_max_ns;

    add_time(text, "    total parallel overhead: ", overhead);
    add_share(text, overhead, profile->total_ns);
    add_time(text, "        total partitioning: ", profile->partitioning_ns);
    add_share(text, profile->partitioning_ns, profile->total_ns);
    add_time(text, "        average partitioning: ",
            profile->partitions ? profile->partitioning_ns / profile->partitions
                                : 0);
    pf_text_add(text, "\n");
    add_time(text, "        total combining: ", profile->combining_ns);
    add_share(text, profile->combining_ns, profile->total_ns);
    pf_text_format(text, "    maximum speedup (theoretical): %.2fx\n",
            longest ? (double)profile->total_ns / (double)longest : 1.0);
}

/* What the Python library would say of the same partitions, and our choice. */
static void add_estimate(struct pf_text *text, const struct pf_run *run)
{
    const struct pf_python_estimate estimate = pf_function_estimate(run->function);

    pf_text_format(text,
            "    current estimator state: %s\n"
            "    current estimated partition size: %zu\n",
            estimate.running ? "running" : "learning", estimate.size);
    if (estimate.beta > 0)
        pf_text_format(text,
                "    estimator function: f(partition_size) = %.2f + %.2f / "
                "partition_size\n",
                estimate.alpha, estimate.beta);
    pf_text_format(text, "    largest partition chosen: %zu\n", run->chosen);
}

char *pf_profile_report(
        const struct pf_run *run, const struct parfun_profile *profile)
{
    struct pf_text text = { 0 };

    pf_text_format(&text, "%s()\n", run->call->kernel->name);
    add_time(&text, "    total CPU execution time: ", profile->total_ns);
    add_time(&text, ".\n    compute time: ", profile->compute_ns);
    add_share(&text, profile->compute_ns, profile->total_ns);
    add_time(&text, "        min.: ", profile->compute_min_ns);
    add_time(&text, "\n        max.: ", profile->compute_max_ns);
    add_time(&text, "\n        avg.: ",
            profile->partitions ? profile->compute_ns / profile->partitions : 0);
    pf_text_add(&text, "\n");
    add_overhead(&text, profile);
    pf_text_format(&text, "    total partition count: %zu\n", profile->partitions);
    if (profile->dropped)
        pf_text_format(&text, "    rows left out, as a key is null: %zu\n",
                profile->dropped);
    if (run->plan)
        add_estimate(&text, run);
    add_devices(&text, run, profile);
    return pf_text_take(&text);
}
