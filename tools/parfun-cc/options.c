/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: one table of options; clang's own are passed on. */
#include "options.h"

#include "file.h"
#include "names.h"

#include <parfun.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char help[] =
        "usage: parfun-cc FILE.cl -o FILE.o [--header FILE.h] [OPTION ...]\n"
        "\n"
        "Compiles the kernels of an OpenCL C file to native code, and writes the\n"
        "C functions that `#pragma parfun` describes.\n"
        "\n"
        "  -o FILE            the object to write\n"
        "  --header FILE      the header to write\n"
        "  --prefix TEXT      put TEXT in front of the functions' names\n"
        "  --check            look for mistakes, write nothing\n"
        "  --emit-shared      write a shared library instead of an object\n"
        "  --kernel NAME      write a shared library with this kernel alone, and no\n"
        "                     C functions: what parfun_function_compile() loads\n"
        "  --clauses TEXT     its clauses, in place of its `#pragma parfun`\n"
        "  --depfile FILE     write the files it read, as a rule for make\n"
        "  --isa LIST         instruction sets, the most demanding first, such as\n"
        "                     x86-64-v4,x86-64-v3,x86-64-v2,generic (the default)\n"
        "  --clang PROGRAM    the compiler; its version must have a plugin\n"
        "  --plugin FILE      the plugin for that compiler\n"
        "  --builtins FOLDER  OpenCL C's built-in functions\n"
        "  --include FOLDER   where parfun.h is\n"
        "  -D -U -I -cl-* -W* -w -g   as for clang; -cl-* also for OpenCL drivers\n"
        "  -v                 show what is run\n"
        "  --help, --version\n"
        "\n"
        "Exit status: 0 right, 1 the file has mistakes, 2 anything else.\n";

#if defined(__x86_64__)
static const char default_isas[] = "x86-64-v4,x86-64-v3,x86-64-v2,generic";
#else
static const char default_isas[] = "generic";
#endif

struct reader {
    struct cc_options *options;
    char **arguments;
    int count, at;
};

/* The value of "-o FILE", "--header FILE" or "--header=FILE"; NULL if the present
 * argument is another option.  *missing: it is, without a value. */
static const char *value_of(struct reader *reader, const char *name, bool *missing)
{
    const char *argument = reader->arguments[reader->at];
    size_t length = strlen(name);

    if (strncmp(argument, name, length) != 0)
        return NULL;
    if (!argument[length]) {
        if (reader->at + 1 < reader->count)
            return reader->arguments[++reader->at];
        *missing = true;
        return NULL;
    }
    if (name[1] == '-')
        return argument[length] == '=' ? argument + length + 1 : NULL;
    return argument + length;
}

static void split_list(const char *text, struct cc_list *list)
{
    *list = (struct cc_list){ 0 };
    while (*text) {
        size_t length = strcspn(text, ",");
        if (length)
            cc_push(list, cc_copy(text, length));
        text += length + (text[length] == ',');
    }
}

static void define(struct cc_options *options, const char *text)
{
    const char *equals = strchr(text, '=');

    cc_push(&options->language, cc_format("-D%s", text));
    if (equals)
        cc_add(&options->defines, "#define %.*s %s\n", (int)(equals - text), text,
                equals + 1);
    else
        cc_add(&options->defines, "#define %s 1\n", text);
}

/* Options of clang's that are passed on. */
static bool take_language(struct reader *reader, bool *missing)
{
    struct cc_options *options = reader->options;
    const char *argument = reader->arguments[reader->at], *value;

    if (!strncmp(argument, "-cl-std=", 8)) {
        options->standard = argument;
        cc_add(&options->build, "%s%s", options->build.length ? " " : "", argument);
    } else if (!strncmp(argument, "-cl-", 4)) {
        cc_push(&options->language, argument);
        cc_add(&options->build, "%s%s", options->build.length ? " " : "", argument);
    } else if (!strncmp(argument, "-W", 2) || !strcmp(argument, "-w")) {
        cc_push(&options->language, argument);
    } else if (!strcmp(argument, "-g")) {
        options->debug = true;
    } else if ((value = value_of(reader, "-D", missing)) != NULL) {
        define(options, value);
    } else if ((value = value_of(reader, "-U", missing)) != NULL) {
        cc_push(&options->language, cc_format("-U%s", value));
        cc_add(&options->defines, "#undef %s\n", value);
    } else if ((value = value_of(reader, "-I", missing)) != NULL) {
        cc_push(&options->folders, value);
        cc_push(&options->language, cc_format("-I%s", value));
    } else {
        return false;
    }
    return true;
}

