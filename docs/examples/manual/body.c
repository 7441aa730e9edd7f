/* A function written in C. */
#include <parfun.h>
#include <stdio.h>
#include <string.h>

/* part: body */
/* The length of each line; its partition is a part of the arrays. */
static enum parfun_status measure(struct parfun_partition *partition, void *user)
{
    const char *const *line = parfun_argument(partition, "line");
    size_t *length = parfun_argument(partition, "length");

    (void)user;
    for (size_t i = 0; i < parfun_items(partition); i++) {
        if (!line[i])
            return parfun_fail("line %zu is missing", parfun_first(partition) + i);
        length[i] = strlen(line[i]);
    }
    return PARFUN_OK;
}
/* end */

enum { LINES = 1000 };

int main(void)
{
    static const char *line[LINES];
    static size_t length[LINES];
    struct parfun_function *function;
    enum parfun_status status;

    for (int i = 0; i < LINES; i++)
        line[i] = i % 2 ? "odd" : "even";
    /* part: call */
    status = parfun_function_from_c("measure",
            "const char *const *line, size_t *length", measure,
            PARFUN_OPTIONS(.clauses = "split(line) combine(length)"), &function);
    if (!status)
        status = PARFUN_CALL(
                function, LINES, PARFUN_ARRAY(line), PARFUN_ARRAY(length));
    /* end */
    if (status)
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    if (length[0] != 4 || length[999] != 3)
        return fprintf(stderr, "wrong\n"), 1;
    line[500] = NULL;
    status = PARFUN_CALL(function, LINES, PARFUN_ARRAY(line), PARFUN_ARRAY(length));
    puts(parfun_error());
    parfun_function_destroy(function);
    return status != PARFUN_FUNCTION_FAILED;
}
