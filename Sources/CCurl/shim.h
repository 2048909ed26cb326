// SPDX-License-Identifier: Apache-2.0
// What Vigie uses of libcurl (Debian package libcurl4-openssl-dev).
#ifndef VIGIE_CCURL_SHIM_H
#define VIGIE_CCURL_SHIM_H

#include <curl/curl.h>

// Swift does not import functions that take any argument, so each kind of option has its own here.

static inline CURLcode vigie_curl_number(CURL *transfer, CURLoption option, long value) {
    return curl_easy_setopt(transfer, option, value);
}

static inline CURLcode vigie_curl_text(CURL *transfer, CURLoption option, const char *value) {
    return curl_easy_setopt(transfer, option, value);
}

// The bytes are not copied: they must stay where they are while the transfer lasts.
static inline CURLcode vigie_curl_body(CURL *transfer, const void *bytes, long count) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, bytes);
}

static inline CURLcode vigie_curl_headers(CURL *transfer, struct curl_slist *headers) {
    return curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode vigie_curl_address(CURL *transfer, CURLU *address) {
    return curl_easy_setopt(transfer, CURLOPT_CURLU, address);
}

static inline CURLcode vigie_curl_taker(
    CURL *transfer, size_t (*take)(char *, size_t, size_t, void *), void *taker) {
    CURLcode code = curl_easy_setopt(transfer, CURLOPT_WRITEDATA, taker);
    return code != CURLE_OK ? code : curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, take);
}

static inline long vigie_curl_told_number(CURL *transfer, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(transfer, info, &value) == CURLE_OK ? value : 0;
}

static inline const char *vigie_curl_told_text(CURL *transfer, CURLINFO info) {
    char *value = NULL;
    return curl_easy_getinfo(transfer, info, &value) == CURLE_OK ? value : NULL;
}

#endif
