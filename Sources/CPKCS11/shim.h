// SPDX-License-Identifier: Apache-2.0
// What Vigie calls of a PKCS #11 module (OASIS PKCS #11 version 2.40, section 3 and 5): the functions
// are found through the one list that every module exports, in the order of the standard.

#ifndef VIGIE_CPKCS11_SHIM_H
#define VIGIE_CPKCS11_SHIM_H

typedef unsigned long vigie_ck;

typedef struct {
    vigie_ck type;
    void *value;
    vigie_ck count;
} vigie_ck_attribute;

typedef struct {
    vigie_ck mechanism;
    void *parameter;
    vigie_ck count;
} vigie_ck_mechanism;

// CK_GCM_PARAMS (version 2.40, errata 01, section 2.12.3).
typedef struct {
    unsigned char *iv;
    vigie_ck iv_count, iv_bits;
    unsigned char *context;
    vigie_ck context_count, tag_bits;
} vigie_ck_gcm;

typedef struct {
    void *create_mutex, *destroy_mutex, *lock_mutex, *unlock_mutex;
    vigie_ck flags;
    void *reserved;
} vigie_ck_arguments;

typedef struct {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    vigie_ck numbers[11];
    unsigned char versions[4], time[16];
} vigie_ck_token_info;

typedef struct {
    unsigned char major, minor;
    void *functions[68];
} vigie_ck_list;

// Calls the function at a place of the list.
#define VIGIE_CK(place, name, parameters, ...)                                                       \
    static inline vigie_ck vigie_ck_##name parameters {                                                \
        return ((vigie_ck(*) VIGIE_CK_TYPES_##name) list->functions[place])(__VA_ARGS__);              \
    }

#define VIGIE_CK_TYPES_initialize (void *)
VIGIE_CK(0, initialize, (const vigie_ck_list *list, vigie_ck_arguments *arguments), arguments)

#define VIGIE_CK_TYPES_slots (unsigned char, vigie_ck *, vigie_ck *)
VIGIE_CK(4, slots, (const vigie_ck_list *list, vigie_ck *slots, vigie_ck *count), 1, slots, count)

#define VIGIE_CK_TYPES_token (vigie_ck, vigie_ck_token_info *)
VIGIE_CK(6, token, (const vigie_ck_list *list, vigie_ck slot, vigie_ck_token_info *info), slot, info)

#define VIGIE_CK_TYPES_open (vigie_ck, vigie_ck, void *, void *, vigie_ck *)
VIGIE_CK(12, open, (const vigie_ck_list *list, vigie_ck slot, vigie_ck flags, vigie_ck *session),
         slot, flags, (void *)0, (void *)0, session)

#define VIGIE_CK_TYPES_close (vigie_ck)
VIGIE_CK(13, close, (const vigie_ck_list *list, vigie_ck session), session)

#define VIGIE_CK_TYPES_login (vigie_ck, vigie_ck, const unsigned char *, vigie_ck)
VIGIE_CK(18, login,
         (const vigie_ck_list *list, vigie_ck session, const unsigned char *pin, vigie_ck count),
         session, 1, pin, count)

#define VIGIE_CK_TYPES_destroy (vigie_ck, vigie_ck)
VIGIE_CK(22, destroy, (const vigie_ck_list *list, vigie_ck session, vigie_ck object), session, object)

#define VIGIE_CK_TYPES_attributes (vigie_ck, vigie_ck, vigie_ck_attribute *, vigie_ck)
VIGIE_CK(24, attributes,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck object, vigie_ck_attribute *wanted,
          vigie_ck count),
         session, object, wanted, count)

#define VIGIE_CK_TYPES_find_start (vigie_ck, vigie_ck_attribute *, vigie_ck)
VIGIE_CK(26, find_start,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_attribute *wanted, vigie_ck count),
         session, wanted, count)

#define VIGIE_CK_TYPES_find (vigie_ck, vigie_ck *, vigie_ck, vigie_ck *)
VIGIE_CK(27, find,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck *objects, vigie_ck max, vigie_ck *count),
         session, objects, max, count)

#define VIGIE_CK_TYPES_find_end (vigie_ck)
VIGIE_CK(28, find_end, (const vigie_ck_list *list, vigie_ck session), session)

#define VIGIE_CK_TYPES_seal_start (vigie_ck, vigie_ck_mechanism *, vigie_ck)
VIGIE_CK(29, seal_start,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_mechanism *mechanism, vigie_ck key),
         session, mechanism, key)

#define VIGIE_CK_TYPES_seal (vigie_ck, const unsigned char *, vigie_ck, unsigned char *, vigie_ck *)
VIGIE_CK(30, seal,
         (const vigie_ck_list *list, vigie_ck session, const unsigned char *data, vigie_ck count,
          unsigned char *sealed, vigie_ck *sealed_count),
         session, data, count, sealed, sealed_count)

#define VIGIE_CK_TYPES_unseal_start (vigie_ck, vigie_ck_mechanism *, vigie_ck)
VIGIE_CK(33, unseal_start,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_mechanism *mechanism, vigie_ck key),
         session, mechanism, key)

#define VIGIE_CK_TYPES_unseal (vigie_ck, const unsigned char *, vigie_ck, unsigned char *, vigie_ck *)
VIGIE_CK(34, unseal,
         (const vigie_ck_list *list, vigie_ck session, const unsigned char *sealed, vigie_ck count,
          unsigned char *data, vigie_ck *data_count),
         session, sealed, count, data, data_count)

#define VIGIE_CK_TYPES_sign_start (vigie_ck, vigie_ck_mechanism *, vigie_ck)
VIGIE_CK(42, sign_start,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_mechanism *mechanism, vigie_ck key),
         session, mechanism, key)

#define VIGIE_CK_TYPES_sign (vigie_ck, const unsigned char *, vigie_ck, unsigned char *, vigie_ck *)
VIGIE_CK(43, sign,
         (const vigie_ck_list *list, vigie_ck session, const unsigned char *data, vigie_ck count,
          unsigned char *signature, vigie_ck *signature_count),
         session, data, count, signature, signature_count)

#define VIGIE_CK_TYPES_generate_secret                                                                 \
    (vigie_ck, vigie_ck_mechanism *, vigie_ck_attribute *, vigie_ck, vigie_ck *)
VIGIE_CK(58, generate_secret,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_mechanism *mechanism,
          vigie_ck_attribute *key, vigie_ck count, vigie_ck *object),
         session, mechanism, key, count, object)

#define VIGIE_CK_TYPES_generate                                                                        \
    (vigie_ck, vigie_ck_mechanism *, vigie_ck_attribute *, vigie_ck, vigie_ck_attribute *, vigie_ck,   \
     vigie_ck *, vigie_ck *)
VIGIE_CK(59, generate,
         (const vigie_ck_list *list, vigie_ck session, vigie_ck_mechanism *mechanism,
          vigie_ck_attribute *public_key, vigie_ck public_count, vigie_ck_attribute *private_key,
          vigie_ck private_count, vigie_ck *objects),
         session, mechanism, public_key, public_count, private_key, private_count, &objects[0],
         &objects[1])

// The one function that a module exports by name.
static inline vigie_ck vigie_ck_functions(void *exported, vigie_ck_list **list) {
    return ((vigie_ck(*)(vigie_ck_list **))exported)(list);
}

#endif
