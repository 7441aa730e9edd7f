/* SPDX-License-Identifier: Apache-2.0 */
/* selection.c: looks for the devices that a selector means. */
#include "runtime/selection.h"

#include "backends/table.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/selector.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Devices ------------------------------------------------------------------- */

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool contains(const char *text, const char *part, size_t length)
{
    for (; *text; text++)
        if (strncasecmp(text, part, length) == 0)
            return true;
    return length == 0;
}

/* A word for a platform: part of its name, or what people call it. */
static bool is_platform(const struct pf_device *device, const char *word)
{
    if (strcasecmp(word, "pocl") == 0)
        return contains(device->platform, "Portable Computing Language", 27);
    if (strcasecmp(word, "amd") == 0
            && contains(device->platform, "Advanced Micro Devices", 22))
        return true;
    return contains(device->platform, word, strlen(word));
}

static bool matches(const struct pf_device *device, const char *which)
{
    static const char *const kind[] = { "cpu", "gpu", "accelerator" };
    const size_t length = strlen(which);

    for (size_t k = 0; k < 3; k++)
        if (strcasecmp(which, kind[k]) == 0)
            return (size_t)device->kind == k;
    if (strncmp(which, "pci=", 4) == 0)
        return strcasecmp(device->pci, which + 4) == 0;
    if (which[0] == '/')
        return contains(device->name, which + 1, length - 2);
    return is_platform(device, which);
}

static enum parfun_status add_device(
        struct pf_selection *selection, struct pf_device *device)
{
    struct pf_device **grown;

    for (unsigned i = 0; i < selection->device_count; i++)
        if (selection->devices[i] == device)
            return PARFUN_OK;
    grown = realloc(
            selection->devices, (selection->device_count + 1) * sizeof *grown);
    if (!grown)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the list of devices");
    selection->devices = grown;
    grown[selection->device_count++] = device;
    return PARFUN_OK;
}

/* Each line of `lines`, indented, on a line of its own. */
static void add_lines(struct pf_text *text, const char *lines)
{
    while (*lines) {
        const size_t bytes = strcspn(lines, "\n");

        pf_text_add(text, "\n  ");
        pf_text_add_bytes(text, lines, bytes);
        lines += bytes + (lines[bytes] == '\n');
    }
}

static enum parfun_status nothing_matches(const char *selector,
        const struct pf_backend *backend, const struct pf_device_list *list)
{
    struct pf_text there = { 0 };
    enum parfun_status status;

    for (size_t i = 0; i < list->count; i++)
        pf_text_format(&there, "\n  %s  %s (%s)", list->devices[i]->selector,
                list->devices[i]->name, list->devices[i]->platform);
    if (list->count && *list->skipped)
        pf_text_add(&there, "\nleft out were:");
    add_lines(&there, list->skipped);
    if (list->count)
        status = pf_fail(PARFUN_NO_DEVICE,
                "backend \"%s\": no %s device matches; there are:%s", selector,
                backend->name, pf_text_get(&there));
    else
        status = pf_fail(PARFUN_NO_DEVICE,
                "backend \"%s\": no %s device was found%s%s", selector,
                backend->name, *list->skipped ? ":" : "; is a driver installed?",
                pf_text_get(&there));
    pf_text_finish(&there);
    return status;
}

/* Applies the conditions from left to right; a number picks from what is left. */
static enum parfun_status add_devices(struct pf_selection *selection,
        const struct pf_selector_term *term, const struct pf_backend *backend,
        const struct pf_device_list *list)
{
    bool *in = malloc(list->count + 1);
    bool any = false;
    enum parfun_status status = PARFUN_OK;

    if (!in)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the list of devices");
    for (size_t i = 0; i < list->count; i++)
        in[i] = true;
    for (unsigned w = 0; w < term->which_count; w++) {
        const char *which = term->which[w];
        const bool number = is_number(which);
        const unsigned long index = number ? strtoul(which, NULL, 10) : 0;
        unsigned long seen = 0;

        for (size_t i = 0; i < list->count; i++)
            if (in[i])
                in[i] = number ? seen++ == index : matches(list->devices[i], which);
    }
    for (size_t i = 0; i < list->count && !status; i++)
        if (in[i]) {
            status = add_device(selection, list->devices[i]);
            any = true;
        }
    free(in);
    if (!status && !any)
        status = nothing_matches(selection->text, backend, list);
    return status;
}

