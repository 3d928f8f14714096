/* The words for refusals, and the proofs: each is a signature over the fields
 * that it vouches for, in the order of proto/uplink.proto. */
#include "common/format/wire.h"

#include "common/base/check.h"

#include <string.h>

struct refusal_words {
    enum wire_refusal_code code;
    const char *token;
    struct language_text text;
};

static const struct refusal_words refusals[] = {
    {WIRE_REFUSAL_REVOKED,
     "revoked",
     {.vi = "tỉnh đã thu hồi quyền của trạm này; số liệu vẫn còn trên "
            "máy, hãy hỏi người quản trị của tỉnh",
      .en = "the province has revoked this machine; the data are still here, "
            "ask the administrator of the province"}},
    {WIRE_REFUSAL_POSITION_TAKEN,
     "position_taken",
     {.vi = "tỉnh đã nhận số liệu khác mang cùng số thứ tự: máy này là bản "
            "sao hoặc được khôi phục từ bản cũ; hãy chạy lệnh recover",
      .en = "the province holds other data at the same position: this machine "
            "is a copy or was set back to an older state; run recover"}},
    {WIRE_REFUSAL_CHAIN_BROKEN,
     "chain_broken",
     {.vi = "lô số liệu không nối tiếp lô trước mà tỉnh đã nhận; hãy báo người "
            "quản trị của tỉnh, rồi chạy lệnh recover",
      .en = "a batch does not follow on the one that the province has; tell "
            "the administrator of the province, then run recover"}},
    {WIRE_REFUSAL_BAD_SIGNATURE,
     "bad_signature",
     {.vi =
          "chữ ký của lô số liệu không đúng; khóa trên máy có thể đã bị thay, "
          "hãy báo người quản trị của tỉnh",
      .en = "the signature of a batch is wrong; the keys here may have been "
            "replaced, tell the administrator of the province"}},
    {WIRE_REFUSAL_GAP,
     "gap",
     {.vi = "tỉnh còn thiếu số liệu trước đó; máy tự gửi lại",
      .en = "the province lacks earlier data; they are being sent again"}},
    {WIRE_REFUSAL_LIMIT,
     "limit",
     {.vi =
          "lô số liệu vượt giới hạn của tỉnh; hãy báo người quản trị của tỉnh",
      .en = "a batch is beyond the limits of the province; tell its "
            "administrator"}},
    {WIRE_REFUSAL_FULL,
     "full",
     {.vi = "trung tâm hết chỗ lưu; số liệu được giữ trên máy này và sẽ tự "
            "gửi lại",
      .en = "the province has no room left; the data stay here and will be "
            "sent again"}},
    {WIRE_REFUSAL_VERSION,
     "version",
     {.vi = "phiên bản phần mềm của trạm không còn dùng được với trung tâm; "
            "hãy cập nhật phần mềm",
      .en = "this program's version cannot talk to the province; update it"}},
    {WIRE_REFUSAL_NOT_JOINED,
     "not_joined",
     {.vi = "khóa này chỉ dùng để đăng ký; hãy chạy lệnh join trước",
      .en = "this key is good only for joining; run join first"}},
    {WIRE_REFUSAL_JOIN_EXPIRED,
     "join_expired",
     {.vi = "tệp đăng ký đã hết hạn; hãy xin tỉnh tệp mới",
      .en = "the enrolment file has expired; ask the province for a new one"}},
    {WIRE_REFUSAL_JOIN_USED,
     "join_used",
     {.vi = "tệp đăng ký đã được máy khác dùng; hãy báo người quản trị của "
            "tỉnh",
      .en = "the enrolment file was used by another machine; tell the "
            "administrator of the province"}},
    {WIRE_REFUSAL_EPOCH_CLOSED,
     "epoch_closed",
     {.vi = "đợt số liệu này đã đóng vì một máy khác của văn phòng đã mở đợt "
            "mới; máy này là bản cũ",
      .en = "this stream is closed, because another machine of the office "
            "opened a new one; this machine is an old copy"}},
    {WIRE_REFUSAL_WRONG_AGENT,
     "wrong_agent",
     {.vi = "lô số liệu thuộc về trạm khác; hãy báo người quản trị của tỉnh",
      .en = "a batch belongs to another office; tell the administrator of the "
            "province"}},
    {WIRE_REFUSAL_UNKNOWN_EPOCH,
     "unknown_epoch",
     {.vi = "trung tâm không biết đợt số liệu này; nếu trung tâm vừa được "
            "khôi phục, hãy báo người quản trị của tỉnh",
      .en = "the province does not know this stream; if it has restored its "
            "server, tell its administrator"}},
    {WIRE_REFUSAL_RECOVERING,
     "recovering",
     {.vi = "trung tâm đang được dựng lại sau sự cố; số liệu được giữ trên "
            "máy này và sẽ tự gửi khi dựng xong",
      .en = "the province is being rebuilt after a loss; the data stay here "
            "and will be sent when that is done"}},
    {WIRE_REFUSAL_UNKNOWN_KEY,
     "unknown_key",
     {.vi = "trung tâm không nhận khóa của trạm này; hãy kiểm tra địa chỉ, "
            "hoặc xin tỉnh tệp đăng ký mới",
      .en = "the province does not let this key in; check the address, or ask "
            "for a new enrolment file"}},
    {WIRE_REFUSAL_PAST_REMOVED,
     "past_removed",
     {.vi = "tỉnh đã mất số liệu mà tỉnh từng báo đã sao lưu và máy này đã xóa "
            "để lấy chỗ; hãy báo người quản trị của tỉnh: phục hồi từ bản sao "
            "lưu mới hơn, nếu không còn thì chạy tallyline-agent recover để "
            "gửi phần còn lại",
      .en = "the province has lost what it once said was backed up, and this "
            "machine has made room of it; tell the province's administrator: "
            "restore a newer backup, or, if there is none, run "
            "tallyline-agent recover to send what is left"}},
    {WIRE_REFUSAL_OTHER_LEDGER,
     "other_ledger",
     {.vi = "trung tâm ở địa chỉ này giữ sổ cái khác; hãy lấy lại agent.yaml "
            "như trước, hoặc báo người quản trị của tỉnh",
      .en = "the collector at this address keeps another ledger; put "
            "agent.yaml back as it was, or tell the province's "
            "administrator"}},
    {WIRE_REFUSAL_PAST_ERASED,
     "past_erased",
     {.vi =
          "trung tâm này thiếu số liệu mà máy này đã xóa theo lệnh, nên không "
          "nhận được những gì ở sau; hãy báo người quản trị của tỉnh",
      .en = "this collector lacks what was erased here by order, and cannot "
            "take what is behind it; tell the province's administrator"}},
};

