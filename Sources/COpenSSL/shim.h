// SPDX-License-Identifier: Apache-2.0
// What Vigie uses of OpenSSL's libcrypto (Debian package libssl-dev).
#ifndef VIGIE_COPENSSL_SHIM_H
#define VIGIE_COPENSSL_SHIM_H

// The block function of SHA-256 is only public through the older interface, which OpenSSL 3
// marks as deprecated; two interleaved calls of it hash 1.5 times as fast as one EVP context.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#endif
