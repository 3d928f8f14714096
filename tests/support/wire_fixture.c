#include "tests/support/wire_fixture.h"

#include "common/format/sign.h"

#include <criterion/criterion.h>
#include <string.h>

struct wire_codec *codec;
struct buffer packed;

void wire_fixture_open(void)
{
    sign_init();
    codec = wire_codec_new();
    cr_assert_not_null(codec);
    buffer_init(&packed, WIRE_FRAME_BYTES_MAX);
}

void wire_fixture_close(void)
{
    buffer_fini(&packed);
    wire_codec_free(&codec);
    cr_assert_null(codec);
}

void wire_fixture_up_again(const struct wire_up *up, struct wire_up *again)
{
    memset(again, 0, sizeof *again);
    buffer_clear(&packed);
    cr_assert_eq(wire_pack_up(up, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_up(codec, buffer_bytes(&packed), again),
                 STATUS_OK);
    cr_assert_eq(again->kind, up->kind);
}

void wire_fixture_down_again(const struct wire_down *down,
                             struct wire_down *again)
{
    memset(again, 0, sizeof *again);
    buffer_clear(&packed);
    cr_assert_eq(wire_pack_down(down, &packed), STATUS_OK);
    cr_assert_eq(wire_unpack_down(codec, buffer_bytes(&packed), again),
                 STATUS_OK);
    cr_assert_eq(again->kind, down->kind);
}
