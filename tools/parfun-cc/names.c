/* SPDX-License-Identifier: Apache-2.0 */
/* names.c: tables of names, each between two blanks. */
#include "names.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const char keywords[] =
        " alignas alignof and and_eq asm auto bitand bitor bool break case catch "
        "char char16_t char32_t char8_t class co_await co_return co_yield compl "
        "concept const const_cast consteval constexpr constinit continue decltype "
        "default delete do double dynamic_cast else enum explicit export extern "
        "false float for friend goto if inline int long mutable namespace new "
        "noexcept not not_eq nullptr operator or or_eq private protected public "
        "register reinterpret_cast requires restrict return short signed sizeof "
        "static static_assert static_cast struct switch template this "
        "thread_local throw true try typedef typeid typename typeof union "
        "unsigned using virtual void volatile wchar_t while xor xor_eq ";

static const char library[] =
        " abort abs accept access acos acosf acosh acoshf alarm aligned_alloc "
        "asctime asin asinf asinh asinhf assert at_quick_exit atan atan2 atan2f "
        "atanf atanh atanhf atexit atof atoi atol atoll bind bsearch btowc cabs "
        "cacos calloc carg casin catan cbrt cbrtf ccos ceil ceilf cexp chdir "
        "chmod chown cimag clearerr clock clog close closedir conj connect "
        "copysign copysignf cos cosf cosh coshf cpow cproj creal csin csqrt ctan "
        "ctime daemon difftime div dup dup2 erf erfc erfcf erff execl execv "
        "execve exit exp exp2 exp2f expf expm1 expm1f fabs fabsf fclose fcntl "
        "fdim fdimf fdopen feclearexcept fegetround feof ferror fesetround fflush "
        "ffs fgetc fgetpos fgets fileno floor floorf fma fmaf fmax fmaxf fmemopen "
        "fmin fminf fmod fmodf fopen fork fpclassify fprintf fputc fputs fread "
        "free freopen frexp frexpf fscanf fseek fsetpos ftell ftruncate fwrite "
        "gamma getc getchar getcwd getenv getgid getline getopt getpid gets "
        "getuid gmtime hypot hypotf ilogb ilogbf imaxabs index ioctl isalnum "
        "isalpha isblank iscntrl isdigit isfinite isgraph isgreater isinf isless "
        "islower isnan isnormal isprint ispunct isspace isupper isxdigit j0 j1 jn "
        "kill labs ldexp ldexpf ldiv lgamma lgammaf link listen llabs lldiv "
        "llrint llround localeconv localtime lock log log10 log10f log1p log1pf "
        "log2 log2f logb logbf logf longjmp lrint lround lseek main malloc mblen "
        "mbrtowc mbstowcs mbtowc memchr memcmp memcpy memmove memset mkdir mktime "
        "mmap modf modff munmap nan nanf nearbyint nearbyintf nextafter "
        "nextafterf nexttoward nice open opendir pause perror pipe poll pow powf "
        "printf putc putchar putenv puts qsort quick_exit raise rand random read "
        "readdir readlink realloc recv regcomp remainder remainderf remove remquo "
        "rename rewind rindex rint rintf rmdir round roundf sbrk scalbln scalbn "
        "scalbnf scanf select send setbuf setenv setjmp setlocale setvbuf "
        "shutdown sigaction signal signbit sin sinf sinh sinhf sleep snprintf "
        "socket sprintf sqrt sqrtf srand srandom sscanf stat stpcpy strcat strchr "
        "strcmp strcoll strcpy strcspn strdup strerror strftime strlen strncat "
        "strncmp strncpy strndup strnlen strpbrk strrchr strspn strstr strtod "
        "strtof strtok strtol strtold strtoll strtoul strtoull strxfrm sync "
        "system tan tanf tanh tanhf tgamma tgammaf time timer_create times "
        "tmpfile tmpnam tolower toupper trunc truncate truncf umask uname ungetc "
        "unlink usleep va_arg vfprintf vprintf vsnprintf vsprintf wait waitpid "
        "wcscmp wcscpy wcslen wctomb wmemcpy write y0 y1 yn ";