static bool take_own(struct reader *reader, bool *missing)
{
    struct cc_options *options = reader->options;
    const struct {
        const char *name;
        const char **value;
    } texts[] = {
        { "-o", &options->output },
        { "--header", &options->header },
        { "--prefix", &options->prefix },
        { "--kernel", &options->kernel },
        { "--clauses", &options->clauses },
        { "--depfile", &options->depfile },
        { "--clang", &options->clang },
        { "--plugin", &options->plugin },
        { "--builtins", &options->builtins },
        { "--include", &options->include },
    };
    const struct {
        const char *name;
        bool *value;
    } switches[] = { { "--check", &options->check },
        { "--emit-shared", &options->shared }, { "-v", &options->verbose } };
    const char *value;

    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (!strcmp(reader->arguments[reader->at], switches[i].name))
            return *switches[i].value = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if ((value = value_of(reader, texts[i].name, missing)) != NULL)
            return *texts[i].value = value, true;
    value = value_of(reader, "--isa", missing);
    if (value)
        split_list(value, &options->isas);
    return value != NULL;
}

bool cc_options_is_spoken(const char *option)
{
    static const char *const versions[] = { "CL1.0", "CL1.1", "CL1.2" };

    if (strncmp(option, "-cl-std=", 8) != 0)
        return true;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (strcasecmp(option + 8, versions[i]) == 0)
            return true;
    return false;
}

static enum cc_exit check_isas(const struct cc_options *options)
{
    struct cc_list known = { 0 };

    if (!options->isas.count)
        return cc_fatal("--isa names nothing; the least is --isa generic");
    split_list(default_isas, &known);
    for (size_t i = 0; i < options->isas.count; i++)
        if (!cc_list_has(&known, options->isas.items[i]))
            return cc_fatal(
                    "--isa %s: there are %s", options->isas.items[i], default_isas);
    return CC_RIGHT;
}

static enum cc_exit check(const struct cc_options *options)
{
    const char *name;

    if (!options->input)
        return cc_fatal("no file; say parfun-cc FILE.cl -o FILE.o --header FILE.h, "
                        "or --help");
    if (!options->output && !options->check)
        return cc_fatal("no -o FILE; name the object to write, or say --check");
    if (options->kernel && *options->prefix)
        return cc_fatal("--prefix is for C functions, which --kernel does without");
    if (options->clauses && !options->kernel)
        return cc_fatal("--clauses needs --kernel NAME: whose clauses are they?");
    if (!cc_options_is_spoken(options->standard))
        return cc_fatal("%s: " CC_SPOKEN, options->standard);
    CC_TRY(check_isas(options));
    for (const char *c = options->prefix; *c; c++)
        if (!(*c == '_' || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')
                    || (c > options->prefix && *c >= '0' && *c <= '9')))
            return cc_fatal("--prefix %s: a prefix is letters, digits and _, and "
                            "begins with no digit",
                    options->prefix);
    name = options->header ? cc_path_name(options->header) : "";
    if (cc_name_is_header(name) && !*options->prefix)
        return cc_error((struct cc_place){ options->input, 0, 0 },
                "its header %s would hide the standard one; rename the file, or "
                "give a prefix (PREFIX in CMake, --prefix)",
                name);
    return CC_RIGHT;
}

enum cc_exit cc_options_read(
        int count, char **arguments, struct cc_options *options, bool *finished)
{
    struct reader reader = { options, arguments, count, 1 };

    *options = (struct cc_options){ .prefix = "", .standard = "" };
    *finished = false;
    split_list(default_isas, &options->isas);
    cc_append(&options->build, "", 0);
    cc_append(&options->defines, "", 0);
    for (; reader.at < count; reader.at++) {
        const char *argument = arguments[reader.at];
        bool missing = false;
        if (!strcmp(argument, "--help") || !strcmp(argument, "-h")) {
            *finished = fputs(help, stdout) >= 0;
            return CC_RIGHT;
        }
        if (!strcmp(argument, "--version")) {
            *finished = puts("parfun-cc " PARFUN_VERSION) >= 0;
            return CC_RIGHT;
        }
        if (argument[0] != '-' && options->input)
            return cc_fatal("two files, %s and %s; give one at a time",
                    options->input, argument);
        if (argument[0] != '-')
            options->input = argument;
        else if (!take_own(&reader, &missing) && !take_language(&reader, &missing))
            return cc_fatal(missing ? "%s needs a value; see --help"
                                    : "unknown option %s; see --help",
                    argument);
    }
    return check(options);
}
