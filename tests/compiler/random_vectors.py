# SPDX-License-Identifier: Apache-2.0
"""random_vectors.py: random_text.py's kernels, with vectors of one type, and functions
that only OpenCL C has, among their statements."""

import random_text
from random_text import VARIABLES, SIZE

SIGNED = {"uchar": "char", "ushort": "short", "uint": "int", "ulong": "long"}
BITS = {"uchar": 8, "ushort": 16, "uint": 32, "ulong": 64}
VECTORS = 3  # variables


class Kernel(random_text.Kernel):
    def __init__(self, chance, name, barriers):
        super().__init__(chance, name, barriers)
        self.scalar = chance.choice(list(SIGNED))
        self.width = chance.choice([2, 3, 4, 8, 16])
        self.type = f"{self.scalar}{self.width}"
        self.signed = f"{SIGNED[self.scalar]}{self.width}"

    def declare(self):
        for number in range(VECTORS):
            self.add(1, f"{self.type} w{number} = convert_{self.type}(vload{self.width}("
                        f"(PLACE + {number}) % {SIZE // self.width}u, in));")
        if self.barriers:
            self.add(1, f"local {self.type} s[{SIZE}];")
            self.add(1, f"for (uint i = (uint)ITEM; i < {SIZE}u; i += (uint)ITEMS)")
            self.add(2, "s[i] = w0;")
            self.add(1, "barrier(CLK_LOCAL_MEM_FENCE);")

    def before(self):
        parts = [f"(uint)w.s{number:x} * {2 * number + 3}u" for number in range(self.width)]
        return (f"uint fold_{self.name}({self.type} w)\n{{\n    return "
                + "\n        ^ ".join(parts) + ";\n}\n\n"
                f"{self.type} mix_{self.name}({self.type} *w, uint n)\n{{\n"
                "    for (uint i = 0; i < (n & 3u); i++) {\n"
                "        if ((w->s0 & 1) && i)\n            return *w;\n"
                f"        *w = w->{self.swizzle()} * ({self.type})5 + ({self.type})i;\n"
                "    }\n    return *w >> 1;\n}\n\n")

    def swizzle(self):
        return "s" + "".join(f"{self.chance.randrange(self.width):x}"
                             for _ in range(self.width))

    # ---- Expressions

    def value(self, depth=2):
        if depth and self.chance.random() < 0.2:
            return f"fold_{self.name}({self.vector(depth)})"
        return super().value(depth)

    def vector(self, depth=2):
        kinds = [self.known]
        if depth:
            kinds = [self.known, self.arithmetic, self.arithmetic, self.function,
                     self.function, self.compared, self.signed_function, self.converted,
                     self.swizzled, self.shuffled, self.floats]
        return self.chance.choice(kinds)(depth - 1)

    def known(self, _):
        return self.chance.choice(
            [f"w{number}" for number in range(VECTORS)]
            + [f"({self.type})({self.leaf()})",
               f"convert_{self.type}(vload{self.width}((uint)({self.leaf()}) "
               f"% {SIZE // self.width}u, in))"])

    def arithmetic(self, depth):
        a, b = self.vector(depth), self.vector(depth)
        last = f"({self.type})({BITS[self.scalar] - 1})"
        return self.chance.choice(
            [f"({a} {sign} {b})" for sign in "+-*&|^"]
            + [f"({a} {sign} ({b} & {last}))" for sign in ("<<", ">>")]
            + [f"({a} {sign} ({b} | ({self.type})1))" for sign in "/%"])

    def function(self, depth):
        a, b, c = (self.vector(depth) for _ in range(3))
        one = f"({self.type})1"
        return self.chance.choice([
            f"min({a}, {b})", f"max({a}, {b})", f"clamp({a}, {b} >> {one}, {b} | {one})",
            f"abs_diff({a}, {b})", f"add_sat({a}, {b})", f"sub_sat({a}, {b})",
            f"hadd({a}, {b})", f"rhadd({a}, {b})", f"rotate({a}, {b})",
            f"mul_hi({a}, {b})", f"mad_hi({a}, {b}, {c})", f"mad_sat({a}, {b}, {c})",
            f"clz({a})", f"popcount({a})", f"bitselect({a}, {b}, {c})"])

    def compared(self, depth):
        a, b, c, d = (self.vector(depth) for _ in range(4))
        sign = self.chance.choice(["<", ">", "==", "!=", "<=", ">="])
        return self.chance.choice([
            f"({a} {sign} {b} ? {c} : {d})", f"select({a}, {b}, {c} {sign} {d})",
            f"select({a}, {b}, {c})", f"as_{self.type}({a} {sign} {b})",
            f"(any({a} {sign} {b}) ? {c} : {d})", f"(all({a} {sign} {b}) ? {c} : {d})"])

    def signed_function(self, depth):
        a, b = (f"as_{self.signed}({self.vector(depth)})" for _ in range(2))
        last = f"({self.signed})({BITS[self.scalar] - 1})"
        call = self.chance.choice([
            f"min({a}, {b})", f"max({a}, {b})", f"add_sat({a}, {b})",
            f"sub_sat({a}, {b})", f"hadd({a}, {b})", f"mul_hi({a}, {b})",
            f"({a} >> ({b} & {last}))", f"({a} < {b} ? {a} : {b})",
            f"({a} / (({b} & ({self.signed})63) | ({self.signed})1))"])
        return self.chance.choice([f"as_{self.type}({call})", f"abs({call})"])

    def converted(self, depth):
        a = self.vector(depth)
        other = self.chance.choice(list(SIGNED) + list(SIGNED.values()))
        saturate = self.chance.choice(["", "_sat"])
        return f"convert_{self.type}{saturate}(convert_{other}{self.width}{saturate}({a}))"

    def swizzled(self, depth):
        a, b = self.vector(depth), self.vector(depth)
        if self.width == 3 or self.chance.random() < 0.5:
            return f"({a}).{self.swizzle()}"
        half = self.chance.choice([("lo", "hi"), ("even", "odd"), ("hi", "hi")])
        return f"({self.type})(({a}).{half[0]}, ({b}).{half[1]})"

    def shuffled(self, depth):
        if self.width == 3:
            return self.swizzled(depth)
        a, b, mask = (self.vector(depth) for _ in range(3))
        return self.chance.choice([f"shuffle({a}, {mask})", f"shuffle2({a}, {b}, {mask})"])

    def floats(self, depth):
        a, b = (f"convert_float{self.width}({self.vector(depth)} & ({self.type})127)"
                for _ in range(2))
        call = self.chance.choice([
            f"({a} * 0.5f + {b})", f"fabs({a} - {b})", f"floor({a} * 0.3f)",
            f"fmin({a}, {b})", f"({a} < {b} ? {a} : {b})", f"trunc({b} * 0.7f)",
            f"fma({a}, {b}, {a})"])
        return f"convert_{self.type}_sat({call})"

    # ---- Statements

    def statement(self, indent, uniform):
        if self.chance.random() < 0.35:
            self.statements += 1
            kinds = [self.set, self.set, self.set_parts, self.mix]
            if uniform and self.barriers:
                kinds += [self.swap]
            self.chance.choice(kinds)(indent)
        else:
            super().statement(indent, uniform)

    def any(self):
        return f"w{self.chance.randrange(VECTORS)}"

    def set(self, indent):
        self.add(indent, f"{self.any()} {self.chance.choice(['=', '+=', '^='])} "
                         f"{self.vector()};")

    def set_parts(self, indent):
        first, second = self.chance.sample(range(self.width), 2)
        self.add(indent, f"{self.any()}.s{first:x}{second:x} = ({self.vector(1)})."
                         f"s{second:x}{first:x};")

    def mix(self, indent):
        first, second = self.chance.sample(range(VECTORS), 2)
        self.add(indent, f"w{first} ^= mix_{self.name}(&w{second}, {self.value(1)});")

    def swap(self, indent):
        self.add(indent, f"s[ITEM] = {self.vector(1)};")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")
        self.add(indent, f"{self.any()} += s[({self.value(1)}) % (uint)ITEMS];")
        self.add(indent, "barrier(CLK_LOCAL_MEM_FENCE);")
        self.add(indent, f"v{self.chance.randrange(VARIABLES)} += "
                         f"fold_{self.name}({self.any()});")
