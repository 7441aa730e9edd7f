// SPDX-License-Identifier: Apache-2.0
// kernels.ispc: the kernels as one writes them in ISPC, each with the task that does
// a chunk of items, and a function that launches one task for each chunk.

task void saxpy_task(uniform int chunk, uniform float a, const uniform float x[],
        uniform float y[])
{
    foreach (i = taskIndex * chunk ... (taskIndex + 1) * chunk)
        y[i] = a * x[i] + y[i];
}

export void ispc_saxpy(uniform int tasks, uniform int chunk, uniform float a,
        const uniform float x[], uniform float y[])
{
    launch[tasks] saxpy_task(chunk, a, x, y);
}

task void dot_task(uniform int chunk, const uniform float x[], const uniform float y[],
        uniform float sums[])
{
    // Four sums, so that no addition waits for the one before.
    varying float sum[4];
    uniform int begin = taskIndex * chunk;

    for (uniform int k = 0; k < 4; k++)
        sum[k] = 0;
    for (uniform int i = begin; i < begin + chunk; i += 4 * programCount)
        for (uniform int k = 0; k < 4; k++) {
            int j = i + k * programCount + programIndex;

            sum[k] += x[j] * y[j];
        }
    sums[taskIndex] = reduce_add(sum[0] + sum[1] + (sum[2] + sum[3]));
}

export void ispc_dot(uniform int tasks, uniform int chunk, const uniform float x[],
        const uniform float y[], uniform float sums[])
{
    launch[tasks] dot_task(chunk, x, y, sums);
}

static inline float normal(float x)
{
    float k = 1 / (1 + 0.2316419f * abs(x));
    float p = -1.821255978f + k * 1.330274429f;
    float tail;

    p = 1.781477937f + k * p;
    p = -0.356563782f + k * p;
    p = 0.319381530f + k * p;
    tail = 0.3989422804f * exp(-x * x / 2) * k * p;
    return x < 0 ? tail : 1 - tail;
}

struct market {
    const uniform float *uniform spot;
    const uniform float *uniform strike;
    const uniform float *uniform rate;
    const uniform float *uniform dividend;
    const uniform float *uniform volatility;
    const uniform float *uniform time;
    uniform float *uniform call;
    uniform float *uniform put;
};

task void black_scholes_task(uniform int chunk, const uniform struct market *uniform o)
{
    foreach (i = taskIndex * chunk ... (taskIndex + 1) * chunk) {
        float v = o->volatility[i], t = o->time[i];
        float deviation = v * sqrt(t);
        float d1 = (log(o->spot[i] / o->strike[i])
                           + (o->rate[i] - o->dividend[i] + v * v / 2) * t)
                / deviation;
        float receive = o->spot[i] * exp(-o->dividend[i] * t);
        float pay = o->strike[i] * exp(-o->rate[i] * t);
        float price = receive * normal(d1) - pay * normal(d1 - deviation);

        o->call[i] = price;
        o->put[i] = price - (receive - pay);
    }
}

export void ispc_black_scholes(uniform int tasks, uniform int chunk,
        const uniform struct market *uniform quotes)
{
    launch[tasks] black_scholes_task(chunk, quotes);
}

task void mandelbrot_task(uniform int chunk, uniform int width, uniform float left,
        uniform float top, uniform float step, uniform int limit, uniform int steps[])
{
    for (uniform int row = taskIndex * chunk; row < (taskIndex + 1) * chunk; row++)
        foreach (column = 0 ... width) {
            float a = left + step * column, b = top + step * row;
            float x = 0, y = 0;
            int n = 0;

            while (n < limit && x * x + y * y < 4) {
                float next = x * x - y * y + a;

                y = 2 * x * y + b;
                x = next;
                n++;
            }
            steps[row * width + column] = n;
        }
}

export void ispc_mandelbrot(uniform int tasks, uniform int chunk, uniform int width,
        uniform float left, uniform float top, uniform float step, uniform int limit,
        uniform int steps[])
{
    launch[tasks] mandelbrot_task(chunk, width, left, top, step, limit, steps);
}

