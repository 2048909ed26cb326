// SPDX-License-Identifier: Apache-2.0
// What Vigie uses of OpenSSL's libcrypto (Debian package libssl-dev).
#ifndef VIGIE_COPENSSL_SHIM_H
#define VIGIE_COPENSSL_SHIM_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#endif
