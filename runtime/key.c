/* SPDX-License-Identifier: Apache-2.0 */
/* key.c: values become numbers of one order. */
#include "runtime/key.h"

#include "runtime/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint64_t TOP = UINT64_C(1) << 63;

/* IEEE 754's bits sort as their values do once negative ones are turned around. */
static uint64_t order_double(double value)
{
    uint64_t bits;

    if (value != value)
        return UINT64_MAX;
    if (value == 0)
        return TOP;
    memcpy(&bits, &value, sizeof bits);
    return bits & TOP ? ~bits : bits | TOP;
}

static uint64_t order_half(uint16_t bits)
{
    if ((bits & 0x7fff) > 0x7c00)
        return UINT64_MAX;
    if ((bits & 0x7fff) == 0)
        return 0x8000;
    return bits & 0x8000 ? (uint16_t)~bits : bits | 0x8000u;
}

void pf_key_numbers(const struct pf_column *column, size_t first, size_t count,
        uint64_t *numbers)
{
#define PF_KEY_LOOP(TYPE, ctype, key)                      \
    case TYPE: {                                           \
        const ctype *values = (const ctype *)column->data; \
                                                           \
        for (size_t i = 0; i < count; i++)                 \
            numbers[i] = key(values[first + i]);           \
        break;                                             \
    }

    switch (column->type) {
        PF_KEY_INTEGERS(PF_KEY_LOOP)
        PF_KEY_LOOP(PARFUN_FLOAT16, uint16_t, order_half)
        PF_KEY_LOOP(PARFUN_FLOAT32, float, order_double)
        PF_KEY_LOOP(PARFUN_FLOAT64, double, order_double)
    case PARFUN_STRING:
        break;
    }
#undef PF_KEY_LOOP
}

static struct pf_key_text text_of(const struct pf_column *column, size_t row)
{
    const char *characters = column->data;
    uint64_t begin, end;

    if (pf_column_is_null(column, row))
        return (struct pf_key_text){ "", 0 };
    if (column->layout == PF_LAYOUT_POINTERS) {
        const char *text = ((char *const *)column->data)[row];

        return (struct pf_key_text){ text, strlen(text) };
    }
    if (column->layout == PF_LAYOUT_OFFSETS) {
        begin = (uint32_t)((const int32_t *)column->offsets)[row];
        end = (uint32_t)((const int32_t *)column->offsets)[row + 1];
    } else {
        begin = (uint64_t)((const int64_t *)column->offsets)[row];
        end = (uint64_t)((const int64_t *)column->offsets)[row + 1];
    }
    return (struct pf_key_text){ end > begin ? characters + begin : "",
        end - begin };
}

void pf_key_texts(const struct pf_column *column, size_t first, size_t count,
        struct pf_key_text *texts)
{
    for (size_t i = 0; i < count; i++)
        texts[i] = text_of(column, first + i);
}

int pf_key_compare_texts(struct pf_key_text a, struct pf_key_text b)
{
    const size_t common = a.bytes < b.bytes ? a.bytes : b.bytes;
    const int order = common ? memcmp(a.text, b.text, common) : 0;

    return order ? order : (a.bytes > b.bytes) - (a.bytes < b.bytes);
}

int pf_key_compare(const struct pf_column *a, size_t row_a,
        const struct pf_column *b, size_t row_b)
{
    uint64_t first, second;

    if (a->type == PARFUN_STRING)
        return pf_key_compare_texts(text_of(a, row_a), text_of(b, row_b));
    pf_key_numbers(a, row_a, 1, &first);
    pf_key_numbers(b, row_b, 1, &second);
    return (first > second) - (first < second);
}

char *pf_key_print(const struct pf_column *column, size_t row)
{
    enum { MOST = 60 }; /* characters of a string that a sentence shows */
    const void *data = column->data;
    uint64_t number;

    switch (column->type) {
    case PARFUN_STRING: {
        const struct pf_key_text text = text_of(column, row);

        return pf_text_print(
                "\"%.*s\"", text.bytes < MOST ? (int)text.bytes : MOST, text.text);
    }
    case PARFUN_FLOAT32:
        return pf_text_print("%.9g", (double)((const float *)data)[row]);
    case PARFUN_FLOAT64:
        return pf_text_print("%.17g", ((const double *)data)[row]);
    case PARFUN_FLOAT16:
        return pf_text_print("0x%04x", ((const uint16_t *)data)[row]);
    case PARFUN_INT8:
    case PARFUN_INT16:
    case PARFUN_INT32:
    case PARFUN_INT64:
        pf_key_numbers(column, row, 1, &number);
        return pf_text_print("%" PRId64, (int64_t)(number ^ TOP));
    case PARFUN_UINT8:
    case PARFUN_UINT16:
    case PARFUN_UINT32:
    case PARFUN_UINT64:
        break;
    }
    pf_key_numbers(column, row, 1, &number);
    return pf_text_print("%" PRIu64, number);
}