// Bodies are x, y, z and mass.
task void nbody_task(uniform int chunk, uniform int count, uniform float softening,
        const uniform float body[], uniform float pull[])
{
    foreach (i = taskIndex * chunk ... (taskIndex + 1) * chunk) {
        float px = body[4 * i], py = body[4 * i + 1], pz = body[4 * i + 2];
        float ax = 0, ay = 0, az = 0;

        for (uniform int j = 0; j < count; j++) {
            float dx = body[4 * j] - px, dy = body[4 * j + 1] - py;
            float dz = body[4 * j + 2] - pz;
            float inverse = rsqrt(dx * dx + dy * dy + dz * dz + softening);
            float s = body[4 * j + 3] * inverse * inverse * inverse;

            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        pull[4 * i] = ax;
        pull[4 * i + 1] = ay;
        pull[4 * i + 2] = az;
        pull[4 * i + 3] = 0;
    }
}

export void ispc_nbody(uniform int tasks, uniform int chunk, uniform int count,
        uniform float softening, const uniform float body[], uniform float pull[])
{
    launch[tasks] nbody_task(chunk, count, softening, body, pull);
}

// `from` has a row more above and below.
task void stencil_task(uniform int chunk, uniform int width, const uniform float from[],
        uniform float out[])
{
    for (uniform int row = taskIndex * chunk; row < (taskIndex + 1) * chunk; row++) {
        const uniform float *uniform here = from + (row + 1) * width;
        uniform float *uniform to = out + row * width;

        to[0] = here[0];
        foreach (x = 1 ... width - 1)
            to[x] = 0.5f * here[x]
                    + 0.125f * (here[x - 1] + here[x + 1] + here[x - width]
                            + here[x + width]);
        to[width - 1] = here[width - 1];
    }
}

export void ispc_stencil(uniform int tasks, uniform int chunk, uniform int width,
        const uniform float from[], uniform float out[])
{
    launch[tasks] stencil_task(chunk, width, from, out);
}

task void histogram_task(uniform int chunk, const uniform unsigned int8 pixel[],
        uniform unsigned int32 bins[])
{
    uniform unsigned int32 own[4][256];

    for (uniform int k = 0; k < 4; k++)
        for (uniform int bin = 0; bin < 256; bin++)
            own[k][bin] = 0;
    for (uniform int i = taskIndex * chunk; i < (taskIndex + 1) * chunk; i += 4)
        for (uniform int k = 0; k < 4; k++)
            own[k][pixel[i + k]]++;
    foreach (bin = 0 ... 256)
        bins[taskIndex * 256 + bin] =
                own[0][bin] + own[1][bin] + own[2][bin] + own[3][bin];
}

export void ispc_histogram(uniform int tasks, uniform int chunk,
        const uniform unsigned int8 pixel[], uniform unsigned int32 bins[])
{
    launch[tasks] histogram_task(chunk, pixel, bins);
}

// Four rows at a time share what is loaded from the right matrix.
task void sgemm_task(uniform int chunk, uniform int columns, uniform int inner,
        const uniform float a[], const uniform float b[], uniform float c[])
{
    for (uniform int row = taskIndex * chunk; row < (taskIndex + 1) * chunk; row += 4)
        foreach (j = 0 ... columns) {
            float sum[4];

            for (uniform int r = 0; r < 4; r++)
                sum[r] = 0;
            for (uniform int k = 0; k < inner; k++) {
                float of_b = b[k * columns + j];

                for (uniform int r = 0; r < 4; r++)
                    sum[r] += a[(row + r) * inner + k] * of_b;
            }
            for (uniform int r = 0; r < 4; r++)
                c[(row + r) * columns + j] = sum[r];
        }
}

export void ispc_sgemm(uniform int tasks, uniform int chunk, uniform int columns,
        uniform int inner, const uniform float a[], const uniform float b[],
        uniform float c[])
{
    launch[tasks] sgemm_task(chunk, columns, inner, a, b, c);
}
