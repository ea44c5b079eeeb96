/* A loss of power: what was written since a file was last synced is gone from it, and (with names) what was made, named
 * and removed in a folder since that was last synced is undone. What a disk may forget, this one does, all at once; what
 * is written through a mapping of memory is not seen.
 */
#include <pthread.h>
#include <sys/syscall.h>

#define MOST 8192
#define CHECK(well) \
    do { \
        if (!(well)) { \
            perror("forgetting.h: " #well); \
            abort(); \
        } \
    } while (0)

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static char aside[PATH_MAX + 8];
static int forgetful, file_count, name_count, saved_count;

/* Held open, so that no other file gets the number of one that is removed. `was` is NULL where all of it is synced. */
static struct { dev_t dev; ino_t ino; int fd; char *was; off_t size; } files[MOST];

/* Kinds: m made, r renamed, u removed, d removed (a folder). `saved` is the number of what was there before, or 0. */
static struct { char kind, *path, *from; int saved; } names[MOST];

static long quietly(long number, long a, long b, long c, long d) { return syscall(number, a, b, c, d); }

/* What fails from here on is forgotten back to this moment. */
static void remember_from_here(const char *root, int yes) {
    forgetful = yes, name_count = 0;
    if (!yes) return;
    snprintf(aside, sizeof aside, "%s.lost", root);
    quietly(SYS_mkdirat, AT_FDCWD, (long)aside, 0700, 0);
}

/* Call before the contents of a file are changed. */
static void changing(int fd) {
    struct stat now;
    char link[64];
    int at;
    if (!forgetful || fstat(fd, &now) || !S_ISREG(now.st_mode)) return;
    pthread_mutex_lock(&one_at_a_time);
    for (at = 0; at < file_count && (files[at].dev != now.st_dev || files[at].ino != now.st_ino); at++)
        ;
    if (at == file_count) {
        CHECK(file_count < MOST);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        files[at].dev = now.st_dev, files[at].ino = now.st_ino, files[at].was = NULL;
        CHECK((files[at].fd = quietly(SYS_openat, AT_FDCWD, (long)link, O_RDWR | O_CLOEXEC, 0)) >= 0);
        file_count++;
    }
    if (!files[at].was) {
        CHECK(files[at].was = malloc(now.st_size + 1));
        files[at].size = now.st_size;
        CHECK(pread(files[at].fd, files[at].was, now.st_size, 0) == now.st_size);
    }
    pthread_mutex_unlock(&one_at_a_time);
}

static void changing_at(const char *path) {
    int fd = forgetful ? (int)quietly(SYS_openat, AT_FDCWD, (long)path, O_RDWR | O_CLOEXEC, 0) : -1;
    if (fd < 0) return;
    changing(fd);
    close(fd);
}

static int lies_in(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return !strncmp(path, folder, length) && path[length] == '/';
}

/* Call when a file or folder was synced. */
static void synced(int fd) {
    struct stat now;
    char link[64], path[PATH_MAX];
    int at, left = 0;
    if (!forgetful || fstat(fd, &now)) return;
    pthread_mutex_lock(&one_at_a_time);
    for (at = 0; at < file_count; at++)
        if (files[at].dev == now.st_dev && files[at].ino == now.st_ino) free(files[at].was), files[at].was = NULL;
    if (S_ISDIR(now.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t size = readlink(link, path, sizeof path - 1);
        CHECK(size > 0);
        path[size] = 0;
        for (at = 0; at < name_count; at++)
            if (!lies_in(names[at].path, path) || strchr(names[at].path + size + 1, '/')) names[left++] = names[at];
        name_count = left;
    }
    pthread_mutex_unlock(&one_at_a_time);
}

/* Call before a name is taken from a file; give the number under which it is kept. */
static int saved(const char *path) {
    char kept[PATH_MAX + 32];
    if (!forgetful) return 0;
    int number = __atomic_add_fetch(&saved_count, 1, __ATOMIC_SEQ_CST);
    snprintf(kept, sizeof kept, "%s/%d-%d", aside, getpid(), number);
    return link(path, kept) ? 0 : number;
}

static void moved(const char *from, const char *to) {
    char whole[2 * PATH_MAX];
    for (int at = 0; at < name_count; at++)
        for (char **each = &names[at].path; each; each = each == &names[at].path ? &names[at].from : NULL)
            if (*each && lies_in(*each, from)) {
                snprintf(whole, sizeof whole, "%s%s", to, *each + strlen(from));
                *each = strdup(whole);
            }
}

/* Call when something was done to a name. */
static void named(char kind, const char *path, const char *from, int number) {
    if (!forgetful) return;
    pthread_mutex_lock(&one_at_a_time);
    CHECK(name_count < MOST);
    if (from) moved(from, path);
    names[name_count].kind = kind, names[name_count].saved = number;
    names[name_count].path = strdup(path), names[name_count++].from = from ? strdup(from) : NULL;
    pthread_mutex_unlock(&one_at_a_time);
}

static void forget(int with_names) {
    char kept[PATH_MAX + 32];
    pthread_mutex_lock(&one_at_a_time);
    for (int at = 0; at < file_count; at++)
        if (files[at].was) {
            CHECK(quietly(SYS_pwrite64, files[at].fd, (long)files[at].was, files[at].size, 0) == files[at].size);
            CHECK(!quietly(SYS_ftruncate, files[at].fd, files[at].size, 0, 0));
        }
    while (with_names && name_count--) {
        char *path = names[name_count].path, *from = names[name_count].from;
        int number = names[name_count].saved ? names[name_count].saved : ++saved_count;
        snprintf(kept, sizeof kept, "%s/%d-%d", aside, getpid(), number);
        /* Whatever is made and was never certain goes, with all that is in it. */
        if (names[name_count].kind == 'm') quietly(SYS_renameat, AT_FDCWD, (long)path, AT_FDCWD, (long)kept);
        if (names[name_count].kind == 'd') quietly(SYS_mkdirat, AT_FDCWD, (long)path, 0700, 0);
        if (from) quietly(SYS_renameat, AT_FDCWD, (long)path, AT_FDCWD, (long)from), moved(path, from);
        if (names[name_count].saved) quietly(SYS_renameat, AT_FDCWD, (long)kept, AT_FDCWD, (long)path);
    }
}
