/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.c: one table of options.  Each names its variable, its type, its default
 * and where its value goes; reading, messages and the document follow from it.
 */
#include "runtime/config.h"
#include "runtime/base/error.h"
#include "runtime/selection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* A word that a variable may hold, and its value. */
struct choice {
    const char *word;
    unsigned value;
};

static const struct choice switch_choices[] = { { "0", false }, { "1", true },
    { NULL, 0 } };

static const struct choice bind_choices[] = { { "none", PF_PROC_BIND_NONE },
    { "close", PF_PROC_BIND_CLOSE }, { "spread", PF_PROC_BIND_SPREAD },
    { NULL, 0 } };

static const struct choice log_choices[] = { { "none", PF_LOG_NONE },
    { "error", PF_LOG_ERROR }, { "warning", PF_LOG_WARNING },
    { "info", PF_LOG_INFO }, { "debug", PF_LOG_DEBUG }, { NULL, 0 } };

static const struct choice zero_copy_choices[] = { { "auto", PF_ZERO_COPY_AUTO },
    { "on", PF_ZERO_COPY_ON }, { "off", PF_ZERO_COPY_OFF }, { NULL, 0 } };

/* Seconds.  Devices that others use, too, may be busy with their work. */
enum { HANG_LIMIT = 60, HANG_LIMIT_MAX = 1000000 };

enum type {
    TYPE_TEXT,  /* a string */
    TYPE_PATH,  /* a string that begins with a slash */
    TYPE_COUNT, /* 1 to `max` */
    TYPE_CHOICE /* one of `choices` */
};

struct option {
    const char *name;
    enum type type;
    const char *values; /* in the document; NULL: the choices */
    const char *def;    /* in the document */
    const char *help;
    size_t max;
    const struct choice *choices;
    void (*set)(struct pf_config *config, size_t value);
    char **(*text)(struct pf_config *config);
};

/* ---- Where values go --------------------------------------------------------- */

static char **backend_text(struct pf_config *config)
{
    return &config->backend;
}

static char **trace_text(struct pf_config *config)
{
    return &config->trace;
}

static char **cache_dir_text(struct pf_config *config)
{
    return &config->cache_dir;
}

static char **compiler_text(struct pf_config *config)
{
    return &config->compiler;
}

static void set_threads(struct pf_config *config, size_t value)
{
    config->threads = (unsigned)value;
}

static void set_proc_bind(struct pf_config *config, size_t value)
{
    config->proc_bind = (enum pf_proc_bind)value;
}

static void set_profile(struct pf_config *config, size_t value)
{
    config->profile = value != 0;
}

static void set_log(struct pf_config *config, size_t value)
{
    config->log = (enum pf_log_level)value;
}

static void set_partition_size(struct pf_config *config, size_t value)
{
    config->partition_size = value;
}

static void set_zero_copy(struct pf_config *config, size_t value)
{
    config->zero_copy = (unsigned)value;
}

static void set_hang_limit(struct pf_config *config, size_t value)
{
    config->hang_limit_s = (unsigned)value;
}

/* ---- The table ---------------------------------------------------------------- */