static const char builtins[] =
        " abs abs_diff acos acosh acospi add_sat all any asin asinh asinpi "
        "async_work_group_copy async_work_group_strided_copy atan atan2 atan2pi "
        "atanh atanpi barrier bitselect cbrt ceil clamp clz commit_read_pipe "
        "copysign cos cosh cospi cross ctz degrees distance dot enqueue_kernel "
        "erf erfc exp exp10 exp2 expm1 fabs fast_distance fast_length "
        "fast_normalize fdim floor fma fmax fmin fmod fract frexp "
        "get_enqueued_local_size get_global_id get_global_linear_id "
        "get_global_offset get_global_size get_group_id get_local_id "
        "get_local_linear_id get_local_size get_num_groups get_work_dim hadd "
        "hypot ilogb isequal isfinite isgreater isgreaterequal isinf isless "
        "islessequal islessgreater isnan isnormal isnotequal isordered "
        "isunordered ldexp length lgamma lgamma_r log log10 log1p log2 logb mad "
        "mad24 mad_hi mad_sat max maxmag mem_fence min minmag mix modf mul24 "
        "mul_hi nan nextafter normalize popcount pow pown powr prefetch printf "
        "radians read_imagef read_imagei read_imageui read_mem_fence remainder "
        "remquo reserve_read_pipe rhadd rint rootn rotate round rsqrt select "
        "shuffle shuffle2 sign signbit sin sincos sinh sinpi smoothstep sqrt step "
        "sub_group_barrier sub_sat tan tanh tanpi tgamma to_global to_local "
        "to_private trunc upsample vec_step wait_group_events work_group_all "
        "work_group_any work_group_barrier work_group_broadcast write_imagef "
        "write_imagei write_imageui write_mem_fence ";

/* Families with many members: what follows is a type, a width or a verb. */
static const char *const families[] = {
    "as_",
    "atom_",
    "atomic_",
    "convert_",
    "half_",
    "native_",
    "vload",
    "vstore",
};

static const char headers[] =
        " aio.h alloca.h assert.h complex.h cpio.h ctype.h dirent.h dlfcn.h "
        "endian.h errno.h fcntl.h features.h fenv.h float.h fnmatch.h ftw.h "
        "getopt.h glob.h grp.h iconv.h inttypes.h iso646.h langinfo.h libgen.h "
        "limits.h link.h locale.h malloc.h math.h memory.h monetary.h netdb.h "
        "omp.h parfun.h poll.h pthread.h pwd.h regex.h sched.h search.h "
        "semaphore.h setjmp.h signal.h spawn.h stdalign.h stdarg.h stdatomic.h "
        "stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h "
        "strings.h syslog.h tar.h termios.h tgmath.h threads.h time.h uchar.h "
        "ucontext.h ulimit.h unistd.h utime.h utmpx.h wait.h wchar.h wctype.h "
        "wordexp.h ";

static bool contains(const char *words, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = words; length && (at = strstr(at, name)) != NULL; at++)
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    return false;
}

bool cc_name_is_keyword(const char *name)
{
    return contains(keywords, name)
            || (name[0] == '_'
                    && (name[1] == '_' || isupper((unsigned char)name[1])));
}

bool cc_name_is_library(const char *name)
{
    return contains(library, name);
}

/* After "atomic_" or "atom_": "add" and "fetch_add", but not "energy". */
static bool is_atomic(const char *name)
{
    static const char verbs[] =
            " add and cmpxchg dec inc init load max min or store sub "
            "work_item_fence xchg xor ";

    return contains(verbs, name) || !strncmp(name, "compare_exchange_", 17)
            || !strncmp(name, "exchange", 8) || !strncmp(name, "fetch_", 6)
            || !strncmp(name, "flag_", 5) || !strncmp(name, "load_", 5)
            || !strncmp(name, "store_", 6);
}

/* "vload4", "convert_int4", "native_sin": but not "vloader" or "as_new". */
static bool in_family(const char *name)
{
    static const char *const types[] = { "char", "uchar", "short", "ushort", "int",
        "uint", "long", "ulong", "half", "float", "double" };

    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t length = strlen(families[i]);
        const char *rest = name + length;
        if (strncmp(name, families[i], length) != 0)
            continue;
        if (families[i][0] == 'v')
            return isdigit((unsigned char)*rest) || !strncmp(rest, "_half", 5)
                    || !strncmp(rest, "a_half", 6);
        if (!strncmp(families[i], "atom", 4))
            return is_atomic(rest);
        if (families[i][0] == 'h' || families[i][0] == 'n')
            return contains(builtins, rest) || !strcmp(rest, "divide")
                    || !strcmp(rest, "recip");
        for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
            size_t bytes = strlen(types[t]);
            if (!strncmp(rest, types[t], bytes)
                    && !isalpha((unsigned char)rest[bytes]))
                return true;
        }
    }
    return false;
}

bool cc_name_is_builtin(const char *name)
{
    return contains(builtins, name) || in_family(name);
}

bool cc_name_is_header(const char *name)
{
    return contains(headers, name);
}
