// SPDX-License-Identifier: Apache-2.0
// What Vigie uses of OpenSSL's libcrypto (Debian package libssl-dev).
#ifndef VIGIE_COPENSSL_SHIM_H
#define VIGIE_COPENSSL_SHIM_H

// The block function of SHA-256 is only public through the older interface, which OpenSSL 3
// marks as deprecated; two interleaved calls of it hash 1.5 times as fast as one EVP context.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// What OpenSSL defines as macros, which Swift does not import.

static inline int vigie_certificate_count(const STACK_OF(X509) *list) {
    return list == NULL ? 0 : sk_X509_num(list);
}

static inline X509 *vigie_certificate(const STACK_OF(X509) *list, int place) {
    return sk_X509_value(list, place);
}

static inline void vigie_certificates_free(STACK_OF(X509) *list) { sk_X509_free(list); }

static inline int vigie_algorithm_count(const STACK_OF(X509_ALGOR) *list) {
    return list == NULL ? 0 : sk_X509_ALGOR_num(list);
}

static inline X509_ALGOR *vigie_algorithm(const STACK_OF(X509_ALGOR) *list, int place) {
    return sk_X509_ALGOR_value(list, place);
}

// RFC 2253, with UTF-8 as it is.
static inline unsigned long vigie_name_form(void) {
    return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
}

static inline int vigie_signer_count(const STACK_OF(PKCS7_SIGNER_INFO) *list) {
    return list == NULL ? 0 : sk_PKCS7_SIGNER_INFO_num(list);
}

static inline PKCS7_SIGNER_INFO *vigie_signer(
    const STACK_OF(PKCS7_SIGNER_INFO) *list, int place) {
    return sk_PKCS7_SIGNER_INFO_value(list, place);
}

static inline int vigie_attribute_count(const STACK_OF(X509_ATTRIBUTE) *list) {
    return list == NULL ? 0 : sk_X509_ATTRIBUTE_num(list);
}

static inline PKCS7_SIGNED *vigie_signed_data(PKCS7 *token) {
    return PKCS7_type_is_signed(token) ? token->d.sign : NULL;
}

#endif