/* ---- Terms ---------------------------------------------------------------------- */

static enum parfun_status add_host(struct pf_selection *selection,
        const struct pf_selector_term *term, const struct pf_device_list *list,
        unsigned threads)
{
    const bool counted = strcmp(term->backend, "threads") == 0;

    if (selection->host)
        return pf_fail(PARFUN_INVALID,
                "backend \"%s\": only one of auto, threads, serial and none can be "
                "chosen; OpenCL devices may join it",
                selection->text);
    if (!list->count)
        return pf_fail(PARFUN_NO_DEVICE, "backend \"%s\": %s", selection->text,
                list->skipped);
    if (term->which_count > (counted ? 1 : 0))
        return pf_fail(PARFUN_INVALID,
                "backend \"%s\": unexpected \":%s\" after %s", selection->text,
                term->which[counted ? 1 : 0], term->backend);
    if (term->which_count) {
        const unsigned long number =
                is_number(term->which[0]) ? strtoul(term->which[0], NULL, 10) : 0;

        if (number < 1 || number > PF_SELECTION_THREADS_MAX)
            return pf_fail(PARFUN_INVALID,
                    "backend \"%s\": \"%s\" is no number of threads; give 1 to %d, "
                    "the calling thread included, or \"threads\" alone for every "
                    "core",
                    selection->text, term->which[0], (int)PF_SELECTION_THREADS_MAX);
        threads = (unsigned)number;
    }
    selection->host = list->devices[0];
    selection->cpu_workers = counted ? threads : 1;
    selection->cuts = list->devices[0]->backend->cuts;
    return PARFUN_OK;
}

static enum parfun_status add_backend(struct pf_selection *selection,
        const struct pf_selector_term *term, unsigned threads,
        struct pf_device_source *source)
{
    const struct pf_backend *backend = pf_backend_find(term->backend);
    const struct pf_device_list *list;

    if (!backend)
        return pf_selector_unknown(selection->text, term->backend);
    if (!backend->native)
        PF_TRY(pf_selector_check(selection->text, term));
    PF_TRY(source->open(source, backend, &list));
    if (backend->native)
        return add_host(selection, term, list, threads);
    return add_devices(selection, term, backend, list);
}

static enum parfun_status add_auto(struct pf_selection *selection,
        const struct pf_selector_term *term, unsigned threads,
        struct pf_device_source *source)
{
    struct pf_selector_term cores = { .backend = (char[]){ "threads" } };

    if (term->which_count)
        return pf_fail(PARFUN_INVALID,
                "backend \"%s\": unexpected \":%s\" after auto", selection->text,
                term->which[0]);
    PF_TRY(add_backend(selection, &cores, threads, source));
    for (size_t b = 0; pf_backend_table[b]; b++) {
        const struct pf_device_list *list;

        if (pf_backend_table[b]->native)
            continue;
        PF_TRY(source->open(source, pf_backend_table[b], &list));
        for (size_t i = 0; i < list->count; i++)
            if (!list->devices[i]->same_cpu)
                PF_TRY(add_device(selection, list->devices[i]));
    }
    return PARFUN_OK;
}

/* Cores that two devices want at once serve neither well.  Where the threads take all,
 * the estimator lets the ones work or the other. */
