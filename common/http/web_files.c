/* A file that cannot be read is none: a 404. */
#include "common/http/web_files.h"

#include <stdio.h>
#include <string.h>

#include "common/base/file.h"

#define PAGE           "/index.html"
#define FILE_BYTES_MAX (4u * 1024u * 1024u)

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the address is one of a page: no file, and nothing of the interface.
 */
static bool is_page(const char *path)
{
    const char *last = strrchr(path, '/');

    return !begins(path, "/api/") && strcmp(path, "/api") != 0 &&
           !begins(path, "/assets/") && !begins(path, "/-/") &&
           strchr(last, '.') == NULL;
}

static const struct http_asset *find_built_in(const struct web_files *files,
                                              const char *path)
{
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->files[i].path, path) == 0) {
            return &files->files[i].asset;
        }
    }
    return NULL;
}

/* ---- from a folder ---- */

static const char *type_of(const char *path)
{
    static const struct {
        const char *suffix, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".map", "application/json"},
                 {".json", "application/json"}};
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].suffix, dot) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

/* The path is one that http_target.h has let through: nothing in it leads out
 * of the folder. */
static bool give_file(const char *folder, const char *path,
                      struct http_reply *reply)
{
    char name[FILE_PATH_MAX];
    struct buffer text;
    int size = snprintf(name, sizeof name, "%s%s", folder, path);
    bool found;

    buffer_init(&text, FILE_BYTES_MAX);
    found = size > 0 && (size_t)size < sizeof name &&
            file_read(name, &text) == STATUS_OK;
    if (found) {
        http_reply_take(reply, type_of(path), &text);
    }
    buffer_fini(&text);
    return found;
}

/* ---- either ---- */

static bool give(const struct web_files *files, const char *folder,
                 const struct http_request *request, const char *path,
                 struct http_reply *reply)
{
    const struct http_asset *asset;

    if (folder != NULL) {
        return give_file(folder, path, reply);
    }
    asset = find_built_in(files, path);
    if (asset != NULL) {
        http_reply_asset(request, asset, reply);
    }
    return asset != NULL;
}

void web_files_give(const struct web_files *files, const char *folder,
                    struct http_request *request, struct http_reply *reply)
{
    const char *rest = http_part_or(request, "path", "");
    char path[HTTP_PATH_MAX + 2u];

    (void)snprintf(path, sizeof path, "/%s", rest);
    if ((path[1] != '\0' && give(files, folder, request, path, reply)) ||
        (is_page(path) && give(files, folder, request, PAGE, reply))) {
        return;
    }
    http_reply_problem(reply, 404, NULL);
}
