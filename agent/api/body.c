#include "agent/api/body.h"

#include <string.h>

/* Depth is looked at before the parser, which recurses. Brackets in a text are
 * passed over with it; what is no JSON is the parser's to refuse. */
static bool is_shallow(struct bytes text)
{
    size_t depth = 0;
    bool quoted = false;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (quoted) {
            i += c == '\\' ? 1u : 0u;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > BODY_DEPTH_MAX) {
                return false;
            }
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return true;
}

enum status body_read(struct bytes text, json_t **object)
{
    *object = is_shallow(text) ? json_loadb((const char *)text.data, text.size,
                                            JSON_REJECT_DUPLICATES, NULL)
                               : NULL;
    if (!json_is_object(*object)) {
        json_decref(*object);
        *object = NULL;
    }
    return *object != NULL ? STATUS_OK : STATUS_INVALID;
}

bool body_only(const json_t *object, const char *const *known)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;

        while (known[i] != NULL && strcmp(known[i], key) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            return false;
        }
    }
    return true;
}

const char *body_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);

    return text != NULL && strlen(text) == json_string_length(value) ? text
                                                                     : NULL;
}

bool body_key(const char *text, uint8_t key[EVENT_ENTRY_KEY_BYTES])
{
    size_t size = 0;

    return text != NULL && strlen(text) == 2u * EVENT_ENTRY_KEY_BYTES &&
           bytes_from_hex(text, key, EVENT_ENTRY_KEY_BYTES, &size) ==
               STATUS_OK &&
           size == EVENT_ENTRY_KEY_BYTES;
}
