/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up control groups, and how many processors each leaves. */
#include "runtime/base/quota.h"
#include "support/cmocka.h"
#include "support/folder.h"

struct file {
    const char *name, *content;
};

#define GROUP "proc/self/cgroup"
#define MOUNTS "proc/self/mountinfo"
#define V2 "sys/fs/cgroup/"
#define V1 "sys/fs/cgroup/cpu,cpuacct/"
#define V2_MOUNT                                    \
    "22 21 0:20 / /proc rw,nosuid - proc proc rw\n" \
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
#define V1_MOUNTS                                                             \
    "30 23 0:26 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"       \
    "31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 master:2 - cgroup " \
    "cgroup rw,cpu,cpuacct\n"

static const struct row {
    const char *what;
    unsigned processors;
    struct file files[8];
} rows[] = {
    { "no files at all", 0, { { "x", "" } } },
    { "no control groups", 0, { { GROUP, "" }, { MOUNTS, "" } } },
    { "version 2: no limit file at the root", 0,
            { { GROUP, "0::/\n" }, { MOUNTS, V2_MOUNT } } },
    { "version 2: max", 0,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "max 100000\n" } } },
    { "version 2: two processors", 2,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "200000 100000\n" } } },
    { "version 2: one and a half are two", 2,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "150000 100000\n" } } },
    { "version 2: half a processor is one", 1,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "50000 100000\n" } } },
    { "version 2: a thousandth of a processor is one", 1,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "1000 1000000\n" } } },
    { "version 2: the parent has less", 3,
            { { GROUP, "0::/a/b/c\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "300000 100000\n" },
                    { V2 "a/b/cpu.max", "max 100000\n" },
                    { V2 "a/b/c/cpu.max", "800000 100000\n" } } },
    { "version 2: the child has less", 1,
            { { GROUP, "0::/a/b\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "300000 100000\n" },
                    { V2 "a/b/cpu.max", "20000 20000\n" } } },
    { "version 2: a neighbour's limit is none of ours", 0,
            { { GROUP, "0::/a\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "ab/cpu.max", "100000 100000\n" } } },
    { "version 2: the namespace's root has a limit", 2,
            { { GROUP, "0::/\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "cpu.max", "200000 100000\n" } } },
    { "version 2: a group outside the namespace", 4,
            { { GROUP, "0::/../b\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "cpu.max", "400000 100000\n" } } },
    { "version 2: host's path, container's mount", 2,
            { { GROUP, "0::/docker/1f\n" },
                    { MOUNTS,
                            "30 23 0:26 /docker/1f /sys/fs/cgroup ro - "
                            "cgroup2 cgroup rw\n" },
                    { V2 "cpu.max", "200000 100000\n" } } },
    { "version 2: below the container's group", 1,
            { { GROUP, "0::/docker/1f/job\n" },
                    { MOUNTS,
                            "30 23 0:26 /docker/1f /sys/fs/cgroup ro - "
                            "cgroup2 cgroup rw\n" },
                    { V2 "cpu.max", "200000 100000\n" },
                    { V2 "job/cpu.max", "100000 100000\n" } } },
    { "version 2: a group that only begins like the mount's", 2,
            { { GROUP, "0::/docker/1fff\n" },
                    { MOUNTS,
                            "30 23 0:26 /docker/1f /sys/fs/cgroup ro - "
                            "cgroup2 cgroup rw\n" },
                    { V2 "cpu.max", "200000 100000\n" },
                    { V2 "ff/cpu.max", "100000 100000\n" } } },
    { "version 2: a folder with a blank in its name", 2,
            { { GROUP, "0::/a\n" },
                    { MOUNTS, "30 23 0:26 / /my\\040groups rw - cgroup2 c rw\n" },
                    { "my groups/a/cpu.max", "200000 100000\n" } } },
    { "version 1: no limit", 0,
            { { GROUP, "4:cpu,cpuacct:/a\n" }, { MOUNTS, V1_MOUNTS },
                    { V1 "a/cpu.cfs_quota_us", "-1\n" },
                    { V1 "a/cpu.cfs_period_us", "100000\n" } } },
    { "version 1: two and a bit are three", 3,
            { { GROUP, "5:cpuset:/x\n4:cpu,cpuacct:/a\n" }, { MOUNTS, V1_MOUNTS },
                    { V1 "a/cpu.cfs_quota_us", "200001\n" },
                    { V1 "a/cpu.cfs_period_us", "100000\n" } } },
    { "version 1: the parent has less", 1,
            { { GROUP, "4:cpuacct,cpu:/a/b\n" }, { MOUNTS, V1_MOUNTS },
                    { V1 "a/cpu.cfs_quota_us", "50000\n" },
                    { V1 "a/cpu.cfs_period_us", "100000\n" },
                    { V1 "a/b/cpu.cfs_quota_us", "400000\n" },
                    { V1 "a/b/cpu.cfs_period_us", "100000\n" } } },
    { "version 1: cpuset is not cpu", 0,
            { { GROUP, "5:cpuset:/a\n" }, { MOUNTS, V1_MOUNTS },
                    { "sys/fs/cgroup/cpuset/a/cpu.cfs_quota_us", "100000\n" },
                    { "sys/fs/cgroup/cpuset/a/cpu.cfs_period_us", "100000\n" } } },
    { "both versions: the smaller one", 2,
            { { GROUP, "4:cpu,cpuacct:/a\n0::/a\n" },
                    { MOUNTS, V1_MOUNTS V2_MOUNT },
                    { V1 "a/cpu.cfs_quota_us", "500000\n" },
                    { V1 "a/cpu.cfs_period_us", "100000\n" },
                    { V2 "a/cpu.max", "200000 100000\n" } } },
    { "values that make no sense", 0,
            { { GROUP, "0::/a/b/c/d\n" }, { MOUNTS, V2_MOUNT },
                    { V2 "a/cpu.max", "0 100000\n" },
                    { V2 "a/b/cpu.max", "100000 0\n" },
                    { V2 "a/b/c/cpu.max", "many few\n" },
                    { V2 "a/b/c/d/cpu.max", "" } } },
    { "tables that make no sense", 0,
            { { GROUP, ":\n::\n0\n0:\n\n4:cpu\n" },
                    { MOUNTS, " - \n- \n30 23 - cgroup2\n\n/ / / / / / - cgroup2" },
                    { V2 "cpu.max", "200000 100000\n" } } },
};

static void finds_the_smallest_quota(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char root[256];
        assert_int_equal(test_folder_make(root, sizeof root), 0);
        for (const struct file *file = rows[i].files; file->name; file++)
            assert_int_equal(test_folder_put(root, file->name, file->content), 0);
        unsigned processors = pf_quota_processors(root);
        test_folder_remove(root);
        if (processors != rows[i].processors)
            fail_msg("%s: %u instead of %u processors", rows[i].what, processors,
                    rows[i].processors);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_smallest_quota),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