static const struct option options[] = {
    { .name = "PARFUN_BACKEND",
            .type = TYPE_TEXT,
            .values = "a selector, such as `threads` or `opencl:gpu`",
            .def = "`auto`",
            .help = "Where functions run if the program does not say.",
            .text = backend_text },
    { .name = "PARFUN_NUM_THREADS",
            .type = TYPE_COUNT,
            .values = "1 to 4096",
            .def = "the processors that the process may use",
            .help = "CPU threads that work at the same time, the caller's among "
                    "them.",
            .max = PF_SELECTION_THREADS_MAX,
            .set = set_threads },
    { .name = "PARFUN_PROC_BIND",
            .type = TYPE_CHOICE,
            .def = "`none`",
            .help = "Whether the library's threads are bound to processors: to "
                    "neighbouring ones, or far apart.",
            .choices = bind_choices,
            .set = set_proc_bind },
    { .name = "PARFUN_PROFILE",
            .type = TYPE_CHOICE,
            .def = "`0`",
            .help = "Print a report to stderr after each call.",
            .choices = switch_choices,
            .set = set_profile },
    { .name = "PARFUN_TRACE",
            .type = TYPE_TEXT,
            .values = "a file",
            .def = "none",
            .help = "Write what each partition of the last call cost to this file.",
            .text = trace_text },
    { .name = "PARFUN_LOG",
            .type = TYPE_CHOICE,
            .def = "`none`",
            .help = "Print to stderr what the library does; each level includes "
                    "those before it.",
            .choices = log_choices,
            .set = set_log },
    { .name = "PARFUN_CACHE_DIR",
            .type = TYPE_PATH,
            .values = "a folder, from the root",
            .def = "`$XDG_CACHE_HOME/parfun`, or `$HOME/.cache/parfun`",
            .help = "Where kernels compiled at run time are kept, and, by "
                    "`parfun_shutdown()`, what was learned of each function; made if "
                    "it is missing, for this user alone.",
            .text = cache_dir_text },
    { .name = "PARFUN_CC",
            .type = TYPE_PATH,
            .values = "a file, from the root",
            .def = "where it is installed with the library, else in `PATH`",
            .help = "The kernel compiler `parfun-cc`, for kernels that come as text "
                    "at run time.",
            .text = compiler_text },
    { .name = "PARFUN_PARTITION_SIZE",
            .type = TYPE_COUNT,
            .values = "1 or more",
            .def = "learned",
            .help = "Items in a partition, for functions whose options do not say.",
            .max = SIZE_MAX,
            .set = set_partition_size },
    { .name = "PARFUN_ZERO_COPY",
            .type = TYPE_CHOICE,
            .def = "`auto`",
            .help = "Whether OpenCL devices use the program's arrays in place: "
                    "where the device shares the host's memory, wherever it can, "
                    "or nowhere.",
            .choices = zero_copy_choices,
            .set = set_zero_copy },
    { .name = "PARFUN_HANG_LIMIT",
            .type = TYPE_COUNT,
            .values = "1 to 1000000",
            .def = "60",
            .help = "Seconds after which a device that nobody else can replace is "
                    "given up, if that is also a thousand times longer than it "
                    "should take; the call then fails.",
            .max = HANG_LIMIT_MAX,
            .set = set_hang_limit },
};

enum { OPTIONS = sizeof options / sizeof options[0] };

/* ---- Reading -------------------------------------------------------------------- */

/* NULL for what is unset, empty, or not to be trusted. */
static const char *find_variable(bool secure, const char *name)
{
    const char *value = secure ? NULL : secure_getenv(name);
    return value && *value ? value : NULL;
}

static enum parfun_status copy(const char *name, const char *value, char **text)
{
    char *copied = pf_text_copy(value);
    if (!copied)
        return pf_fail(PARFUN_NO_MEMORY, "out of memory for the value of %s", name);
    free(*text);
    *text = copied;
    return PARFUN_OK;
}

/* "none, close or spread", in `quote`s. */
static void list_choices(
        struct pf_text *text, const struct choice *choices, const char *quote)
{
    for (const struct choice *c = choices; c->word; c++) {
        if (c != choices)
            pf_text_add(text, c[1].word ? ", " : " or ");
        pf_text_format(text, "%s%s%s", quote, c->word, quote);
    }
}

static enum parfun_status refuse(const struct option *option, const char *value)
{
    struct pf_text allowed = { 0 };
    if (option->type == TYPE_PATH)
        pf_text_add(&allowed, "a path that begins with \"/\"");
    else if (option->type == TYPE_COUNT && option->max == SIZE_MAX)
        pf_text_add(&allowed, "a whole number from 1");
    else if (option->type == TYPE_COUNT)
        pf_text_format(&allowed, "a whole number from 1 to %zu", option->max);
    else
        list_choices(&allowed, option->choices, "");
    enum parfun_status status = pf_fail(PARFUN_INVALID,
            "environment variable %s is \"%s\"; it may be %s, or unset",
            option->name, value, pf_text_get(&allowed));
    pf_text_finish(&allowed);
    return status;
}

static enum parfun_status parse(
        const struct option *option, const char *value, struct pf_config *config)
{
    size_t count = 0;
    switch (option->type) {
    case TYPE_PATH:
        if (*value != '/')
            return refuse(option, value);
        return copy(option->name, value, option->text(config));
    case TYPE_TEXT:
        return copy(option->name, value, option->text(config));
    case TYPE_COUNT:
        if (!pf_text_parse_size(value, &count) || count == 0 || count > option->max)
            return refuse(option, value);
        option->set(config, count);
        return PARFUN_OK;
    case TYPE_CHOICE:
        for (const struct choice *c = option->choices; c->word; c++)
            if (strcmp(c->word, value) == 0) {
                option->set(config, c->value);
                return PARFUN_OK;
            }
        break;
    }
    return refuse(option, value);
}

