/* Failure modes: a file that cannot be read or written is named. The key is
 * written first: a certificate stands beside its key, or there is none and both
 * are made anew. */
#include "agent/api/site_certificate.h"

#include "common/base/file.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool site_is_secure(const struct http_settings *settings)
{
    return settings->listen[0] != '\0' && (settings->certificate[0] != '\0' ||
                                           !http_settings_loopback(settings));
}

/* ---- paths ---- */

static enum status path_of(const char *dir, const char *named, const char *own,
                           char path[OFFICE_PATH_MAX])
{
    int size;

    if (named[0] == '\0') {
        return office_path(dir, own, path);
    }
    size = snprintf(path, OFFICE_PATH_MAX, "%s", named);
    return size > 0 && (size_t)size < OFFICE_PATH_MAX ? STATUS_OK
                                                      : STATUS_NO_INPUT;
}

/* ---- making ---- */

/* The names that browsers come by: those of agent.yaml, and the address where
 * it listens, if that is one. */
static size_t list_names(const struct http_settings *settings,
                         char address[HTTP_HOST_SIZE],
                         const char *names[HTTP_HOSTS_MAX + 2u])
{
    const char *colon = strrchr(settings->listen, ':');
    size_t size = colon == NULL ? 0 : (size_t)(colon - settings->listen);
    size_t count = 0;

    for (size_t i = 0; i < settings->host_count; i++) {
        names[count++] = settings->hosts[i];
    }
    memcpy(address, settings->listen, size);
    address[size] = '\0';
    if (strcmp(address, "0.0.0.0") != 0 && strcmp(address, "[::]") != 0) {
        names[count++] = address;
    }
    names[count++] = "localhost";
    return count;
}

static enum status write_new(const char *dir, const char *name,
                             const struct buffer *text,
                             char path[OFFICE_PATH_MAX])
{
    enum status status = office_path(dir, name, path);

    if (status == STATUS_OK) {
        (void)unlink(path);
        status = file_create(path, buffer_bytes(text));
    }
    return status == STATUS_OK ? file_sync_folder(path) : status;
}

static enum status make(const char *dir, const struct http_settings *settings,
                        int64_t wall_us, char path[OFFICE_PATH_MAX])
{
    const char *names[HTTP_HOSTS_MAX + 2u];
    char address[HTTP_HOST_SIZE];
    struct buffer certificate, key;
    size_t count = list_names(settings, address, names);
    enum status status;

    buffer_init(&certificate, HTTP_PEM_MAX);
    buffer_init(&key, HTTP_PEM_MAX);
    status = http_certificate_make(names, count, wall_us, &certificate, &key);
    if (status == STATUS_OK) {
        status = write_new(dir, SITE_KEY_FILE, &key, path);
    }
    if (status == STATUS_OK) {
        status = write_new(dir, SITE_CERTIFICATE_FILE, &certificate, path);
    }
    if (key.data != NULL) {
        sodium_memzero(key.data, key.size);
    }
    buffer_fini(&key);
    buffer_fini(&certificate);
    return status;
}

/* ---- reading ---- */

enum status site_certificate_read(const char *dir,
                                  const struct http_settings *settings,
                                  int64_t wall_us, struct buffer *certificate,
                                  struct buffer *key,
                                  char path[OFFICE_PATH_MAX])
{
    enum status status =
        path_of(dir, settings->certificate, SITE_CERTIFICATE_FILE, path);

    if (status == STATUS_OK && settings->certificate[0] == '\0' &&
        access(path, F_OK) != 0) {
        status = make(dir, settings, wall_us, path);
    }
    if (status == STATUS_OK) {
        status =
            path_of(dir, settings->certificate, SITE_CERTIFICATE_FILE, path);
    }
    if (status == STATUS_OK) {
        status = http_pem_read(path, false, certificate);
    }
    if (status == STATUS_OK) {
        status = path_of(dir, settings->key, SITE_KEY_FILE, path);
    }
    return status == STATUS_OK ? http_pem_read(path, true, key) : status;
}

enum status site_fingerprint(const char *dir,
                             const struct http_settings *settings,
                             char text[HTTP_FINGERPRINT_SIZE])
{
    char path[OFFICE_PATH_MAX];
    struct buffer pem;
    enum status status =
        site_is_secure(settings)
            ? path_of(dir, settings->certificate, SITE_CERTIFICATE_FILE, path)
            : STATUS_NOT_FOUND;

    buffer_init(&pem, HTTP_PEM_MAX);
    if (status == STATUS_OK) {
        status = http_pem_read(path, false, &pem);
    }
    if (status == STATUS_OK) {
        status = http_certificate_fingerprint(buffer_bytes(&pem), text);
    }
    buffer_fini(&pem);
    return status == STATUS_OK ? STATUS_OK : STATUS_NOT_FOUND;
}
