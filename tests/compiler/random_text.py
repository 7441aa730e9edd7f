# SPDX-License-Identifier: Apache-2.0
"""random_text.py: kernels made by chance, in the language that C and OpenCL C share.

They are free of races and of undefined behaviour: numbers that wrap, masked indices
and shifts, divisors that are not 0, loops that end, barriers where all work-items come.
Floats are finite and rounded after each operation.
"""

import random

VARIABLES = 5
LOOP_LIMIT = 3  # nested
TYPES = ["char", "uchar", "short", "ushort", "int", "long", "ulong"]
SIZE = 64       # of the input, and of local arrays: the most work-items of a group

HEAD = """#define GX get_global_id(0)
#define GY get_global_id(1)
#define LX get_local_id(0)
#define ITEMS (get_local_size(0) * get_local_size(1))
#define ITEM (get_local_id(1) * get_local_size(0) + LX)
#define PLACE (GY * get_global_size(0) + GX)
#define FINITE(x) ((x) > -1e6f && (x) < 1e6f ? (x) : 0.5f)

#pragma OPENCL FP_CONTRACT OFF

uint search(const uint *a, uint wanted, uint mask)
{
    for (uint i = 0; i < 8; i++) {
        if ((a[i] & mask) == (wanted & mask))
            return i;
        if (a[i] == mask)
            continue;
        mask >>= 1;
    }
    return 8;
}

uint divide(uint *a, uint i, uint by)
{
    if (!by)
        return a[i & 7u];
    a[i & 7u] = a[(i + 1) & 7u] / by;
    return (uint)((int)a[i & 7u] % (int)(by & 255u | 1u));
}

float smooth(const uint *a, uint i)
{
    float sum = 0.0f;
    for (uint k = i & 3u; k < 6; k++)
        sum = sum * 0.75f + (float)(a[k + 1] & 1023u) / (float)(k + 1);
    return sum;
}
"""


