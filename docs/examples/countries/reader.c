/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c: RFC 4180, "Common Format and MIME Type for CSV Files", without line ends
 * inside of fields. */
#include "reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *load(const char *path)
{
    FILE *stream = fopen(path, "rb");
    char *text = NULL;
    long bytes = -1;

    if (stream && fseek(stream, 0, SEEK_END) == 0 && (bytes = ftell(stream)) >= 0
            && fseek(stream, 0, SEEK_SET) == 0
            && (text = malloc((size_t)bytes + 1)))
        text[fread(text, 1, (size_t)bytes, stream)] = '\0';
    if (stream)
        (void)fclose(stream);
    return text;
}

/* The field at *at, ended by a zero byte; *at moves behind its comma or line end.
 * *last: it was the line's last. */
static char *next_field(char **at, bool *last)
{
    char *from = *at, *field = *at, *to = *at;
    const bool quoted = *from == '"';

    if (quoted)
        from++;
    while (*from
            && (quoted ? *from != '"' || from[1] == '"'
                       : *from != ',' && *from != '\n' && *from != '\r')) {
        if (quoted && *from == '"')
            from++; /* two stand for one */
        *to++ = *from++;
    }
    if (quoted && *from == '"')
        from++;
    if (*from == '\r')
        from++;
    *last = *from != ',';
    *at = *from ? from + 1 : from;
    *to = '\0';
    return field;
}

static size_t count(const char *text, char what)
{
    size_t found = 0;

    for (; *text; text++)
        found += *text == what;
    return found;
}

static const char *read_header(struct file *file, char **at)
{
    bool last = false;

    file->columns = calloc(count(*at, ',') + 1, sizeof *file->columns);
    if (!file->columns)
        return "no memory";
    while (!last)
        file->columns[file->column_count++].name = next_field(at, &last);
    return NULL;
}

static const char *read_rows(struct file *file, char *at, size_t copies)
{
    const size_t most = count(at, '\n') + 1;

    for (size_t c = 0; c < file->column_count; c++) {
        file->columns[c].texts = calloc(most * copies, sizeof(char *));
        if (!file->columns[c].texts)
            return "no memory";
    }
    for (; *at; file->rows++)
        for (size_t c = 0; c < file->column_count; c++) {
            bool last;
            char *field = next_field(&at, &last);

            if (last != (c + 1 == file->column_count))
                return "a line has more fields than the first, or fewer";
            file->columns[c].texts[file->rows] = *field ? field : NULL;
        }
    for (size_t i = file->rows; i < file->rows * copies; i++)
        for (size_t c = 0; c < file->column_count; c++)
            file->columns[c].texts[i] = file->columns[c].texts[i - file->rows];
    file->rows *= copies;
    return NULL;
}

static const char *read_numbers(struct column *column, size_t rows)
{
    column->numbers = malloc((rows + 1) * sizeof *column->numbers);
    if (!column->numbers)
        return "no memory";
    column->numeric = true;
    for (size_t i = 0; i < rows && column->numeric; i++) {
        char *end = NULL;

        column->numbers[i] =
                column->texts[i] ? strtod(column->texts[i], &end) : (double)NAN;
        if (end)
            column->numeric = *end == '\0' && isfinite(column->numbers[i]);
    }
    return NULL;
}

const char *read_file(const char *path, size_t copies, struct file *file)
{
    const char *wrong = NULL;
    char *at;

    *file = (struct file){ .text = load(path) };
    if (!file->text)
        return "it can not be opened";
    at = file->text;
    wrong = read_header(file, &at);
    if (!wrong)
        wrong = read_rows(file, at, copies);
    for (size_t c = 0; c < file->column_count && !wrong; c++)
        wrong = read_numbers(&file->columns[c], file->rows);
    return wrong;
}

void free_file(struct file *file)
{
    for (size_t c = 0; c < file->column_count; c++) {
        free(file->columns[c].texts);
        free(file->columns[c].numbers);
    }
    free(file->columns);
    free(file->text);
}
