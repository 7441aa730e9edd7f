/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child.h: scenes played in a process of their own, by this program run again: with
 * another environment, and with all that is printed kept.
 */
#ifndef PF_TESTS_ERRORS_CHILD_H
#define PF_TESTS_ERRORS_CHILD_H

/* A scene's result is the process's. */
struct scene {
    const char *name;
    int (*play)(void);
};

struct child {
    int result;            /* 0 to 255; -1: a signal, also for taking a minute */
    char printed[1 << 15]; /* on stdout */
    char said[1 << 15];    /* on stderr */
};

/* For main(): the result of the scene that the arguments name, or -1 if this is not
 * a child. */
int child_play(int argc, char **argv, const struct scene *scenes, unsigned count);

/* Plays a scene and waits for its end.  `environment`: "NAME=value" in addition to
 * this process's own, in which nothing begins with PARFUN_; ends with NULL. */
void child_run(
        const char *scene, const char *const *environment, struct child *child);

#define CHILD_RUN(scene, child, ...) \
    child_run((scene), (const char *const[]){ __VA_ARGS__, NULL }, (child))

/* Fails the test if the scene was not successful, with what it said. */
void child_expect_success(const struct child *child);

#endif