static enum parfun_status divide_cores(struct pf_selection *selection,
        unsigned threads, struct pf_device_source *source)
{
    const unsigned taken = selection->cpu_workers;
    const unsigned units = threads > taken ? threads - taken : 0;

    if (!selection->host || !units)
        return PARFUN_OK;
    for (unsigned i = 0; i < selection->device_count; i++) {
        struct pf_device **device = &selection->devices[i];

        if ((*device)->same_cpu && (*device)->limits.compute_units > units)
            PF_TRY(source->part(source, *device, units, device));
    }
    return PARFUN_OK;
}

/* Functions written in C run on the CPU in any case: on every core if none was
 * chosen. */
static enum parfun_status find_body_host(struct pf_selection *selection,
        unsigned threads, struct pf_device_source *source)
{
    const struct pf_backend *backend = pf_backend_find("threads");
    const struct pf_device_list *list;

    selection->body_host = selection->host;
    selection->body_workers = selection->cpu_workers;
    if (selection->host || !backend)
        return PARFUN_OK;
    PF_TRY(source->open(source, backend, &list));
    if (list->count) {
        selection->body_host = list->devices[0];
        selection->body_workers = threads ? threads : 1;
    }
    return PARFUN_OK;
}

static enum parfun_status add_terms(struct pf_selection *selection, char *copy,
        unsigned threads, struct pf_device_source *source)
{
    unsigned terms = 0;
    char *rest = copy;

    while (rest) {
        struct pf_selector_term term;

        PF_TRY(pf_selector_next(selection->text, &rest, &term));
        if (strcmp(term.backend, "auto") == 0)
            PF_TRY(add_auto(selection, &term, threads, source));
        else
            PF_TRY(add_backend(selection, &term, threads, source));
        if (terms++ && selection->host && !selection->host->backend->cuts)
            return pf_fail(PARFUN_INVALID,
                    "backend \"%s\": none stands alone; choose \"serial\" or "
                    "\"threads:1\" beside other devices",
                    selection->text);
    }
    return divide_cores(selection, threads, source);
}

enum parfun_status pf_selection_create(const char *selector, unsigned threads,
        struct pf_device_source *source, struct pf_selection **selection)
{
    const size_t length = strlen(selector);
    struct pf_selection *made;
    char *copy;
    enum parfun_status status;

    if (length > PF_SELECTION_TEXT_MAX)
        return pf_fail(PARFUN_INVALID,
                "the backend's selector has %zu characters; at most %d are possible",
                length, (int)PF_SELECTION_TEXT_MAX);
    made = calloc(1, sizeof *made);
    if (made) {
        made->references = 1;
        made->cuts = true;
        made->text = malloc(2 * length + 2);
    }
    if (!made || !made->text) {
        free(made);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the backend's name");
    }
    copy = made->text + length + 1;
    memcpy(made->text, selector, length + 1);
    memcpy(copy, selector, length + 1);
    status = add_terms(made, copy, threads, source);
    if (!status)
        status = find_body_host(made, threads, source);
    if (status) {
        pf_selection_destroy(made);
        return status;
    }
    *selection = made;
    return PARFUN_OK;
}

void pf_selection_log(const struct pf_selection *selection)
{
    struct pf_text chosen = { 0 };

    if (!pf_log_wants(PF_LOG_INFO))
        return;
    if (selection->host)
        pf_text_format(&chosen, " %s (%u CPU thread%s)",
                selection->host->backend->name, selection->cpu_workers,
                selection->cpu_workers == 1 ? "" : "s");
    for (unsigned d = 0; d < selection->device_count; d++)
        pf_text_format(&chosen, "%s %s (%s)", chosen.bytes ? "," : "",
                selection->devices[d]->selector, selection->devices[d]->name);
    pf_log(PF_LOG_INFO, "backend \"%s\":%s", selection->text, pf_text_get(&chosen));
    pf_text_finish(&chosen);
}

void pf_selection_destroy(struct pf_selection *selection)
{
    if (!selection)
        return;
    free(selection->devices);
    free(selection->text);
    free(selection);
}
