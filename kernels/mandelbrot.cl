/* SPDX-License-Identifier: Apache-2.0 */
/* mandelbrot.cl: steps until a point escapes; rows cost very different times. */
#pragma parfun range(width, items) first(row) combine(rows(width): steps)
kernel void mandelbrot(int width, float left, float top, float step, int limit,
        int row, global int *steps)
{
    int column = (int)get_global_id(0), line = (int)get_global_id(1);
    float a = left + step * (float)column;
    float b = top + step * (float)(row + line);
    float x = 0, y = 0;
    int n = 0;

    while (n < limit && x * x + y * y < 4) {
        float next = x * x - y * y + a;

        y = 2 * x * y + b;
        x = next;
        n++;
    }
    steps[line * width + column] = n;
}
