/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h: what environment variables say.  The only door to the environment.
 * What a program asks for in code comes first, then the environment, then the
 * default.  docs/options.md is printed from the table in config.c.
 */
#ifndef PF_CONFIG_H
#define PF_CONFIG_H

#include "backends/backend.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

enum pf_proc_bind { PF_PROC_BIND_NONE, PF_PROC_BIND_CLOSE, PF_PROC_BIND_SPREAD };

/* The strings are the configuration's own. */
struct pf_config {
    char *backend;      /* a selector, unchecked; "auto" by default */
    bool backend_given; /* by PARFUN_BACKEND */
    unsigned threads;   /* 0: as many as the machine allows */
    enum pf_proc_bind proc_bind;
    bool profile;
    char *trace; /* a file; NULL: none */
    enum pf_log_level log;
    char *compiler;        /* parfun-cc, by PARFUN_CC; NULL: to be found */
    char *cache_dir;       /* an absolute path, not made yet; NULL: no caches */
    size_t partition_size; /* items; 0: it is learned */
    unsigned zero_copy;    /* PF_ZERO_COPY_AUTO, ON or OFF */
    unsigned hang_limit_s;

    bool secure;          /* the process has privileges that its user lacks: the
                              environment was not read; no OpenCL, no plug-ins,
                              no compiler, no caches */
    char *pocl_cache_dir; /* POCL_CACHE_DIR, or NULL */
    char *search_path;    /* PATH, or NULL */
    char *temporary_dir;  /* TMPDIR, or "/tmp" */
};

/*
 * Reads the environment and sets the log's level.  PARFUN_INVALID for a value that
 * its variable does not take, with a sentence of what it does; *config is then
 * left alone, and the caller of the library hears it from each call until the
 * variable is right.  Unknown variables that begin with PARFUN_ are logged.  One
 * thread at a time, and none that changes the environment.
 */
enum parfun_status pf_config_read(struct pf_config *config);

/* The same as if the process had privileges, or had none; for tests. */
enum parfun_status pf_config_read_as(bool secure, struct pf_config *config);

/* What backends are opened with; the strings stay the configuration's. */
struct pf_backend_options pf_config_backends(
        const struct pf_config *config, unsigned processors);

/* Frees the strings; takes what is all zero. */
void pf_config_finish(struct pf_config *config);

/* Adds the table of options, in Markdown: docs/options.md. */
void pf_config_print_options(struct pf_text *text);

#endif
