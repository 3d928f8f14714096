/* The body of a sign-in, read. */
#include <jansson.h>
#include <string.h>

#include "common/people/access_private.h"

static bool take_text(const json_t *object, const char *key, char *to,
                      size_t room)
{
    const json_t *value = json_object_get(object, key);
    size_t size = json_string_length(value);

    if (!json_is_string(value) || size == 0 || size >= room) {
        return false;
    }
    memcpy(to, json_string_value(value), size + 1);
    return strlen(to) == size;
}

enum status sign_in_read(struct bytes body, const char *secret,
                         struct sign_in *sign_in)
{
    json_t *json = json_loadb((const char *)body.data, body.size,
                              JSON_REJECT_DUPLICATES, NULL);
    size_t size = json_object_size(json);
    bool good;

    memset(sign_in, 0, sizeof *sign_in);
    sign_in->by_link = size == 1;
    if (sign_in->by_link) {
        good = take_text(json, "link", sign_in->link, sizeof sign_in->link);
    } else {
        good = size == 2 &&
               take_text(json, "name", sign_in->name, sizeof sign_in->name) &&
               take_text(json, secret, sign_in->password,
                         sizeof sign_in->password);
    }
    json_decref(json);
    return good ? STATUS_OK : STATUS_INVALID;
}