static const struct refusal_words unknown_refusal = {
    WIRE_REFUSAL_NONE,
    "unknown",
    {.vi = "trung tâm từ chối với lý do mà phiên bản này chưa biết; hãy cập "
           "nhật phần mềm",
     .en = "the province refused for a reason that this version does not "
           "know; update the program"}};

static const struct refusal_words *refusal_find(uint32_t code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if ((uint32_t)refusals[i].code == code) {
            return &refusals[i];
        }
    }
    return &unknown_refusal;
}

const char *wire_refusal_token(uint32_t code)
{
    return refusal_find(code)->token;
}

enum status wire_compare_add(struct bytes event, struct buffer *run)
{
    uint8_t size[4];
    enum status status;

    check(event.size <= UINT32_MAX);
    bytes_put_u32(size, (uint32_t)event.size);
    status = buffer_append(run, (struct bytes){size, sizeof size});
    return status == STATUS_OK ? buffer_append(run, event) : status;
}

bool wire_clocks_differ(int64_t ahead)
{
    return ahead > WIRE_CLOCKS_DIFFER_US || ahead < -WIRE_CLOCKS_DIFFER_US;
}

const char *wire_refusal_text(uint32_t code, enum language language)
{
    return language_pick(refusal_find(code)->text, language);
}