class Kernel:
    """One kernel's text; barriers: whether it may have any."""

    def __init__(self, chance, name, barriers):
        self.chance = chance
        self.name = name
        self.barriers = barriers
        self.lines = []
        self.counters = 0
        self.loops = 0
        self.statements = 0

    # ---- Expressions

    def leaf(self):
        return self.chance.choice([
            f"v{self.chance.randrange(VARIABLES)}", f"v{self.chance.randrange(VARIABLES)}",
            f"{self.chance.randrange(1 << self.chance.choice([2, 8, 32]))}u", "p",
            "(uint)GX", "(uint)GY", "(uint)get_group_id(0)",
            "(uint)get_global_size(0)"] + (["(uint)LX", "(uint)ITEM"]
                                           if self.barriers else []))

    def value(self, depth=2):
        kind = self.chance.randrange(16 if depth else 1)
        if kind < 2:
            return self.leaf()
        a, b = self.value(depth - 1), self.value(depth - 1)
        if kind == 2:
            return f"in[({a}) % {SIZE}u]"
        if kind == 3:
            return f"a[({a}) & 7u]"
        if kind == 4:
            return f"({self.condition()} ? {a} : {b})"
        if kind == 5:
            return f"({a} {self.chance.choice(['/', '%'])} (({b}) | 1u))"
        if kind == 6:
            return f"({a} {self.chance.choice(['<<', '>>'])} (({b}) & 31u))"
        if kind == 7:
            return f"(uint)({self.chance.choice(TYPES)})({a})"
        if kind == 8:
            return self.wide(a, b)
        if kind == 9:
            return self.floating(a, b)
        if kind == 10:
            return f"(({b}) & 3u ? ({a}) / (({b}) & 3u) : {self.leaf()})"
        if kind == 11:
            return self.chance.choice([f"search(a, {a}, {b})",
                                       f"(uint)(smooth(a, {a}) * 16.0f)"])
        return f"({a} {self.chance.choice(['+', '-', '*', '^', '&', '|'])} {b})"

    def wide(self, a, b):
        """Of other types than uint; signed ones do not overflow."""
        return self.chance.choice([
            "(uint)((int)({a}) >> (({b}) & 31u))",
            "(uint)((int)({a}) / (int)(({b}) & 63u | 1u))",
            "(uint)((int)({a}) % (int)(({b}) & 63u | 1u))",
            "(uint)((long)(int)({a}) * (long)(int)({b}) >> 9)",
            "(uint)(((ulong)({a}) << 13 ^ (ulong)({b})) / 7u)",
            "(uint)((short)({a}) * (char)({b}))",
            "(uint)((int)({a}) < (int)({b}))",
            "(uint)((uchar)({a}) + (ushort)({b}))"]).format(a=a, b=b)

    def number(self, a, b):
        """A float, that is not far from 0."""
        first, second = [self.chance.choice(["(float)({})", "(float)(int)({})",
                                             "(float)(({}) & 255u)"]).format(x)
                         for x in (a, b)]
        sign = self.chance.choice(["+", "-", "*"])
        return f"FINITE(({first} {sign} f) * 0.25f {sign} {second})"

    def floating(self, a, b):
        number = self.number(a, b)
        return self.chance.choice([
            f"(uint)(int){number}", f"(uint)(int)(f / ((float)({a}) + 0.5f))",
            f"(uint)({number} < f)", f"({number} >= f ? {a} : {b})"])

    def border(self):
        """On an item's place in its row."""
        kind = self.chance.choice(["uint", "int"])
        place = self.chance.choice(["GX", "GX + GY"] + ["LX"] * self.barriers)
        limit = self.chance.choice(["p", "get_global_size(0) - p", "90u", "1u", "GY"])
        sign = self.chance.choice(["<", ">", "==", "!=", "<=", ">="])
        return (f"(({kind})({place}) + ({kind}){self.chance.choice([0, 0, 1, 40])} "
                f"- ({kind}){self.chance.choice([0, 1, 50])} {sign} ({kind})({limit}))")

    def condition(self):
        if self.chance.random() < 0.3:
            sign = self.chance.choice(["&&", "||"])
            return f"({self.border()} {sign} {self.border()})"
        sign = self.chance.choice(["<", ">", "==", "!=", "<="])
        mask = self.chance.choice([1, 3, 7, 0xffffffff])
        return f"((({self.value(1)}) & {mask}u) {sign} (({self.value(1)}) & {mask}u))"

    def uniform(self):
        """The same for every work-item of a group."""
        return self.chance.choice([
            "p", "(p >> 1)", "(uint)get_group_id(0)", "(uint)get_num_groups(0)",
            f"(p ^ {self.chance.randrange(8)}u)"])

    # ---- Statements

    def add(self, indent, text):
        self.lines.append("    " * indent + text)

    def block(self, indent, uniform, length=None):
        for _ in range(length or self.chance.randrange(1, 4)):
            self.statement(indent, uniform)

    def statement(self, indent, uniform):
        self.statements += 1
        kinds = [self.assign, self.assign, self.store, self.divide,
                 self.calculate, self.stencil]
        if not self.barriers and self.chance.random() < 0.2:
            kinds += [self.leave]
        if indent < 5 and self.statements < 25:
            kinds += [self.branch, self.branch, self.switch, self.loop, self.loop]
            if uniform:
                kinds += [self.uniform_branch, self.uniform_loop]
        if uniform and self.barriers:
            kinds += [self.exchange, self.exchange, self.count]
        self.chance.choice(kinds)(indent, uniform)

    def assign(self, indent, _):
        self.add(indent, f"v{self.chance.randrange(VARIABLES)} "
                         f"{self.chance.choice(['=', '+=', '^='])} {self.value()};")

    def store(self, indent, _):
        place = self.chance.choice(["a[({}) & 7u]", "own[PLACE * 4 + (({}) & 3u)]"])
        self.add(indent, place.format(self.value(1)) + f" = {self.value()};")

    def divide(self, indent, _):
        self.add(indent, f"v{self.chance.randrange(VARIABLES)} += "
                         f"divide(a, {self.value(1)}, {self.value(1)});")

    def calculate(self, indent, _):
        self.add(indent, f"f = {self.number(self.value(0), self.value(0))};")

    def stencil(self, indent, _):
        """Neighbours, where there are some."""
        far, step = self.chance.randrange(1, 4), self.chance.choice([1, 2, 3])
        size, at = self.chance.choice([("get_global_size(0)", "GX"),
                                       ("get_global_size(1)", "GY")])
        self.add(indent, f"if ({at} >= {far} && {at} < {size} - {far})")
        self.add(indent + 1, f"v{self.chance.randrange(VARIABLES)} += "
                             f"in[(PLACE * {step} - {far}) % {SIZE}u] "
                             f"- in[(PLACE * {step} + {far}) % {SIZE}u];")

    def leave(self, indent, _):
        self.add(indent, f"if ({self.condition()})")
        self.add(indent + 1, "return;")

    def branch(self, indent, _):
        self.choose(indent, self.condition(), False)

    def uniform_branch(self, indent, _):
        self.choose(indent, f"(({self.uniform()}) & 3u) > 1u", True)

    def choose(self, indent, condition, uniform):
        self.add(indent, f"if ({condition}) {{")
        self.block(indent + 1, uniform)
        if self.chance.random() < 0.5:
            self.add(indent, "} else {")
            self.block(indent + 1, uniform)
        self.add(indent, "}")

    def switch(self, indent, _):
        self.add(indent, f"switch (({self.value(1)}) & 3u) {{")
        for case in self.chance.sample(range(4), 3):
            self.add(indent, f"case {case}:")
            self.block(indent + 1, False, 1)
            if self.chance.random() < 0.7:
                self.add(indent + 1, "break;")
        self.add(indent, "default:")
        self.block(indent + 1, False, 1)
        self.add(indent, "}")

    def loop(self, indent, _):
        """Ends for each work-item when it will; never holds a barrier."""
        if self.loops >= LOOP_LIMIT:
            self.assign(indent, False)
            return
        self.loops += 1
        n = f"n{self.counters}"
        self.counters += 1
        step = self.chance.choice([f"{n}--", f"{n} >>= 1"])
        self.add(indent, f"for (uint {n} = ({self.value(1)}) & 7u; {n}; {step}) {{")
        self.block(indent + 1, False)
        if self.chance.random() < 0.5:
            self.add(indent + 1, f"if ({self.condition()})")
            self.add(indent + 2, self.chance.choice(["break;", "continue;"]))
            self.block(indent + 1, False, 1)
        self.add(indent, "}")
        self.loops -= 1

    def uniform_loop(self, indent, _):
        if self.loops >= LOOP_LIMIT:
            self.assign(indent, True)
            return
        self.loops += 1
        n = f"n{self.counters}"
        self.counters += 1
        self.add(indent, f"for (uint {n} = 0; {n} < (({self.uniform()}) & 3u) "
                         f"+ {self.chance.randrange(2)}u; {n}++) {{")
        self.block(indent + 1, True)
        self.add(indent + 1, f"v{self.chance.randrange(VARIABLES)} += {n};")
        self.add(indent, "}")
        self.loops -= 1

    def exchange(self, indent, _):
        self.add(indent, f"t[ITEM] = {self.value()};")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")
        self.add(indent, f"v{self.chance.randrange(VARIABLES)} += "
                         f"t[({self.value(1)}) % (uint)ITEMS];")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")

    def count(self, indent, _):
        self.add(indent, f"atomic_add(&c[({self.value(1)}) & 7u], {self.value(1)});")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")
        self.add(indent, f"v{self.chance.randrange(VARIABLES)} ^= "
                         f"c[({self.value(1)}) & 7u];")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")

    def declare(self):
        """For kinds of kernels with more variables than these."""

    def before(self):
        """Functions of the kernel's own."""
        return ""

    def text(self):
        self.add(0, f"kernel void {self.name}(global uint *out, global const uint *in,"
                    " global uint *own, uint p)")
        self.add(0, "{")
        if self.barriers:
            self.add(1, f"local uint t[{SIZE}];")
            self.add(1, "local uint c[8];")
        for number in range(VARIABLES):
            self.add(1, f"uint v{number} = in[(PLACE + {number}) % {SIZE}u];")
        self.add(1, "float f = (float)(v0 & 63u);")
        self.declare()
        self.add(1, "uint a[8];")
        self.add(1, "for (uint i = 0; i < 8; i++)")
        self.add(2, "a[i] = i * v0;")
        if self.barriers: # whatever the number of work-items
            self.add(1, f"for (uint i = (uint)ITEM; i < {SIZE}u; i += (uint)ITEMS) {{")
            self.add(2, "t[i] = 0;")
            self.add(2, "if (i < 8)")
            self.add(3, "c[i] = 0;")
            self.add(1, "}")
            self.add(1, "barrier(CLK_LOCAL_MEM_FENCE);")
        if not self.barriers and self.chance.random() < 0.3:
            self.add(1, f"if ({self.condition()})")
            self.add(2, "return;")
        self.block(1, True, 5)
        self.add(1, "out[PLACE] = v0 ^ (v1 * 3u) ^ (v2 * 5u) ^ (v3 * 7u) ^ (v4 * 11u)")
        self.add(2, "^ a[p & 7u] ^ (a[v0 & 7u] * 13u);")
        self.add(0, "}")
        return self.before() + "\n".join(self.lines) + "\n"


def names(count):
    return [f"k{number}" for number in range(count)]


def make(kind, seed, count):
    """The text of `count` kernels of a class; every third without barriers."""
    chance = random.Random(seed)
    kernels = [kind(chance, name, number % 3 != 2)
               for number, name in enumerate(names(count))]
    return HEAD + "".join("\n" + kernel.text() for kernel in kernels)
