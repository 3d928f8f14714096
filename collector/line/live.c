#include "collector/line/live.h"

#include "collector/line/control_socket.h"

#include <string.h>

enum status live_open(const struct directory *directory, struct live *live)
{
    struct control_request request = {.kind = CONTROL_SOCKET_STATUS};
    struct control_answer answer;
    struct buffer text;
    int lock = -1;
    enum status status = directory_lock(directory, &lock);

    memset(live, 0, sizeof *live);
    directory_unlock(&lock);
    if (status != STATUS_BUSY) {
        return status;
    }
    live->runs = true;
    buffer_init(&text, CONTROL_SOCKET_TEXT_MAX);
    status = control_socket_ask(directory->socket, &request, LIVE_TIMEOUT_MS,
                                &text, &answer);
    if (status == STATUS_OK) {
        status = answer.status;
    }
    if (status == STATUS_OK) {
        live->standing = json_loadb((const char *)answer.text.data,
                                    answer.text.size, 0, NULL);
        status = live->standing == NULL ? STATUS_INVALID : STATUS_OK;
    }
    buffer_fini(&text);
    return status == STATUS_AGAIN ? STATUS_BUSY : status;
}

void live_close(struct live *live)
{
    json_decref(live->standing);
    live->standing = NULL;
}

const json_t *live_agent(const struct live *live, uint32_t number)
{
    const json_t *agents = json_object_get(live->standing, "agents");

    for (size_t i = 0; i < json_array_size(agents); i++) {
        const json_t *agent = json_array_get(agents, i);

        if (live_number(agent, "number") == number) {
            return agent;
        }
    }
    return NULL;
}

uint64_t live_number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

const char *live_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}