/* The desktop's convention; relative paths there are to be ignored. */
static enum parfun_status find_cache_dir(bool secure, struct pf_config *config)
{
    const char *base = find_variable(secure, "XDG_CACHE_HOME");
    const char *below = "/parfun";
    if (!base || *base != '/') {
        base = find_variable(secure, "HOME");
        below = "/.cache/parfun";
    }
    if (config->cache_dir || !base || *base != '/')
        return PARFUN_OK;
    config->cache_dir = pf_text_print("%s%s", base, below);
    return config->cache_dir
            ? PARFUN_OK
            : pf_fail(PARFUN_NO_MEMORY, "out of memory for the cache's folder");
}

static enum parfun_status read_all(bool secure, struct pf_config *config)
{
    config->hang_limit_s = HANG_LIMIT;
    PF_TRY(copy("PARFUN_BACKEND", "auto", &config->backend));
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *value = find_variable(secure, options[i].name);
        if (value)
            PF_TRY(parse(&options[i], value, config));
    }
    config->backend_given = find_variable(secure, "PARFUN_BACKEND") != NULL;
    const char *pocl = find_variable(secure, "POCL_CACHE_DIR");
    if (pocl)
        PF_TRY(copy("POCL_CACHE_DIR", pocl, &config->pocl_cache_dir));
    const char *path = find_variable(secure, "PATH");
    if (path)
        PF_TRY(copy("PATH", path, &config->search_path));
    const char *temporary = find_variable(secure, "TMPDIR");
    PF_TRY(copy("TMPDIR", temporary && *temporary == '/' ? temporary : "/tmp",
            &config->temporary_dir));
    return find_cache_dir(secure, config);
}

static bool is_known(const char *variable, size_t length)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strlen(options[i].name) == length
                && memcmp(options[i].name, variable, length) == 0)
            return true;
    return false;
}

static void log_unknown(void)
{
    for (char **variable = environ; variable && *variable; variable++) {
        size_t length = strcspn(*variable, "=");
        if (pf_text_begins(*variable, "PARFUN_") && !is_known(*variable, length))
            pf_log(PF_LOG_WARNING,
                    "environment variable %.*s is unknown and ignored; "
                    "docs/options.md lists those that exist",
                    (int)length, *variable);
    }
}

enum parfun_status pf_config_read_as(bool secure, struct pf_config *config)
{
    struct pf_config begun = { .secure = secure };
    enum parfun_status status = read_all(secure, &begun);
    if (status != PARFUN_OK) {
        pf_config_finish(&begun);
        return status;
    }
    pf_log_set_level(begun.log);
    if (!secure)
        log_unknown();
    *config = begun;
    return PARFUN_OK;
}

enum parfun_status pf_config_read(struct pf_config *config)
{
    return pf_config_read_as(getauxval(AT_SECURE) != 0, config);
}

struct pf_backend_options pf_config_backends(
        const struct pf_config *config, unsigned processors)
{
    return (struct pf_backend_options){
        .processors = processors,
        .cache_dir = config->cache_dir,
        .pocl_cache_dir = config->pocl_cache_dir,
        .zero_copy = config->zero_copy,
        .secure = config->secure,
    };
}

void pf_config_finish(struct pf_config *config)
{
    free(config->backend);
    free(config->trace);
    free(config->cache_dir);
    free(config->pocl_cache_dir);
    free(config->compiler);
    free(config->search_path);
    free(config->temporary_dir);
    *config = (struct pf_config){ 0 };
}

/* ---- The document ----------------------------------------------------------------- */

void pf_config_print_options(struct pf_text *text)
{
    pf_text_add(text,
            "# Options\n\n"
            "Environment variables that the library reads.  What a program asks "
            "for in code comes\nfirst, then the environment, then the default.  An "
            "empty variable counts as unset.  With a\nvalue that its variable does "
            "not take, each call fails with PARFUN_INVALID and a sentence\nthat "
            "says what it may be.\n\n"
            "| variable | values | default | meaning |\n"
            "|---|---|---|---|\n");
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *option = &options[i];
        pf_text_format(text, "| `%s` | ", option->name);
        if (option->values)
            pf_text_add(text, option->values);
        else
            list_choices(text, option->choices, "`");
        pf_text_format(text, " | %s | %s |\n", option->def, option->help);
    }
    pf_text_add(text,
            "\nProgram and library with privileges that their user lacks (setuid "
            "and the like) ignore\nthem all, and use no OpenCL, no plug-ins, no "
            "compiler and no caches.\n\n"
            "`TMPDIR` says where temporary files are while a text is compiled, `PATH` "
            "where `parfun-cc` is\nlooked for.  `OMP_NUM_THREADS` changes nothing here.  "
            "`POCL_CACHE_DIR`, `OCL_ICD_*`,\n`OPENCL_LAYERS`, `HWLOC_*` and "
            "`CUDA_VISIBLE_DEVICES` are left to those that they belong to.\n");
}
