/* A combiner of one's own. */
#include <parfun.h>
#include <ctype.h>
#include <stdio.h>

struct count {
    unsigned words, longest;
};

static enum parfun_status count_words(
        struct parfun_partition *partition, void *user)
{
    const char *const *line = parfun_argument(partition, "line");
    struct count *count = parfun_argument(partition, "count");

    (void)user;
    for (size_t i = 0; i < parfun_items(partition); i++)
        for (const char *c = line[i]; *c;) {
            unsigned length = 0;

            while (*c && !isalpha((unsigned char)*c))
                c++;
            for (; isalpha((unsigned char)*c); c++)
                length++;
            count->words += length > 0;
            if (length > count->longest)
                count->longest = length;
        }
    return PARFUN_OK;
}

/* part: combiner */
static enum parfun_status add_counts(
        struct parfun_results *results, void *combined, void *user)
{
    struct count *total = combined;
    struct parfun_partition *partition;
    enum parfun_status status;

    (void)user;
    *total = (struct count){ 0 };
    while (!(status = parfun_next(results, &partition)) && partition) {
        const struct count *count = parfun_argument(partition, "count");

        total->words += count->words;
        if (count->longest > total->longest)
            total->longest = count->longest;
    }
    return status;
}
/* end */

enum { LINES = 10000 };

int main(void)
{
    static const char *line[LINES];
    struct parfun_function *function;
    enum parfun_status status;
    struct count total;

    for (int i = 0; i < LINES; i++)
        line[i] = i % 2 ? "as simple as possible" : "but no simpler, Einstein";
    /* part: call */
    status = parfun_function_from_c("count_words",
            "const char *const *line, struct count *count", count_words,
            PARFUN_OPTIONS(.clauses = "split(line) combine(each(1): count)",
                    .combiner = add_counts),
            &function);
    if (!status)
        status = PARFUN_CALL(
                function, LINES, PARFUN_ARRAY(line), PARFUN_ARRAY(&total));
    /* end */
    if (status)
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    parfun_function_destroy(function);
    return total.words != 4 * LINES || total.longest != 8;
}