/* ---- proofs ---- */

#define PROOF_BYTES_MAX (4u * PUBLIC_KEY_BYTES + 3u * RANDOM_ID_BYTES)

/* What a proof is over, put together piece by piece. */
struct proof {
    uint8_t data[PROOF_BYTES_MAX];
    size_t size;
};

static void proof_add(struct proof *proof, const uint8_t *data, size_t size)
{
    check(size <= sizeof proof->data - proof->size);
    memcpy(proof->data + proof->size, data, size);
    proof->size += size;
}

#define PROOF_ADD(proof, array) proof_add(proof, array, sizeof(array))

static struct bytes proof_bytes(const struct proof *proof)
{
    return (struct bytes){.data = proof->data, .size = proof->size};
}

static struct proof join_proof(const struct wire_join *join,
                               const struct public_key *join_key)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, join_key->bytes);
    PROOF_ADD(&proof, join->agent.bytes);
    PROOF_ADD(&proof, join->epoch.bytes);
    PROOF_ADD(&proof, join->curve_key.bytes);
    PROOF_ADD(&proof, join->sign_key.bytes);
    return proof;
}

static struct proof rotate_proof(const struct wire_rotate *rotate,
                                 const struct public_key *join_key)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, join_key->bytes);
    PROOF_ADD(&proof, rotate->agent.bytes);
    PROOF_ADD(&proof, rotate->curve_key.bytes);
    PROOF_ADD(&proof, rotate->sign_key.bytes);
    return proof;
}

static struct proof open_epoch_proof(const struct wire_open_epoch *open_epoch)
{
    struct proof proof = {.size = 0};

    PROOF_ADD(&proof, open_epoch->agent.bytes);
    PROOF_ADD(&proof, open_epoch->epoch.bytes);
    PROOF_ADD(&proof, open_epoch->previous.bytes);
    return proof;
}

void wire_join_prove(struct wire_join *join, const struct public_key *join_key,
                     const struct sign_keys *keys)
{
    struct proof proof = join_proof(join, join_key);

    sign_make(keys, WIRE_SIGN_JOIN, proof_bytes(&proof), &join->proof);
}

void wire_rotate_prove(struct wire_rotate *rotate,
                       const struct public_key *join_key,
                       const struct sign_keys *keys,
                       const struct sign_keys *old)
{
    struct proof proof = rotate_proof(rotate, join_key);

    sign_make(keys, WIRE_SIGN_ROTATE, proof_bytes(&proof), &rotate->proof);
    sign_make(old, WIRE_SIGN_ROTATE, proof_bytes(&proof), &rotate->proof_old);
}

void wire_open_epoch_prove(struct wire_open_epoch *open_epoch,
                           const struct sign_keys *keys)
{
    struct proof proof = open_epoch_proof(open_epoch);

    sign_make(keys, WIRE_SIGN_EPOCH, proof_bytes(&proof), &open_epoch->proof);
}

bool wire_join_proven(const struct wire_join *join,
                      const struct public_key *join_key)
{
    struct proof proof = join_proof(join, join_key);

    return sign_verify(&join->sign_key, WIRE_SIGN_JOIN, proof_bytes(&proof),
                       &join->proof);
}

bool wire_rotate_proven(const struct wire_rotate *rotate,
                        const struct public_key *join_key,
                        const struct public_key *old)
{
    struct proof proof = rotate_proof(rotate, join_key);

    return sign_verify(&rotate->sign_key, WIRE_SIGN_ROTATE, proof_bytes(&proof),
                       &rotate->proof) &&
           sign_verify(old, WIRE_SIGN_ROTATE, proof_bytes(&proof),
                       &rotate->proof_old);
}

bool wire_open_epoch_proven(const struct wire_open_epoch *open_epoch,
                            const struct public_key *key)
{
    struct proof proof = open_epoch_proof(open_epoch);

    return sign_verify(key, WIRE_SIGN_EPOCH, proof_bytes(&proof),
                       &open_epoch->proof);
}
