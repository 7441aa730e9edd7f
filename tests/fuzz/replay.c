/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c: a fuzzer's main() for any compiler, which runs the files that it is
 * given, or all of a folder, once. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, room = 0, got = 0;

    if (!file) {
        perror(path);
        return 1;
    }
    do {
        size += got;
        if (size == room) {
            room = room * 2 + 4096;
            uint8_t *grown = realloc(data, room);
            if (!grown) {
                perror(path);
                free(data);
                fclose(file);
                return 1;
            }
            data = grown;
        }
        got = fread(data + size, 1, room - size, file);
    } while (got > 0);
    fclose(file);

    /* In memory of just this size, so that a checker sees what lies beyond. */
    uint8_t *fitted = realloc(data, size ? size : 1);
    int failed = LLVMFuzzerTestOneInput(fitted ? fitted : data, size);
    free(fitted ? fitted : data);
    return failed;
}

static int run_folder(const char *path, size_t *count)
{
    DIR *folder = opendir(path);
    int failed = 0;

    if (!folder) {
        perror(path);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        failed |= run_file(name);
        ++*count;
    }
    closedir(folder);
    return failed;
}

int main(int count, char **arguments)
{
    size_t files = 0;
    int failed = 0;

    for (int i = 1; i < count; i++) {
        struct stat about;
        if (stat(arguments[i], &about) == 0 && S_ISDIR(about.st_mode))
            failed |= run_folder(arguments[i], &files);
        else {
            failed |= run_file(arguments[i]);
            files++;
        }
    }
    printf("%zu files\n", files);
    return failed || files == 0;
}
