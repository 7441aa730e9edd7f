// SPDX-License-Identifier: Apache-2.0
// The public header, and a generated one, in C++17.
#include <parfun.h>

#include "saxpy.h"

#include <cstdio>
#include <vector>

int main()
{
    std::vector<float> x(100000), y(100000, 1.0f);

    for (std::size_t i = 0; i < x.size(); i++)
        x[i] = static_cast<float>(i);
    if (saxpy(x.size(), 2.0f, x.data(), y.data()) != PARFUN_OK) {
        std::fprintf(stderr, "%s\n", parfun_error());
        return 1;
    }
    for (std::size_t i = 0; i < x.size(); i++)
        if (y[i] != 2.0f * static_cast<float>(i) + 1.0f)
            return 1;
    std::puts("right");
    return 0;
}
