#include "common/http/http_certificate.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/base/file.h"

#define SECONDS_A_YEAR (366 * 86400)
#define SERIAL_BYTES   16u
#define NAME_BYTES     256u

/* ---- reading ---- */

enum status http_pem_read(const char *path, bool secret, struct buffer *out)
{
    struct stat info;
    enum status status = file_read(path, out);

    if (status == STATUS_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || out->size == 0 || stat(path, &info) != 0) {
        return STATUS_NO_INPUT;
    }
    return secret && (info.st_mode & S_IRWXO) != 0 ? STATUS_REFUSED : STATUS_OK;
}

/* ---- making ---- */

/* A name is a host's; what reads as an address is one. */
static int add_name(gnutls_x509_crt_t certificate, const char *name)
{
    char text[NAME_BYTES];
    unsigned char address[16];
    size_t size = strlen(name);

    if (size > 2 && name[0] == '[' && name[size - 1] == ']') {
        name++;
        size -= 2;
    }
    if (size == 0 || size >= sizeof text) {
        return GNUTLS_E_INVALID_REQUEST;
    }
    memcpy(text, name, size);
    text[size] = '\0';
    if (inet_pton(AF_INET, text, address) == 1) {
        return gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, address, 4, GNUTLS_FSAN_APPEND);
    }
    if (inet_pton(AF_INET6, text, address) == 1) {
        return gnutls_x509_crt_set_subject_alt_name(
            certificate, GNUTLS_SAN_IPADDRESS, address, 16, GNUTLS_FSAN_APPEND);
    }
    return gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME,
                                                text, (unsigned)size,
                                                GNUTLS_FSAN_APPEND);
}

static int set_identity(gnutls_x509_crt_t certificate, int64_t wall_us)
{
    static const char common_name[] = "Tallyline";
    unsigned char serial[SERIAL_BYTES];
    time_t now = (time_t)(wall_us / CLOCK_US_PER_S);
    int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

    serial[0] &= 0x7fu; /* not negative */
    if (rc == 0) {
        rc = gnutls_x509_crt_set_version(certificate, 3);
    }
    if (rc == 0) {
        rc = gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
    }
    /* An office's clock may be a little wrong, and so may a browser's. */
    if (rc == 0) {
        rc = gnutls_x509_crt_set_activation_time(certificate, now - 86400);
    }
    if (rc == 0) {
        rc = gnutls_x509_crt_set_expiration_time(
            certificate, now + (time_t)HTTP_CERTIFICATE_YEARS * SECONDS_A_YEAR);
    }
    return rc != 0 ? rc
                   : gnutls_x509_crt_set_dn_by_oid(
                         certificate, GNUTLS_OID_X520_COMMON_NAME, 0,
                         common_name, sizeof common_name - 1);
}

static int set_use(gnutls_x509_crt_t certificate)
{
    int rc = gnutls_x509_crt_set_basic_constraints(certificate, 0, -1);

    if (rc == 0) {
        rc = gnutls_x509_crt_set_key_usage(certificate,
                                           GNUTLS_KEY_DIGITAL_SIGNATURE);
    }
    return rc != 0 ? rc
                   : gnutls_x509_crt_set_key_purpose_oid(
                         certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
}

static enum status put_datum(gnutls_datum_t *datum, struct buffer *out)
{
    enum status status =
        buffer_append(out, (struct bytes){datum->data, datum->size});

    gnutls_memset(datum->data, 0, datum->size);
    gnutls_free(datum->data);
    return status;
}

static enum status export(gnutls_x509_crt_t certificate,
                          gnutls_x509_privkey_t key, struct buffer *public_out,
                          struct buffer *key_out) {
    gnutls_datum_t datum = {NULL, 0}; enum status status;

        if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &datum) !=
            0){return STATUS_MEMORY;
}
status = put_datum(&datum, public_out);
if (status == STATUS_OK &&
    gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                      GNUTLS_PKCS_PLAIN, &datum) != 0) {
    return STATUS_MEMORY;
}
return status == STATUS_OK ? put_datum(&datum, key_out) : status;
}

enum status http_certificate_make(const char *const names[], size_t name_count,
                                  int64_t wall_us, struct buffer *certificate,
                                  struct buffer *key)
{
    gnutls_x509_crt_t made = NULL;
    gnutls_x509_privkey_t secret = NULL;
    enum status status = STATUS_MEMORY;
    int rc = gnutls_x509_crt_init(&made);

    if (rc == 0) {
        rc = gnutls_x509_privkey_init(&secret);
    }
    if (rc == 0) {
        rc = gnutls_x509_privkey_generate(
            secret, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    }
    if (rc == 0) {
        rc = set_identity(made, wall_us);
    }
    for (size_t i = 0; rc == 0 && i < name_count; i++) {
        rc = add_name(made, names[i]);
    }
    if (rc == 0) {
        rc = set_use(made);
    }
    if (rc == 0) {
        rc = gnutls_x509_crt_set_key(made, secret);
    }
    if (rc == 0) {
        rc = gnutls_x509_crt_sign2(made, made, secret, GNUTLS_DIG_SHA256, 0);
    }
    if (rc == 0) {
        status = export(made, secret, certificate, key);
    }
    gnutls_x509_privkey_deinit(secret);
    gnutls_x509_crt_deinit(made);
    return status;
}

/* ---- comparing ---- */

enum status http_certificate_fingerprint(struct bytes pem,
                                         char text[HTTP_FINGERPRINT_SIZE])
{
    gnutls_x509_crt_t read = NULL;
    gnutls_datum_t datum = {(unsigned char *)(uintptr_t)pem.data,
                            (unsigned)pem.size};
    unsigned char digest[32];
    size_t size = sizeof digest;
    int rc = gnutls_x509_crt_init(&read);

    if (rc == 0) {
        rc = gnutls_x509_crt_import(read, &datum, GNUTLS_X509_FMT_PEM);
    }
    if (rc == 0) {
        rc = gnutls_x509_crt_get_fingerprint(read, GNUTLS_DIG_SHA256, digest,
                                             &size);
    }
    gnutls_x509_crt_deinit(read);
    if (rc != 0) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(text + 3 * i, 4, i + 1 < size ? "%02X:" : "%02X",
                       digest[i]);
    }
    return STATUS_OK;
}
