/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: writes as results come. */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *output;
static bool is_first = true;

static void write_string(const char *string)
{
    putc('"', output);
    for (; *string; string++) {
        if (*string == '"' || *string == '\\')
            putc('\\', output);
        putc(*string, output);
    }
    putc('"', output);
}

void json_begin(const char *path, const char *program)
{
    output = fopen(path, "w");
    if (!output) {
        perror(path);
        exit(1);
    }
    fprintf(output, "{\"program\": ");
    write_string(program);
    fprintf(output, ", \"results\": [");
}

void json_add(const char *task, const char *what, const struct bench_result *result,
        double ratio)
{
    if (!output)
        return;
    fprintf(output, is_first ? "\n  {\"task\": " : ",\n  {\"task\": ");
    is_first = false;
    write_string(task);
    fprintf(output, ", \"what\": ");
    write_string(what);
    if (result->done)
        fprintf(output,
                ", \"seconds\": %.6g, \"spread\": %.4f, \"ratio\": %.4f, "
                "\"agrees\": %s",
                result->median_s, result->spread, ratio,
                result->agrees ? "true" : "false");
    fprintf(output, "}");
}

void json_end(void)
{
    if (!output)
        return;
    fprintf(output, "\n]}\n");
    if (fclose(output)) {
        perror("json");
        exit(1);
    }
    output = NULL;
}
